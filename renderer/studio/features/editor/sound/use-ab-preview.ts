import { useCallback, useEffect, useRef, useState } from 'react'
import { AppError } from '#contract/errors.ts'
import type { ProcedureInput } from '#contract/index.ts'
import type { SoundPreview } from '#contract/sound.ts'
import { showError } from '../../../app/errors/index.ts'
import { call, useStation } from '../../../app/station-client/index.ts'
import { stopPlaying } from '../transport.ts'
import { AbPlayer } from './ab-player.ts'

export interface AbPreview {
  readonly preview: SoundPreview | null
  readonly isMaking: boolean
  readonly isPlaying: boolean
  readonly side: 'before' | 'after'
  make(input: ProcedureInput<'sound.preview'>): Promise<void>
  toggle(): void
  hear(side: 'before' | 'after'): void
}

/** An excerpt before and after a treatment, to be switched between while it plays. A new one takes over where the old one was. */
export function useAbPreview(): AbPreview {
  const player = useRef<AbPlayer | null>(null)
  const [preview, setPreview] = useState<SoundPreview | null>(null)
  const [isMaking, setMaking] = useState(false)
  const [isPlaying, setPlaying] = useState(false)
  const [side, setSide] = useState<'before' | 'after'>('after')
  const sideNow = useRef(side)
  sideNow.current = side
  useEffect(() => () => player.current?.close(), [])

  const make = useCallback(async (input: ProcedureInput<'sound.preview'>): Promise<void> => {
    setMaking(true)
    try {
      const made = await call('sound.preview', input)
      const { url, session } = useStation.getState()
      const address = (name: string): string => `${url}/files/${session?.filesTicket ?? 'none'}/${name}`
      const from = player.current?.isPlaying === true ? player.current.seconds : 0
      player.current?.close()
      stopPlaying()
      const next = new AbPlayer({ before: address(made.before), after: address(made.after) }, { playing: setPlaying, failed: () => showError(new AppError('file-unreadable')) })
      next.hear(sideNow.current)
      player.current = next
      setPreview(made)
      await next.play(from)
    } catch (error) {
      // Stopped before it could begin: another preview or the end of the dialog came in between.
      if (!(error instanceof DOMException)) showError(error)
    } finally {
      setMaking(false)
    }
  }, [])
  return {
    preview, isMaking, isPlaying, side, make,
    toggle: () => {
      const ab = player.current
      if (ab === null) return
      if (ab.isPlaying) ab.pause()
      else void ab.play(ab.seconds).catch(showError)
    },
    hear: (next) => {
      setSide(next)
      player.current?.hear(next)
    },
  }
}
