import { DateTime } from 'luxon'
import type { AlertLetter, CommandLetter, EmergencySet, LiveLetter, ManifestLetter, Verdict, Volume } from '#common/letters/index.ts'
import type { DeviceClock } from '../clock.ts'
import { openCommands, type Commands } from '../commands.ts'
import { gainOfPct, quietNow, volumePctFor, type LocalMoment, type RadioSettings } from '../config.ts'
import type { Flash } from '../flash.ts'
import { SOUNDING_DBFS, type Hardware } from '../hardware.ts'
import type { TlsIdentity } from '../link/tls.ts'
import type { Sink } from '../output/sink.ts'
import type { Acks } from '../reports.ts'
import { openAlerts, type Alerts } from './alerts.ts'
import { openDesk } from './desk.ts'
import { openLives, type Lives } from './lives.ts'
import { openPlan, type Plan } from './plan.ts'
import { openRelay } from './relay.ts'
import type { Stage } from './stage.ts'
import { ticker } from './ticker.ts'
import { BLOCK_SAMPLES, openTimeline, samplesOfMs, type Timeline } from './timeline.ts'
import type { Sounds } from './voice.ts'

export interface PlayerOptions {
  readonly dev: string
  readonly clock: DeviceClock
  readonly flash: Flash
  readonly hardware: Hardware
  readonly sounds: Sounds
  readonly acks: Acks
  readonly manifest: () => ManifestLetter | null
  readonly settings: () => RadioSettings
  readonly identity: () => TlsIdentity | null
  readonly takeoverRights: () => Readonly<Record<string, readonly string[]>>
  readonly event: (kind: string, d: Record<string, unknown>) => void
  readonly openSinks: (timeline: Timeline) => Sink[]
  readonly sync: (what: readonly string[]) => void
  readonly reboot: (delaySec: number) => void
  readonly onChange: () => void
}

export interface PlayerFigures {
  readonly run: 'idle' | 'preparing' | 'schedule' | 'live' | 'alert' | 'test' | 'muted'
  readonly src: 'idle' | 'file' | 'live' | 'alert' | 'test'
  readonly ref: string | null
  readonly prio: number | null
  readonly volPct: number
  readonly outDbfs: number
  readonly bufMs: number | null
  readonly underruns: number
  readonly playedSec: number
  readonly missingSamples: number
  readonly blocksLate: number
}

/** The sound of one radio: 20 ms blocks by the wall clock, whatever else the process does. */
export interface Player {
  readonly plan: Plan
  live(letter: LiveLetter, verdict: Pick<Verdict, 'rank'>, receivedAt: number): void
  alert(letter: AlertLetter, verdict: Pick<Verdict, 'rank' | 'takeover'>, receivedAt: number): void
  command(letter: CommandLetter, receivedAt: number): void
  /** Live or alert runs: everything else on the link stands back. */
  busy(): boolean
  subjects(): readonly string[]
  mute(): { prio: number; untilAt: number } | null
  figures(): PlayerFigures
  retime(): void
  close(): void
}

const SERVICE_BLOCKS = 10
const LATE_MS = 40
/** After a suspension (laptop lid, SIGSTOP) the missed time is not made up block by block. */
const CATCH_UP_MS = 5_000

export function openPlayer(options: PlayerOptions): Player {
  const { clock, hardware } = options
  // Blocks start on whole 20 ms of the counter, so that one wake-up serves every radio of the process.
  const timeline = openTimeline(clock, Math.ceil(clock.monotonicMs() / 20) * 20)
  const sinks = options.openSinks(timeline)
  let next = 0
  let blocksLate = 0
  let worstLateMs = 0
  let missingSamples = 0
  let soundedSamples = 0
  let blocks = 0
  let quietSince = 0
  let closed = false
  let awaited: { ref: string; from: number; run: (outDbfs: number) => void } | null = null
  const float = new Float32Array(BLOCK_SAMPLES)
  const pcm = new Int16Array(BLOCK_SAMPLES)

  const desk = openDesk({
    now: () => next,
    situation: () => ({ local: false, localBeats: options.settings().localBeats, quiet: quietNow(options.settings(), localNow()), mute: commands.mute()?.prio ?? null, takeoverRights: options.takeoverRights() }),
  })
  const stage: Stage = {
    desk, timeline, clock, sounds: options.sounds, acks: options.acks,
    now: () => next,
    settings: options.settings,
    emg: (): EmergencySet => options.manifest()?.emg ?? {},
    item: (sha256) => itemIndex().get(sha256),
    gain: (prio, volume) => () => gainOfPct(pctFor(prio, volume)),
    event: options.event,
    whenHeard(ref, run) {
      hardware.restartLevel()
      awaited = { ref, from: next, run }
    },
    ampWarmMs: hardware.amp.warmMs,
    get outDbfs() {
      return hardware.outDbfs
    },
  }
  const plan = openPlan(stage, { flash: options.flash, dev: options.dev, iss: () => options.manifest()?.iss ?? '', openRelay: (occurrence, backup) => openRelay(stage, occurrence, backup, options.identity) })
  const lives: Lives = openLives(stage, { identity: options.identity })
  const alerts: Alerts = openAlerts(stage)
  const commands: Commands = openCommands({ stage, flash: options.flash, plan, lives, alerts, sync: options.sync, reboot: options.reboot, onChange: options.onChange })

  let indexed: { manifest: ManifestLetter | null; items: Map<string, ManifestLetter['items'][number]> } = { manifest: null, items: new Map() }
  function itemIndex(): Map<string, ManifestLetter['items'][number]> {
    const manifest = options.manifest()
    if (indexed.manifest !== manifest) indexed = { manifest, items: new Map((manifest?.items ?? []).map((item) => [item.sha256, item])) }
    return indexed.items
  }
  let local: { at: number; moment: LocalMoment } = { at: -Infinity, moment: { minuteOfDay: 0, weekday: 1 } }
  function localNow(): LocalMoment {
    const now = clock.now()
    if (Math.abs(now - local.at) > 1000) {
      const wall = DateTime.fromMillis(now, { zone: options.manifest()?.tz ?? 'Asia/Ho_Chi_Minh' })
      local = { at: now, moment: { minuteOfDay: wall.isValid ? wall.hour * 60 + wall.minute : 0, weekday: wall.isValid ? wall.weekday : 1 } }
    }
    return local.moment
  }
  const pctFor = (prio: number, volume: Volume | undefined): number => volumePctFor(options.settings(), prio, volume, localNow(), commands.temporaryPct())

  const stats = (): Record<string, number> => ({ blocksLate, worstLateMs: Math.round(worstLateMs), missingSamples, liveGapSamples: desk.liveGapSamples })

  function block(at: number): void {
    const missing = desk.render(at, float)
    missingSamples += missing
    hardware.loudspeaker(at, float)
    let silent = true
    for (let i = 0; i < BLOCK_SAMPLES; i++) {
      const value = Math.max(-32_768, Math.min(32_767, Math.round((float[i] ?? 0) * 32_768)))
      if (value !== 0) silent = false
      pcm[i] = value
    }
    const { sounding } = desk
    if (sounding !== null && hardware.outDbfs > SOUNDING_DBFS) soundedSamples += BLOCK_SAMPLES
    if (awaited !== null && sounding?.ref === awaited.ref && hardware.outDbfs > SOUNDING_DBFS) {
      const { run } = awaited
      awaited = null
      run(hardware.outDbfs)
    }
    for (const sink of sinks) sink.write(at, pcm, silent && sounding === null, stats())
  }

  function service(at: number): void {
    plan.service(at)
    lives.service(at)
    alerts.service(at)
    commands.service(at)
    const settings = options.settings()
    const warm = samplesOfMs(Math.max(settings.ampWarmMs, hardware.amp.warmMs) + 300)
    const needed = settings.ampAlways || desk.sounding !== null || lives.active || alerts.active || commands.testing || plan.nextStart(at) < at + warm
    if (needed) {
      quietSince = at
      hardware.amp.on(at)
    } else if (at - quietSince > samplesOfMs(settings.ampHoldSec * 1000)) hardware.amp.off()
  }

  const leave = ticker.add(() => {
    const now = clock.monotonicMs()
    const due = timeline.dueSample(now)
    if (due - next > samplesOfMs(CATCH_UP_MS)) {
      const skipTo = Math.floor(due / BLOCK_SAMPLES) * BLOCK_SAMPLES
      options.event('play.fail', { ref: 'output', code: 'late', lossMs: Math.round((skipTo - next) / 48) })
      next = skipTo
    }
    while (next <= due && !closed) {
      const lateMs = (due - next) / 48
      if (lateMs > LATE_MS) {
        blocksLate++
        worstLateMs = Math.max(worstLateMs, lateMs)
      }
      if (blocks++ % SERVICE_BLOCKS === 0) service(next)
      block(next)
      next += BLOCK_SAMPLES
    }
  })

  return {
    plan,
    live(letter, verdict, receivedAt) {
      lives.accept(letter, verdict, receivedAt)
      service(next)
    },
    alert(letter, verdict, receivedAt) {
      alerts.accept(letter, verdict, receivedAt)
      service(next)
    },
    command(letter, receivedAt) {
      commands.run(letter, receivedAt)
      service(next)
    },
    busy: () => lives.active || alerts.active,
    subjects: () => [...lives.subjects(), ...alerts.subjects()],
    mute: () => commands.mute(),
    retime() {
      plan.retime()
      lives.retime()
    },
    figures() {
      const { sounding } = desk
      const kind = sounding?.kind ?? null
      const live = lives.figures(next)
      const run = kind === 'alert' ? 'alert' : kind === 'live' ? 'live' : kind === 'slot' ? 'schedule' : kind === 'cmd' ? ((sounding?.prio ?? 0) === 0 ? 'test' : 'schedule') : lives.active ? 'preparing' : commands.mute() !== null ? 'muted' : 'idle'
      return {
        run, src: kind === 'alert' ? 'alert' : kind === 'live' ? 'live' : kind === 'slot' ? 'file' : kind === 'cmd' ? ((sounding?.prio ?? 0) === 0 ? 'test' : 'file') : 'idle',
        ref: sounding === null ? null : (sounding.ref.split(/[@.]/)[0] ?? sounding.ref), prio: sounding?.prio ?? null, volPct: pctFor(sounding?.prio ?? 3, undefined), outDbfs: hardware.outDbfs,
        bufMs: live?.bufMs ?? null, underruns: live?.underruns ?? 0, playedSec: Math.floor(soundedSamples / 48_000), missingSamples, blocksLate,
      }
    },
    close() {
      closed = true
      leave()
      for (const claim of [...desk.claims()]) desk.remove(claim.ref)
      for (const sink of sinks) sink.close(stats())
    },
  }
}
