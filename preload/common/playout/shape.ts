import type { FillItem, PlayoutLine } from './types.ts'

/** What of an item sounds, in samples of the item: markers put in order, bad ones brought inside the sound. */
export interface Shape {
  readonly cueIn: number
  readonly cueOut: number
  /** From `cueIn`; 0 = none. */
  readonly fadeIn: number
  /** Up to `cueOut`; 0 = none. */
  readonly fadeOut: number
  /** `cueIn` or `cueOut` lie inside the sound with no fade of their own: a bare cut, to be ramped. */
  readonly cutsIn: boolean
  readonly cutsOut: boolean
  /** From `cueIn` to the singing; null = not known. */
  readonly intro: number | null
  /** Null = no segue: a butt join. */
  readonly segueStart: number | null
  readonly segueEnd: number
  readonly endless: boolean
  /** Speech or an ident that may ride on the intro of music. */
  readonly voice: boolean
  readonly music: boolean
  readonly hitPost: boolean
}

type Sound = Pick<PlayoutLine, 'lengthSamples' | 'markers' | 'content'> & Partial<Pick<PlayoutLine, 'endless' | 'hitPost'>>

export function shapeOf(sound: Sound): Shape {
  const { lengthSamples: length, markers, content } = sound
  // Most lines of a log have no markers: ten thousand shapes are made for each change of a full day.
  if (markers === null) return wholeShape(length, content, sound.endless ?? false, sound.hitPost ?? false)
  const cueIn = within(markers?.cueIn, 0, length, 0)
  const cueOut = within(markers?.cueOut, cueIn, length, length)
  const fadeIn = within(markers?.fadeInEnd, cueIn, cueOut, cueIn) - cueIn
  const fadeOut = cueOut - within(markers?.fadeOutStart, cueIn, cueOut, cueOut)
  const segueStart = isSet(markers?.segueStart) ? within(markers?.segueStart, cueIn, cueOut, cueOut) : null
  return {
    cueIn, cueOut, fadeIn, fadeOut, cutsIn: cueIn > 0 && fadeIn === 0, cutsOut: cueOut < length && fadeOut === 0, intro: isSet(markers?.introEnd) ? within(markers?.introEnd, cueIn, cueOut, cueIn) - cueIn : null,
    segueStart, segueEnd: within(markers?.segueEnd, segueStart ?? cueIn, cueOut, cueOut), endless: sound.endless ?? false, voice: content === 'voice' || content === 'ident', music: content === 'music' || content === 'bed', hitPost: sound.hitPost ?? false,
  }
}

function wholeShape(length: number, content: Sound['content'], endless: boolean, hitPost: boolean): Shape {
  return {
    cueIn: 0, cueOut: length, fadeIn: 0, fadeOut: 0, cutsIn: false, cutsOut: false, intro: null, segueStart: null, segueEnd: length, endless, voice: content === 'voice' || content === 'ident', music: content === 'music' || content === 'bed', hitPost,
  }
}

function isSet(value: number | null | undefined): boolean {
  return value !== null && value !== undefined
}
function within(value: number | null | undefined, low: number, high: number, missing: number): number {
  return value === null || value === undefined ? missing : Math.min(high, Math.max(low, value))
}

/** Samples that sound from `cueIn` to `cueOut`, stretched by `ratio`; `Infinity` when it has no end of its own. */
export function playLength(shape: Shape, ratio = 1): number {
  return shape.endless ? Number.POSITIVE_INFINITY : Math.round((shape.cueOut - shape.cueIn) * ratio)
}

const ofFill = new WeakMap<FillItem, Shape>()
/** Fill items are immutable values: their shape is worked out once. */
export function shapeOfFill(item: FillItem): Shape {
  const known = ofFill.get(item)
  if (known !== undefined) return known
  const shape = shapeOf(item)
  ofFill.set(item, shape)
  return shape
}

/** Of what makes no sound. */
export const silentShape: Shape = shapeOf({ lengthSamples: 0, markers: null, content: 'programme' })
