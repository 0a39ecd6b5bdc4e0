import { z } from 'zod'
import { instantUs, type AckCode, type CommandLetter } from '#common/letters/index.ts'
import type { Flash } from './flash.ts'
import type { Alerts } from './player/alerts.ts'
import type { Lives } from './player/lives.ts'
import type { Plan } from './player/plan.ts'
import { openProgramme, type Programme, type ProgrammePart } from './player/programme.ts'
import type { Stage } from './player/stage.ts'
import { samplesOfMs } from './player/timeline.ts'
import { openTone } from './player/tone.ts'
import type { AckTarget } from './reports.ts'

const VolumeShape = z.object({ mode: z.enum(['device', 'min', 'force']), pct: z.number().optional() }).transform(({ mode, pct }) => (pct === undefined ? { mode } : { mode, pct }))
const PlayArgs = z.object({ sha256: z.string(), url: z.string().optional(), startAt: z.string().optional(), repeat: z.number().default(1), gapSec: z.number().default(0), maxSec: z.number(), volume: VolumeShape.optional(), after: z.enum(['join', 'restart', 'skip']).default('join'), onMissing: z.enum(['fail', 'fetch']).default('fail') })
const StopArgs = z.object({ ref: z.string() })
const MuteArgs = z.object({ sec: z.number() })
const VolumeArgs = z.object({ pct: z.number(), sec: z.number() })
const ToneArgs = z.object({ hz: z.number().default(1000), sec: z.number().default(2), levelPct: z.number().default(20) })
const IdentifyArgs = z.object({ sec: z.number().default(5) })
const RebootArgs = z.object({ force: z.boolean().default(false), delaySec: z.number().default(0) })
const MuteState = z.object({ prio: z.number(), untilAt: z.number() })
type MuteState = z.infer<typeof MuteState>

/** One-shot orders and the short states they leave behind (mute, other volume). */
export interface Commands {
  run(letter: CommandLetter, receivedAt: number): void
  service(at: number): void
  /** Highest priority muted now; null = none. */
  mute(): MuteState | null
  temporaryPct(): number | null
  readonly testing: boolean
}

export interface CommandParts {
  readonly stage: Stage
  readonly flash: Flash
  readonly plan: Plan
  readonly lives: Lives
  readonly alerts: Alerts
  readonly sync: (what: readonly string[]) => void
  readonly reboot: (delaySec: number) => void
  readonly onChange: () => void
}

export function openCommands(parts: CommandParts): Commands {
  const { stage, flash, plan, lives, alerts } = parts
  const { acks } = stage
  const savedMute = MuteState.safeParse(flash.read('mute.json'))
  let mute: MuteState | null = savedMute.success ? savedMute.data : null
  let temporary: { pct: number; untilAt: number } | null = null
  const plays = new Map<string, { voice: Pick<Programme, 'end' | 'service'>; target: AckTarget; prio: number; iss: string; test: boolean; began: boolean }>()

  function start(letter: CommandLetter, target: AckTarget, voice: Programme | ReturnType<typeof openTone>, gain: () => number, test: boolean): void {
    const prio = letter.prio ?? 0
    const entry = { voice, target, prio, iss: letter.iss, test, began: false }
    plays.set(letter.id, entry)
    let interrupted = false
    acks.step(target, 'accepted')
    voice.service(stage.now())
    stage.desk.add({
      ref: letter.id, kind: 'cmd', prio, rank: 0, iss: letter.iss, voice, gain,
      tell: (change) => {
        if (change.kind === 'began') {
          acks.step(target, interrupted ? 'resumed' : 'started')
          entry.began = true
          interrupted = false
          stage.whenHeard(letter.id, (outDbfs) => acks.step(target, 'sounding', 'ok', { lvl: 1, outDbfs }))
        } else if (change.kind === 'preempted') {
          interrupted = true
          acks.step(target, 'preempted', 'ok', { by: change.by.slice(0, 80) })
        } else if (change.kind === 'waits') {
          acks.step(target, change.outcome.st === 'rejected' ? 'rejected' : 'accepted', change.outcome.code)
          if (change.outcome.st === 'rejected') finish(letter.id, null)
        } else if (change.kind === 'refused') finish(letter.id, null)
      },
    })
  }
  function finish(id: string, st: 'done' | 'failed' | null, code: AckCode = 'ok'): void {
    const entry = plays.get(id)
    if (entry === undefined) return
    plays.delete(id)
    stage.desk.remove(id, { fade: st !== 'done' })
    if (st !== null) acks.step(entry.target, st, code)
  }

  function play(letter: CommandLetter, target: AckTarget): void {
    const args = PlayArgs.safeParse(letter.args)
    if (!args.success) return acks.step(target, 'rejected', 'bad_schema')
    const { sha256, startAt, repeat, gapSec, maxSec, volume, after, onMissing, url } = args.data
    if (stage.settings().mode !== 'active') return acks.step(target, 'accepted', 'muted')
    const plannedMs = stage.item(sha256)?.durMs ?? maxSec * 1000
    const list: ProgrammePart[] = []
    for (let turn = 0; turn < repeat; turn++) {
      if (turn > 0 && gapSec > 0) list.push({ sha256: '', plannedMs: gapSec * 1000, silence: true })
      list.push({ sha256, plannedMs })
    }
    const startMs = startAt === undefined ? null : instantUs(startAt) / 1000 + stage.settings().delayMs
    const accepted = stage.now()
    const voice = openProgramme({
      parts: list, sounds: stage.sounds, origin: () => (startMs === null ? accepted : stage.timeline.sampleAt(startMs)), hardEnd: () => (startMs === null ? accepted : stage.timeline.sampleAt(startMs)) + samplesOfMs(maxSec * 1000),
      lateMaxMs: null, after, anchored: startMs === null ? 'begin' : 'clock', ...(onMissing === 'fetch' ? { fetchFrom: url ?? `/c/${sha256}` } : {}),
      onFail: (_sha, code) => finish(letter.id, 'failed', code === 'no_file' || code === 'bad_hash' || code === 'net' || code === 'disk_full' ? code : 'internal'),
    })
    start(letter, target, voice, stage.gain(letter.prio ?? 0, volume), false)
  }

  function stop(letter: CommandLetter, target: AckTarget): void {
    const args = StopArgs.safeParse(letter.args)
    if (!args.success) return acks.step(target, 'rejected', 'bad_schema')
    const { ref } = args.data
    const prio = letter.prio ?? 0
    const outcomes: ('stopped' | 'not-owner')[] = []
    const end = (id: string, owner: string | null, itemPrio: number, run: () => void): void => {
      if (ref !== '*' && id !== ref) return
      if (ref === '*' && itemPrio > prio) return
      if (owner !== letter.iss && prio <= itemPrio) {
        outcomes.push('not-owner')
        return
      }
      outcomes.push('stopped')
      run()
    }
    const prioOf = (id: string): number => stage.desk.claims().find((claim) => claim.ref === id)?.prio ?? 9
    for (const sid of lives.subjects()) end(sid, lives.issuerOf(sid), prioOf(sid), () => lives.end(sid))
    for (const aid of alerts.subjects()) end(aid, alerts.issuerOf(aid), prioOf(aid), () => alerts.end(aid))
    for (const [id, entry] of plays) end(id, entry.iss, entry.prio, () => finish(id, 'done'))
    const slot = plan.stop(ref, ref === '*' ? prio : 9)
    if (slot !== 'not-here') outcomes.push(slot === 'stopped' ? 'stopped' : 'not-owner')
    acks.step(target, outcomes.includes('not-owner') && !outcomes.includes('stopped') ? 'rejected' : 'done', outcomes.includes('not-owner') && !outcomes.includes('stopped') ? 'not_owner' : 'ok')
  }

  function setMute(next: MuteState | null): void {
    mute = next
    flash.write('mute.json', next)
    parts.onChange()
  }

  return {
    get testing() {
      return [...plays.values()].some((one) => one.test)
    },
    mute: () => (mute !== null && mute.untilAt > stage.clock.now() ? mute : null),
    temporaryPct: () => (temporary !== null && temporary.untilAt > stage.clock.now() ? temporary.pct : null),
    run(letter, receivedAt) {
      const target: AckTarget = { ref: letter.id, receivedAt }
      const prio = letter.prio ?? 0
      switch (letter.op) {
        case 'play': return play(letter, target)
        case 'stop': return stop(letter, target)
        case 'mute': {
          const args = MuteArgs.safeParse(letter.args)
          if (!args.success) return acks.step(target, 'rejected', 'bad_schema')
          setMute({ prio, untilAt: stage.clock.now() + args.data.sec * 1000 })
          return acks.step(target, 'done')
        }
        case 'unmute': {
          const now = mute
          if (now !== null && prio < now.prio) return acks.step(target, 'rejected', 'not_owner')
          setMute(null)
          return acks.step(target, 'done')
        }
        case 'volume.temp': {
          const args = VolumeArgs.safeParse(letter.args)
          if (!args.success) return acks.step(target, 'rejected', 'bad_schema')
          temporary = { pct: args.data.pct, untilAt: stage.clock.now() + args.data.sec * 1000 }
          return acks.step(target, 'done')
        }
        case 'test.tone': {
          const args = ToneArgs.safeParse(letter.args ?? {})
          if (!args.success) return acks.step(target, 'rejected', 'bad_schema')
          const { hz, sec, levelPct } = args.data
          return start(letter, target, openTone({ pattern: [hz], seconds: sec, from: stage.now() }), () => levelPct / 100, true)
        }
        case 'identify': {
          const args = IdentifyArgs.safeParse(letter.args ?? {})
          if (!args.success) return acks.step(target, 'rejected', 'bad_schema')
          return start(letter, target, openTone({ pattern: [660, 880], seconds: args.data.sec, from: stage.now() }), () => 0.3, true)
        }
        case 'sync': {
          const what = letter.args?.['what']
          parts.sync(Array.isArray(what) ? what.filter((one): one is string => typeof one === 'string') : [])
          return acks.step(target, 'done')
        }
        case 'reboot': {
          const args = RebootArgs.safeParse(letter.args ?? {})
          const force = args.success && args.data.force
          if (alerts.active || (stage.desk.sounding !== null && !force)) return acks.step(target, 'rejected', 'busy_higher')
          acks.step(target, 'accepted')
          return parts.reboot(args.success ? args.data.delaySec : 0)
        }
        default: return acks.step(target, 'rejected', 'unsupported')
      }
    },
    service(at) {
      for (const [id, entry] of [...plays]) {
        entry.voice.service(at)
        if (at >= entry.voice.end()) finish(id, entry.began ? 'done' : 'failed', entry.began ? 'ok' : 'late')
      }
      if (mute !== null && mute.untilAt <= stage.clock.now()) setMute(null)
    },
  }
}
