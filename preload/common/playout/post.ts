import { isTooLate, takesJunction } from './reach.ts'
import { endWhole } from './run.ts'
import { playLength } from './shape.ts'
import type { WalkState } from './walk-state.ts'

/** Where a music line and the voice that rides on its intro begin. */
export interface OnPost {
  readonly music: number
  readonly musicStart: number
  readonly voiceStart: number
  /** End of what is on air before them. */
  readonly prevEnd: number
}

/**
 * A voice shorter than the intro of the music after it: the music begins first and the voice so much later that it ends on the post. A longer one
 * begins first, as any line does, and the hand-over puts the music under its end. Null = not such a pair.
 */
export function onPost(state: WalkState, place: number): OnPost | null {
  if (!state.automatic || state.silent !== null || !state.shape(place).hitPost) return null
  const music = musicAfter(state, place)
  if (music < 0) return null
  const voice = state.incoming(place)
  const next = state.incoming(music)
  const intro = introOf(state, music)
  if (voice.length >= intro) return null
  const over = state.handOverTo(next)
  const lead = intro - voice.length
  // Never three at once: the tail of what is on air is over before the voice begins.
  const musicStart = over.start + lead < over.prevEnd ? over.prevEnd : over.start
  const slot = state.order.slots[place] ?? null
  const pull = state.nextPull()
  if (slot !== null && (musicStart < slot.startAt || musicStart >= slot.endAt)) return null
  if (pull >= 0 && takesJunction(state.anchor(pull), musicStart, musicStart, musicStart + next.length)) return null
  if (isTooLate(state.line(place), null, musicStart + lead) || isTooLate(state.line(music), null, musicStart)) return null
  return { music, musicStart, voiceStart: musicStart + lead, prevEnd: over.prevEnd }
}

/** The music that is on air already, and its voice still to come. */
export function voiceOnAir(state: WalkState): void {
  const { prev } = state
  if (!state.automatic || prev === null || !prev.onAir || prev.entry <= 0 || !prev.shape.music || prev.shape.intro === null) return
  let place = prev.entry - 1
  while (place >= 0 && state.settled[place] === 0 && state.order.lines[place] !== null && state.refusal(place) !== null) place--
  const line = state.order.lines[place]
  if (line === null || line === undefined || state.settled[place] !== 0 || !state.shape(place).hitPost || line.timing.kind !== 'follow') return
  const at = prev.start + introOf(state, prev.entry) - (prev.from - prev.shape.cueIn) - state.incoming(place).length
  if (at >= state.input.now) rideOn(state, place, at)
  else state.mark(place, { editCode: 'skippedLate', reason: 'tooLate' }, at, prev.id)
}

/** Puts the voice over the music on the bus. */
export function rideOn(state: WalkState, place: number, at: number): void {
  const music = state.prev
  const voice = state.put(place, at, { source: 'segue', reason: 'overIntro', because: music?.id ?? null, ...(state.keyed ? { needsKey: true } : {}) })
  endWhole(voice, state.input.settings.declick, state.input.settings.cutFade)
  state.tail = voice
  state.prev = music
}

/** The line right after a voice, when it is music with an intro that comes by itself. */
function musicAfter(state: WalkState, place: number): number {
  const next = state.nextPlace(place + 1)
  const line = next < 0 ? null : (state.order.lines[next] ?? null)
  if (line === null || line.timing.kind !== 'follow' || line.transition === 'stop' || state.order.slots[next] !== state.order.slots[place]) return -1
  const shape = state.shape(next)
  return shape.music && shape.intro !== null ? next : -1
}

function introOf(state: WalkState, place: number): number {
  const shape = state.shape(place)
  const ratio = state.ratioOf(state.line(place))
  return Math.min(playLength(shape, ratio), Math.round((shape.intro ?? 0) * ratio))
}
