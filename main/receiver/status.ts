import { statfs } from 'node:fs/promises'
import type { DeviceClock } from './clock.ts'
import type { RadioSettings } from './config.ts'
import type { ContentReport } from './content/library.ts'
import type { Hardware } from './hardware.ts'
import type { Session } from './link/session.ts'
import type { PlayerFigures } from './player/player.ts'

export interface StatusOptions {
  readonly boot: number
  readonly clock: DeviceClock
  readonly session: Session
  readonly hardware: Hardware
  readonly settings: () => RadioSettings
  readonly fw: string
  readonly hw: string
  readonly caps: readonly string[]
  readonly config: () => { readonly rev: number; readonly ep: number }
  readonly content: () => ContentReport
  readonly figures: () => PlayerFigures
  readonly mute: () => { readonly prio: number; readonly untilAt: number } | null
  readonly keys: () => { readonly rev: number; readonly epochs: Readonly<Record<string, number>> }
  readonly counters: () => { readonly rej: number; readonly nfm: number }
  readonly folder: string
}

/** `reported` on change and every six hours, `tele` each minute (ten seconds while sounding). */
export interface Status {
  /** Something in `reported` changed: it goes out within a second. */
  changed(): void
  sendAll(): void
  close(): void
}

const CHANGE_MS = 500
const REPORTED_MS = 6 * 3_600_000
const MB = 1_048_576

export function openStatus(options: StatusOptions): Status {
  const { clock, session, hardware } = options
  let n = 0
  let lastTeleAt = -Infinity
  let lastReportedAt = -Infinity
  let soundingBefore = false
  let timer: NodeJS.Timeout | null = null
  let diskFreeMB = 0
  let closed = false
  const at = (): string => new Date(clock.now()).toISOString()

  async function reported(): Promise<void> {
    timer = null
    const disk = await statfs(options.folder).catch(() => null)
    if (closed) return
    diskFreeMB = disk === null ? 0 : Math.floor((disk.bavail * disk.bsize) / MB)
    const { rev, ep } = options.config()
    const { ver, next, have, need, missing, bytesLeft, state, emgHave, emgNeed } = options.content()
    const mute = options.mute()
    lastReportedAt = clock.monotonicMs()
    await session.publish('reported', {
      v: 1, at: at(), rev, ep, proto: '1.0', fw: options.fw, hw: options.hw, maker: 'VangXa', caps: options.caps,
      manifest: { ver, ...(next === undefined ? {} : { next }), have, need, missing, bytesLeft, state }, emg: { have: emgHave, need: emgNeed }, keys: options.keys(),
      ...(mute === null ? {} : { mute: { prio: mute.prio, until: new Date(mute.untilAt).toISOString(), by: 'cmd' } }), ampWarmMs: hardware.amp.warmMs, diskFreeMB, net: { iface: 'lan' },
    })
  }
  async function tele(): Promise<void> {
    lastTeleAt = clock.monotonicMs()
    const figures = options.figures()
    await session.publish('tele', {
      v: 1, n: n++, at: at(), up: Math.floor((clock.monotonicMs() - options.boot) / 1000), run: figures.run, net: { type: 'lan' }, pwr: { src: 'mains', lost: false }, amp: { state: hardware.amp.state, faults: [] },
      aud: {
        src: figures.src, ...(figures.ref === null ? {} : { ref: figures.ref.slice(0, 32) }), ...(figures.prio === null ? {} : { prio: figures.prio }), volPct: Math.round(figures.volPct), outDbfs: Math.max(-120, Math.min(0, figures.outDbfs)),
        ...(figures.bufMs === null ? {} : { bufMs: figures.bufMs }), underruns: figures.underruns, playedSec: figures.playedSec,
      },
      clk: { src: clock.source }, sys: { diskFreeMB }, sec: options.counters(),
    })
  }
  const every = setInterval(() => {
    if (!session.connected) return
    const sounding = options.figures().run !== 'idle'
    const settings = options.settings()
    const period = (sounding ? settings.teleLiveSec : settings.teleSec) * 1000
    // The beginning and the end of sound are told at once: the fleet page shows who plays.
    if (sounding !== soundingBefore || clock.monotonicMs() - lastTeleAt >= period) void tele()
    soundingBefore = sounding
    if (clock.monotonicMs() - lastReportedAt >= REPORTED_MS) void reported()
  }, 1000)
  return {
    changed() {
      if (closed) return
      timer ??= setTimeout(() => void reported(), CHANGE_MS)
    },
    sendAll() {
      if (closed) return
      void reported()
      void tele()
    },
    close() {
      closed = true
      clearInterval(every)
      if (timer !== null) clearTimeout(timer)
    },
  }
}
