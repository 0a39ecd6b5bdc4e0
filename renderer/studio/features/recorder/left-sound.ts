import { create } from 'zustand'
import type { ErrorCode } from '#contract/errors.ts'
import { connection, useStation } from '../../app/station-client/index.ts'
import { pickUpLeftSound, type PickUpNews } from '../../audio/capture/index.ts'
import { stationHost } from './take-facts.ts'

/** Sound that still waited in this computer when the window before was killed. It goes to its take by itself, before anyone signs in. */
export interface LeftSound {
  readonly state: 'sending' | 'joined' | 'kept'
  readonly takeId: string
  readonly title: string
  readonly frames: number
  /** To be sent, while sending. */
  readonly of: number
  readonly part: number
  /** Why it still waits here. */
  readonly why: ErrorCode | null
}
export const useLeftSound = create<{ readonly list: readonly LeftSound[] }>(() => ({ list: [] }))

const TRY_AGAIN_MS = 30_000
/** A reload must not wait longer than this for what an old window left. */
const LOOKED_WITHIN_MS = 15_000

/** In the window's timeline: a first look has ended, what an old window left is with the station or cannot be now. */
const LOOKED_MARK = 'left-sound-looked'

let running: Promise<void> | null = null
let again = false
let retry: ReturnType<typeof setTimeout> | null = null
let lookedAt: () => void = () => undefined
const firstLook = new Promise<void>((resolve) => { lookedAt = resolve })

/** Resolves when everything that an old window left has been handed in (or cannot be now). */
export function leftSoundLookedAt(): Promise<void> {
  return Promise.race([firstLook, new Promise<void>((resolve) => setTimeout(resolve, LOOKED_WITHIN_MS))])
}

/** Seen: nobody needs to be told any more. */
export function dismissLeftSound(takeId: string): void {
  useLeftSound.setState(({ list }) => ({ list: list.filter((one) => one.takeId !== takeId) }))
}

/** From the start of the window on: whenever the station is there, and when somebody has signed in. */
export function watchForLeftSound(): void {
  useStation.subscribe((now, before) => {
    if (now.phase === 'open' && (before.phase !== 'open' || now.session !== before.session)) look()
  })
  if (useStation.getState().phase === 'open') look()
}

function look(): void {
  const address = connection.address()
  if (address === null) return
  if (running !== null) {
    again = true
    return
  }
  if (retry !== null) clearTimeout(retry)
  retry = null
  const session = connection.credentials()?.session ?? null
  running = pickUpLeftSound({ url: address.url, token: address.token, session, host: stationHost() }, hear).then((open) => {
    lookedAt()
    performance.mark(LOOKED_MARK)
    if (open > 0) retry = setTimeout(look, TRY_AGAIN_MS)
  }).finally(() => {
    running = null
    if (!again) return
    again = false
    look()
  })
}

function hear(news: PickUpNews): void {
  if (news.kind === 'looked') return
  const { takeId, title, frames } = news
  const one: LeftSound = { state: news.kind, takeId, title, frames, of: news.kind === 'sending' ? news.of : frames, part: news.kind === 'joined' ? news.part : 0, why: news.kind === 'kept' ? news.why : null }
  // The station had it all: there is nothing to tell.
  const silent = news.kind === 'joined' && frames === 0
  useLeftSound.setState(({ list }) => ({ list: [...list.filter((other) => other.takeId !== takeId), ...(silent ? [] : [one])] }))
}
