import { z } from 'zod'
import {
  acceptLetter, LetterInbox, MAX_MANIFEST_BYTES, RejectCounter,
  type AcceptOptions, type AlertLetter, type CommandLetter, type DesiredLetter, type DeviceConfig, type Letter, type LetterState, type LiveLetter, type ManifestLetter, type Moment, type Primitives, type ScreenLetter, type Verdict,
} from '#common/letters/index.ts'
import { picturesOf, viewAt, type Knowledge, type View } from '#common/screen/view.ts'
import type { DeviceClock } from '../clock.ts'
import type { Flash } from '../flash.ts'
import type { Acks, AckTarget, Events } from '../reports.ts'
import type { Pictures } from './pictures.ts'

export interface BoardOptions {
  readonly dev: string
  readonly stationName: string
  readonly letters: LetterState
  readonly primitives: Primitives
  readonly acceptOptions: AcceptOptions
  readonly clock: DeviceClock
  readonly flash: Flash
  readonly acks: Pick<Acks, 'step' | 'repeat'>
  readonly event: Events['add']
  readonly pictures: Pick<Pictures, 'has' | 'settled' | 'want'>
  readonly config: () => DeviceConfig
  readonly manifest: () => ManifestLetter | null
  readonly onDesired: (letter: DesiredLetter) => void
  readonly onCommand: (letter: CommandLetter, target: AckTarget) => void
  /** Trust list or what stands on the screen changed. */
  readonly onChange: () => void
}

/** Letters in, picture out: what a screen shows at each moment, and the steps it tells about it. It only lacks the glass. */
export interface Board {
  receive(payload: Uint8Array): Promise<void>
  /** The acceptance rules over a fetched manifest. */
  judge(body: Uint8Array): Promise<Verdict>
  /** One glance, twice a second: what came to stand there, what went, what is over. */
  look(): void
  readonly view: View
  readonly letters: LetterState
  readonly counters: { readonly rej: number; readonly nfm: number }
  subjects(): string[]
  wanted(): ReturnType<typeof picturesOf>
}

type ShownLetter = ScreenLetter | AlertLetter | LiveLetter
interface Running {
  readonly letter: ShownLetter
  readonly shownFrom: number
  readonly target: AckTarget
  /** Newest letter id for which the screen has told that it stands there. */
  readonly toldFor: string | null
}
const Kept = z.record(z.string(), z.object({ shownFrom: z.number(), letter: z.unknown() }))
const FILE = 'running.json'
const keyOf = (letter: ShownLetter): string => (letter.typ === 'alert' ? letter.aid : letter.sid)
const refOf = (base: View['base']): string | null => (base.kind === 'card' ? null : base.ref)

export function openBoard(options: BoardOptions): Board {
  const { acks, clock, flash, pictures, primitives } = options
  const now = (): number => clock.now()
  const bootMonotonic = clock.monotonicMs()
  const moment = (): Moment => ({ nowMs: now(), monotonicMs: clock.monotonicMs(), bootMs: now() - (clock.monotonicMs() - bootMonotonic) })
  const inbox = new LetterInbox(options.letters, { primitives, moment, store: (state) => flash.write('letters.json', state), options: options.acceptOptions })
  const rejects = new RejectCounter()
  const running = new Map<string, Running>()
  /** Since when each reference stands on the screen. */
  const standing = new Map<string, number>()
  let rej = 0
  let nfm = 0

  const kept = Kept.safeParse(flash.read(FILE))
  for (const [key, { letter, shownFrom }] of Object.entries(kept.success ? kept.data : {})) {
    if (isShown(letter, primitives) && letter.exp * 1000 > now()) running.set(key, { letter, shownFrom, target: targetOf(letter, clock.monotonicMs()), toldFor: null })
  }
  let view: View = viewAt(knowledge(), now(), pictures.has)
  const keep = (): void => flash.write(FILE, Object.fromEntries([...running].map(([key, { letter, shownFrom }]) => [key, { letter, shownFrom }])))

  function targetOf(letter: Letter, receivedAt: number): AckTarget {
    return { ref: letter.id, subj: letter.typ === 'alert' ? letter.aid : letter.typ === 'screen' || letter.typ === 'live' ? letter.sid : undefined, receivedAt }
  }
  function knowledge(): Knowledge {
    const all = [...running.values()]
    return {
      dev: options.dev, stationName: options.stationName, config: options.config(), manifest: options.manifest(),
      alerts: all.flatMap(({ letter }) => (letter.typ === 'alert' ? [letter] : [])),
      notices: all.flatMap(({ letter, shownFrom }) => (letter.typ === 'screen' ? [{ letter, shownFrom }] : [])),
      lives: all.flatMap(({ letter }) => (letter.typ === 'live' ? [letter] : [])),
    }
  }
  /** A notice waits until its pictures are here or known not to come; an alert never waits. */
  function ready(known: Knowledge): Knowledge {
    return { ...known, notices: known.notices.filter(({ letter }) => (letter.panel?.items ?? []).every((item) => pictures.settled(item.item))) }
  }

  function told(verdict: Verdict): void {
    if (verdict.code === 'not_for_me') nfm++
    if (verdict.event === null) return
    rej++
    const count = rejects.add(verdict.code, clock.monotonicMs())
    if (count !== null) options.event('sec.reject', { code: verdict.code, count })
  }
  function apply(letter: Letter, verdict: Verdict, target: AckTarget): void {
    switch (letter.typ) {
      case 'desired': return options.onDesired(letter)
      case 'keys': return options.onChange()
      case 'cmd': return options.onCommand(letter, target)
      case 'screen': return letter.state === 'stop' ? end(letter, target) : begin(letter, target)
      case 'alert':
        for (const aid of letter.replaces ?? []) {
          const other = running.get(aid)
          if (other?.letter.typ !== 'alert' || !(other.letter.iss === letter.iss || verdict.takeover.some((issuer) => issuer === '*' || issuer === other.letter.iss))) continue
          running.delete(aid)
          acks.step(other.target, 'done', 'ok', { by: letter.aid })
        }
        return letter.state === 'stop' ? end(letter, target) : begin(letter, target)
      case 'live': {
        // A screen makes no sound; it only tells what is on the air.
        if (letter.state === 'stop') return end(letter, target)
        if (letter.state === 'start') {
          const known = running.get(letter.sid)?.letter
          running.set(letter.sid, { letter: known?.typ === 'live' ? { ...known, ...letter } : letter, shownFrom: now(), target, toldFor: letter.id })
          keep()
        }
        return acks.step(target, 'rejected', 'unsupported')
      }
      case 'time': case 'manifest':
    }
  }
  function begin(letter: ScreenLetter | AlertLetter, target: AckTarget): void {
    running.set(keyOf(letter), { letter, shownFrom: running.get(keyOf(letter))?.shownFrom ?? now(), target, toldFor: null })
    keep()
    acks.step(target, 'accepted')
    look()
  }
  function end(letter: ShownLetter, target: AckTarget): void {
    running.delete(keyOf(letter))
    keep()
    acks.step(target, 'done')
    look()
  }

  function look(): void {
    const at = now()
    const known = knowledge()
    pictures.want(picturesOf(known))
    const before = view
    view = viewAt(ready(known), at, pictures.has)
    const refs = new Set([refOf(view.base), view.band?.ref ?? null].filter((ref) => ref !== null))
    for (const [ref, since] of standing) {
      if (refs.has(ref)) continue
      standing.delete(ref)
      options.event('play.end', { ref: ref.slice(0, 32), shown: 1, from: new Date(since).toISOString(), to: new Date(at).toISOString() })
    }
    for (const ref of refs) {
      if (!standing.has(ref)) standing.set(ref, at)
      const one = running.get(ref)
      if (one === undefined || one.letter.typ === 'live' || one.toldFor === one.letter.id) continue
      running.set(ref, { ...one, toldFor: one.letter.id })
      acks.step(one.target, 'started')
    }
    sweep(at)
    if (view.layer !== before.layer || refOf(view.base) !== refOf(before.base)) options.onChange()
  }
  /** Leases that ran out: a station that died leaves nothing standing for ever. */
  function sweep(at: number): void {
    let changed = false
    for (const [key, { letter, target, toldFor }] of running) {
      if (letter.exp * 1000 + 999 >= at) continue
      running.delete(key)
      changed = true
      if (letter.typ !== 'live') acks.step(target, toldFor === null ? 'expired' : 'done')
    }
    if (changed) keep()
  }

  return {
    look,
    async receive(payload) {
      if (payload.length === 0) return
      const receivedAt = clock.monotonicMs()
      const verdict = await inbox.feed(payload)
      told(verdict)
      const { letter } = verdict
      if (letter === null) return
      const target = targetOf(letter, receivedAt)
      if (verdict.ack?.st === 'rejected' && verdict.ack.code !== '*') acks.step(target, 'rejected', verdict.ack.code)
      if (verdict.ack?.st === '*') acks.repeat(letter.id, target.subj)
      if (verdict.action === 'apply') apply(letter, verdict, target)
    },
    async judge(body) {
      const verdict = await acceptLetter(body, inbox.state, moment(), primitives, { ...options.acceptOptions, maxBytes: MAX_MANIFEST_BYTES })
      told(verdict)
      if (verdict.state !== inbox.state) await inbox.change((state) => ({ ...state, epochs: { ...state.epochs, ...verdict.state.epochs } }))
      return verdict
    },
    get view() {
      return view
    },
    get letters() {
      return inbox.state
    },
    get counters() {
      return { rej, nfm }
    },
    subjects: () => [...running.keys()],
    wanted: () => picturesOf(knowledge()),
  }
}

function isShown(value: unknown, primitives: Primitives): value is ShownLetter {
  if (typeof value !== 'object' || value === null || !('typ' in value)) return false
  return (value.typ === 'alert' || value.typ === 'screen' || value.typ === 'live') && primitives.validate(value.typ, value)
}
