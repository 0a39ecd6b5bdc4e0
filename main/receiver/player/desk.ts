import { arbitrate, compareAlerts, nextAlert, type Contender, type Outcome, type Situation } from '#common/letters/index.ts'
import { samplesOfMs } from './timeline.ts'
import type { Voice } from './voice.ts'

/** A running lease that may take the output. */
export interface Claim extends Contender {
  readonly voice: Voice
  /** Linear gain of the pole for this item, now. */
  readonly gain: () => number
  /** Blocks an alert has had, for turns between equal alerts. */
  readonly blocksPlayed?: () => number
  readonly tell: (change: ClaimChange) => void
}
export type ClaimChange =
  | { readonly kind: 'began'; readonly at: number; readonly first: boolean }
  | { readonly kind: 'waits'; readonly outcome: Outcome }
  | { readonly kind: 'preempted'; readonly at: number; readonly by: string }
  | { readonly kind: 'refused'; readonly at: number }
  | { readonly kind: 'replaced'; readonly by: string }

export interface Desk {
  add(claim: Claim): void
  /** Takes an item off; with `fade` its sound ends in 150 ms, else at once. The voice is closed afterwards. */
  remove(ref: string, options?: { fade?: boolean }): void
  /** Takes an item off that may come back: its voice stays open. */
  release(ref: string): void
  has(ref: string): boolean
  /** Renders [at, at + out.length) into `out`. Returns how many samples of a stored item were missing. */
  render(at: number, out: Float32Array): number
  /** Samples live streams did not have in time, since the start. */
  readonly liveGapSamples: number
  readonly sounding: Claim | null
  claims(): readonly Claim[]
}

const FADE = samplesOfMs(150)
const JOIN_FADE = samplesOfMs(20)

interface Leaving {
  readonly voice: Voice
  readonly gain: number
  readonly from: number
  readonly dispose: boolean
}

/** Arbitration and sum. One item is on the output at a time; while one leaves for another its last 150 ms lie under the first of the new. */
export function openDesk(options: { situation: () => Omit<Situation, 'items'>; now: () => number }): Desk {
  const claims: Claim[] = []
  const begun = new Set<string>()
  const told = new Map<string, string>()
  let current: Claim | null = null
  let currentGain = 0
  let joinedAt: number | null = null
  let leaving: Leaving[] = []
  let signature = ''
  let blocksAtBegin = 0
  let liveGapSamples = 0
  let scratch = new Float32Array(0)

  function choose(at: number): Claim | null {
    for (;;) {
      const due = claims.filter((claim) => claim.voice.due(at))
      const situation = options.situation()
      const next = `${due.map((claim) => `${claim.ref}.${claim.prio}.${claim.blocksPlayed?.() ?? ''}`).join()}|${situation.local}${situation.localBeats}${situation.quiet}${situation.mute}`
      if (next === signature && (current === null || due.includes(current))) return current
      const { sounding, results } = arbitrate({ ...situation, items: due })
      let winner = due.find((claim) => claim.ref === sounding) ?? null
      if (winner?.kind === 'alert') winner = turnOf(winner, due)
      const gone = due.filter((claim) => results[claim.ref]?.st === 'done')
      for (const claim of gone) {
        claim.tell({ kind: 'replaced', by: winner?.ref ?? '' })
        remove(claim.ref, { fade: claim.prio < 8 && winner !== null && winner.prio < 8 })
      }
      if (gone.length > 0) continue
      for (const claim of due) {
        const outcome = results[claim.ref]
        if (outcome === undefined || claim === winner || claim === current || outcome.st === 'sounding' || outcome.st === 'preempted') continue
        const said = `${outcome.st}.${outcome.code}`
        if (told.get(claim.ref) === said) continue
        told.set(claim.ref, said)
        claim.tell({ kind: 'waits', outcome })
      }
      if (winner !== current && !take(winner, at)) continue
      signature = next
      return current
    }
  }

  /** Equal alerts: the running block is finished unless a higher one comes that has had no more turns than it. */
  function turnOf(winner: Claim, due: readonly Claim[]): Claim {
    const alerts = due.filter((claim) => claim.kind === 'alert' && claim.prio === winner.prio)
    if (alerts.length < 2) return winner
    const played = Object.fromEntries(alerts.map((claim) => [claim.ref, claim.blocksPlayed?.() ?? 0]))
    const next = nextAlert(alerts, played)
    const chosen = alerts.find((claim) => claim.ref === next?.ref) ?? winner
    if (current === null || !alerts.includes(current) || chosen === current) return chosen
    const midBlock = (played[current.ref] ?? 0) === blocksAtBegin
    const goesBefore = compareAlerts(chosen, current) < 0 && (played[chosen.ref] ?? 0) <= (played[current.ref] ?? 0)
    return midBlock && !goesBefore ? current : chosen
  }
  /** False = the winner declined (too late); choose again. */
  function take(winner: Claim | null, at: number): boolean {
    const before = current
    let began: 'start' | 'join' = 'start'
    const first = winner !== null && !begun.has(winner.ref)
    if (winner !== null) {
      const answer = winner.voice.begin(at, first)
      if (answer === false) {
        winner.tell({ kind: 'refused', at })
        remove(winner.ref)
        return false
      }
      began = answer
      begun.add(winner.ref)
      told.delete(winner.ref)
    }
    if (before !== null && claims.includes(before) && before.voice.due(at)) {
      before.voice.lost?.()
      before.tell({ kind: 'preempted', at, by: winner?.ref ?? 'mute' })
      if (winner === null || winner.prio < 8) leaving.push({ voice: before.voice, gain: currentGain, from: at, dispose: false })
    }
    current = winner
    // What begins at its own first sample begins whole; what is joined in the middle comes in over 20 ms.
    joinedAt = began === 'join' ? at : null
    if (winner !== null) {
      leaving = leaving.filter((one) => one.voice !== winner.voice)
      blocksAtBegin = winner.blocksPlayed?.() ?? 0
      currentGain = winner.gain()
      winner.tell({ kind: 'began', at, first })
    }
    return true
  }

  function takeOff(ref: string): { claim: Claim; sounding: boolean } | null {
    const index = claims.findIndex((claim) => claim.ref === ref)
    const claim = claims[index]
    if (claim === undefined) return null
    claims.splice(index, 1)
    begun.delete(ref)
    told.delete(ref)
    signature = ''
    const sounding = claim === current
    if (sounding) current = null
    return { claim, sounding }
  }
  function remove(ref: string, removal: { fade?: boolean } = {}): void {
    const taken = takeOff(ref)
    if (taken === null) return
    const { claim, sounding } = taken
    if (sounding && removal.fade === true) leaving.push({ voice: claim.voice, gain: currentGain, from: options.now(), dispose: true })
    else if (leaving.some((one) => one.voice === claim.voice)) leaving = leaving.map((one) => (one.voice === claim.voice ? { ...one, dispose: true } : one))
    else claim.voice.close()
  }

  function add(claim: Claim): void {
    claims.push(claim)
    signature = ''
  }

  function mixIn(voice: Voice, at: number, out: Float32Array, offset: number, count: number, gainAt: (sample: number) => number): number {
    if (scratch.length < count) scratch = new Float32Array(count)
    const part = scratch.subarray(0, count)
    part.fill(0)
    const missing = voice.fill(at, part, count)
    for (let i = 0; i < count; i++) out[offset + i] = (out[offset + i] ?? 0) + (part[i] ?? 0) * gainAt(at + i)
    return missing
  }

  return {
    add,
    remove,
    release: (ref) => void takeOff(ref),
    has: (ref) => claims.some((claim) => claim.ref === ref),
    claims: () => claims,
    get sounding() {
      return current
    },
    get liveGapSamples() {
      return liveGapSamples
    },
    render(at, out) {
      out.fill(0)
      let missing = 0
      for (let done = 0; done < out.length; ) {
        const position = at + done
        const claim = choose(position)
        let count = out.length - done
        for (const one of claims) count = Math.min(count, Math.max(1, one.voice.nextChange(position) - position))
        if (claim !== null) {
          const wanted = claim.gain()
          const from = currentGain
          const joined = joinedAt
          const ramp = wanted === from ? () => wanted : (sample: number) => from + ((wanted - from) * (sample - position)) / count
          const absent = mixIn(claim.voice, position, out, done, count, joined === null || position - joined >= JOIN_FADE ? ramp : (sample) => ramp(sample) * Math.min(1, (sample - joined) / JOIN_FADE))
          if (claim.kind === 'live') liveGapSamples += absent
          else missing += absent
          currentGain = wanted
        }
        for (const one of leaving) {
          const left = FADE - (position - one.from)
          if (left > 0) mixIn(one.voice, position, out, done, Math.min(count, left), (sample) => one.gain * Math.max(0, 1 - (sample - one.from) / FADE))
        }
        done += count
      }
      const end = at + out.length
      for (const one of leaving) if (end - one.from >= FADE && one.dispose) one.voice.close()
      leaving = leaving.filter((one) => end - one.from < FADE)
      return missing
    },
  }
}
