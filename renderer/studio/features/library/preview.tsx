import { useEffect, useMemo, useRef, useState, type KeyboardEvent } from 'react'
import { ActionIcon, Group, Text, useComputedColorScheme } from '@mantine/core'
import { IconPlayerPauseFilled, IconPlayerPlayFilled, IconZoomIn, IconZoomOut } from '@tabler/icons-react'
import type { Item } from '#contract/library.ts'
import { cueRange, noCues, withIn, withOut, type Cues } from '#common/cues/index.ts'
import { RATE_HZ } from '#common/units/samples.ts'
import { useT } from '../../i18n/index.ts'
import { decibelText, secondsText } from '../../i18n/formats.ts'
import { changeCues, isWriting } from './cue-writer.ts'
import { CuePanel, type CueDeeds } from './cue-panel.tsx'
import { pageHandles } from './library-store.ts'
import { loadPreviewPeaks } from './load-peaks.ts'
import { openPreviewWave, type PreviewWave } from './preview-wave.ts'
import { nextZoom } from './preview-zoom.ts'
import { trimItem } from './trim-item.ts'

const HEIGHT_PX = 84
const STEP_SECONDS = 5
const FINE_SECONDS = 0.1

/**
 * One item: its wave from the peaks file, its sound by Range from the 48 kHz PCM, as loud as the air plays it. Nothing is decoded here,
 * nothing outlives the item. `keys`: the keys of the library page act on this one.
 */
export function Preview(props: { item: Item; mayEdit: boolean; keys: boolean }) {
  const t = useT()
  const { item, mayEdit, keys } = props
  const { id, lengthSamples, playGainDb } = item
  const seconds = lengthSamples / RATE_HZ
  const box = useRef<HTMLDivElement>(null)
  const clock = useRef<HTMLSpanElement>(null)
  const wave = useRef<PreviewWave | null>(null)
  const zoom = useRef(0)
  const [phase, setPhase] = useState<'loading' | 'ready' | 'missing'>('loading')
  const [playing, setPlaying] = useState(false)
  const [cues, setCues] = useState<Cues>(item.cues ?? noCues)
  // The item of now, for handlers that live as long as the wave.
  const latest = useRef({ item, cues })
  latest.current = { item, cues }
  const stored = JSON.stringify(item.cues ?? noCues)
  useEffect(() => {
    if (!isWriting(latest.current.item.id)) setCues(latest.current.item.cues ?? noCues)
  }, [stored])
  useEffect(() => wave.current?.setGain(playGainDb), [playGainDb])

  const change = useRef((step: (now: Cues) => Cues): void => {
    const next = changeCues(latest.current.item, latest.current.cues, step)
    if (next !== null) setCues(next)
    // A drag that made no sense goes back to what is kept.
    else wave.current?.showCues(latest.current.cues, true)
  })
  const deeds = useMemo((): CueDeeds => {
    const now = (): number => Math.round((wave.current?.seconds() ?? 0) * RATE_HZ)
    return {
      // The place of the key press: the change itself may be written a moment later.
      setIn: () => {
        const at = now()
        change.current((cues) => withIn(cues, at))
      },
      setOut: () => {
        const at = now()
        change.current((cues) => withOut(cues, at))
      },
      addPoint: () => {
        const at = now()
        change.current((cues) => ({ ...cues, points: [...cues.points, { at, label: t('library.cues.named', { number: cues.points.length + 1 }) }] }))
      },
      clearRange: () => change.current((cues) => ({ ...cues, in: null, out: null })),
      playRange: () => {
        const { start, end } = cueRange(latest.current.cues, latest.current.item.lengthSamples)
        wave.current?.playPart(start / RATE_HZ, end / RATE_HZ)
      },
      trim: () => trimItem(latest.current.item),
      goTo: (sample) => wave.current?.seek(sample / RATE_HZ),
      rename: (at, label) => {
        const old = latest.current.cues.points.find((point) => point.at === at)
        if (label.trim() !== '' && old?.label !== label.trim()) change.current((cues) => ({ ...cues, points: cues.points.map((point) => (point.at === at ? { at, label } : point)) }))
      },
      removePoint: (at) => change.current((cues) => ({ ...cues, points: cues.points.filter((point) => point.at !== at) })),
    }
  }, [t])

  useEffect(() => {
    const abort = new AbortController()
    const element = box.current
    setPhase('loading')
    setPlaying(false)
    zoom.current = 0
    const tell = (at: number): void => {
      const text = `${secondsText(at)} / ${secondsText(seconds)}`
      if (clock.current !== null && clock.current.textContent !== text) {
        clock.current.textContent = text
        element?.setAttribute('aria-valuenow', String(Math.floor(at)))
        element?.setAttribute('aria-valuetext', secondsText(at))
      }
    }
    tell(0)
    const open = async (): Promise<void> => {
      const peaks = await loadPreviewPeaks(id, abort.signal)
      if (abort.signal.aborted || element === null) return
      wave.current = openPreviewWave({
        element, itemId: id, lengthSamples, gainDb: latest.current.item.playGainDb, peaks, height: HEIGHT_PX,
        onReady: () => setPhase('ready'), onPlaying: setPlaying, onTime: tell, onError: () => setPhase('missing'), onCues: (next) => change.current(() => next),
      })
    }
    open().catch((error: unknown) => {
      if (abort.signal.aborted) return
      console.error(error)
      setPhase('missing')
    })
    return () => {
      abort.abort()
      wave.current?.destroy()
      wave.current = null
    }
  }, [id, lengthSamples, seconds])
  useEffect(() => {
    if (phase === 'ready') wave.current?.showCues(cues, mayEdit)
  }, [cues, phase, mayEdit])
  useEffect(() => {
    if (!keys || phase !== 'ready') return
    pageHandles.togglePlay = () => wave.current?.toggle()
    pageHandles.cues = mayEdit ? deeds : null
    pageHandles.playRange = deeds.playRange
    return () => {
      pageHandles.togglePlay = null
      pageHandles.cues = null
      pageHandles.playRange = null
    }
  }, [keys, phase, mayEdit, deeds])

  const scheme = useComputedColorScheme('light')
  useEffect(() => {
    wave.current?.recolour()
    wave.current?.showCues(latest.current.cues, mayEdit)
  }, [scheme, mayEdit])

  const changeZoom = (direction: 'in' | 'out'): void => {
    const now = wave.current
    if (now === null) return
    zoom.current = nextZoom(zoom.current, direction, seconds, now.points, box.current?.clientWidth ?? 300)
    now.zoom(zoom.current)
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    const now = wave.current
    if (now === null || event.nativeEvent.isComposing) return
    const at = now.seconds()
    const step = event.shiftKey ? FINE_SECONDS : STEP_SECONDS
    const targets: Readonly<Record<string, number>> = { ArrowRight: at + step, ArrowUp: at + step, ArrowLeft: at - step, ArrowDown: at - step, Home: 0, End: seconds }
    const target = targets[event.code]
    if (target === undefined) return
    event.preventDefault()
    now.seek(target)
  }
  return (
    <div role="group" aria-label={t('library.preview.region')} data-testid="preview" data-phase={phase} data-playing={playing} data-gain={playGainDb}>
      <div ref={box} className="library-wave" style={{ minHeight: HEIGHT_PX }} role="slider" tabIndex={0} aria-label={t('library.preview.position')} aria-valuemin={0} aria-valuemax={Math.floor(seconds)} aria-valuenow={0} onKeyDown={onKeyDown} data-testid="preview-wave" />
      {phase !== 'ready' && <Text size="xs" className="dim" role="status">{t(phase === 'loading' ? 'library.preview.loading' : 'library.preview.missing')}</Text>}
      <Group gap={6} mt={4} wrap="nowrap">
        <ActionIcon size="lg" variant="filled" disabled={phase !== 'ready'} aria-label={t(playing ? 'library.preview.pause' : 'library.preview.play')} onClick={() => wave.current?.toggle()} data-testid="preview-play">
          {playing ? <IconPlayerPauseFilled size={18} /> : <IconPlayerPlayFilled size={18} />}
        </ActionIcon>
        <span ref={clock} data-testid="preview-clock" />
        {playGainDb !== 0 && <Text size="xs" className="dim" data-testid="preview-gain">{t('library.preview.gain', { gain: `${playGainDb > 0 ? '+' : ''}${decibelText(playGainDb)}` })}</Text>}
        <Group gap={4} ml="auto" wrap="nowrap">
          <ActionIcon variant="default" disabled={phase !== 'ready'} aria-label={t('library.preview.zoomOut')} onClick={() => changeZoom('out')}><IconZoomOut size={16} /></ActionIcon>
          <ActionIcon variant="default" disabled={phase !== 'ready'} aria-label={t('library.preview.zoomIn')} onClick={() => changeZoom('in')}><IconZoomIn size={16} /></ActionIcon>
        </Group>
      </Group>
      <CuePanel cues={cues} deeds={deeds} mayEdit={mayEdit} ready={phase === 'ready'} />
    </div>
  )
}
