import { openRing } from './ring.ts'
import { samplesOfMs } from './timeline.ts'
import type { Voice } from './voice.ts'

export interface BroadcastOptions {
  /** Target of the buffer, samples at 48 kHz. */
  readonly bufferSamples: number
  /** Output sample at which stream sample `sample` would sound with an empty buffer; null = no anchor: as soon as buffered. Asked again after renewals and clock steps. */
  readonly anchor: () => { readonly at: number; readonly sample: number } | null
  /** Sound begins not before this output sample. */
  readonly startAt: () => number
  /** Lease end and maxSec. */
  readonly hardEnd: () => number
  readonly lossHoldSamples: number
  readonly onLoss: 'silence' | 'fallback' | 'resume'
  /** Played after the hold when `onLoss` is fallback. */
  readonly fallback: Voice | null
  readonly tell: (event: { readonly kind: 'underrun' } | { readonly kind: 'lost' } | { readonly kind: 'back'; readonly lossSamples: number }) => void
}

/** Output side of a live stream: which stream sample sounds when; underruns, loss and return; the end. */
export interface Broadcast extends Voice {
  /** Decoded samples, by stream sample number. */
  push(firstSample: number, data: Float32Array): void
  /** No more will come (end of stream, stop letter): plays what is here, at most `tailSamples` longer. */
  drain(at: number, tailSamples: number | null): void
  /** A renewal brought another anchor. */
  reanchor(): void
  readonly finished: boolean
  readonly underruns: number
  /** Samples from the one sounding at `at` to the newest. */
  buffered(at: number): number
  readonly bufferSamples: number
}

const RING_SAMPLES = samplesOfMs(40_000)
const GROW = samplesOfMs(500)
const BUFFER_MAX = samplesOfMs(8_000)
const CLEAN = samplesOfMs(5 * 60_000)
const SHRINK = samplesOfMs(100)
/** The buffer shrinks by playing this much faster. */
const FASTER = 0.005
const SURPLUS_MARGIN = samplesOfMs(80)
const RETURN_MARGIN = samplesOfMs(60)

export function openBroadcast(options: BroadcastOptions): Broadcast {
  const ring = openRing(RING_SAMPLES)
  let buffer = options.bufferSamples
  /** Stream sample n sounds at output sample n + offset. A fraction only while the buffer shrinks. */
  let offset: number | null = null
  /** Stream samples below are over: already played before the buffer grew. */
  let floor = -Infinity
  let shrinkLeft = 0
  let underruns = 0
  let cleanSince: number | null = null
  let drySince: number | null = null
  let dryEnd = 0
  let lost = false
  let heard = false
  let draining = false
  let stopAt = Infinity
  let finished = false

  function settle(at: number): void {
    if (offset !== null || ring.end === ring.first) return
    const anchor = options.anchor()
    if (anchor !== null) offset = anchor.at - anchor.sample + buffer
    else if (draining || ring.end - ring.first >= buffer) offset = at - Math.max(ring.first, ring.end - buffer)
  }
  const limit = (): number => Math.min(options.hardEnd(), stopAt)

  function ranDry(at: number): void {
    cleanSince = null
    shrinkLeft = 0
    if (offset !== null) offset = Math.round(offset)
    const lateStream = drySince !== null && ring.end > dryEnd
    if (drySince === null || lateStream) {
      // Late data: a longer buffer lets it arrive. A stalled link gains nothing from one, and grows it only once.
      underruns++
      options.tell({ kind: 'underrun' })
      floor = Math.max(floor, ring.end)
      const grown = Math.max(buffer, Math.min(BUFFER_MAX, buffer + GROW))
      if (offset !== null) offset += grown - buffer
      buffer = grown
    }
    drySince ??= at
    dryEnd = ring.end
  }
  function isDry(at: number): void {
    if (drySince === null || lost || at - drySince < options.lossHoldSamples) return
    lost = true
    options.tell({ kind: 'lost' })
    if (options.onLoss === 'fallback') options.fallback?.begin(at, true)
  }
  function sounded(at: number): void {
    heard = true
    cleanSince ??= at
    if (drySince === null) return
    if (lost) options.tell({ kind: 'back', lossSamples: at - drySince })
    drySince = null
    lost = false
  }

  function fillFaster(at: number, into: Float32Array, count: number): boolean {
    if (shrinkLeft <= 0 || offset === null) return false
    const position = at - offset
    if (position < ring.first || position + count * (1 + FASTER) + 2 >= ring.end) return false
    for (let i = 0; i < count; i++) into[i] = ring.at(position + i * (1 + FASTER))
    offset -= count * FASTER
    shrinkLeft -= count * FASTER
    if (shrinkLeft <= 0) offset = Math.round(offset)
    sounded(at)
    return true
  }

  return {
    get finished() {
      return finished
    },
    get underruns() {
      return underruns
    },
    get bufferSamples() {
      return buffer
    },
    buffered: (at) => Math.max(0, Math.round(ring.end - (offset === null ? ring.first : Math.max(ring.first, at - offset)))),
    push(firstSample, data) {
      const before = ring.end
      ring.write(firstSample, data)
      // The stream began anew with other numbers: find the place again.
      if (before !== 0 && ring.first >= before + RING_SAMPLES) offset = null
    },
    drain(at, tailSamples) {
      draining = true
      if (tailSamples !== null) stopAt = Math.min(stopAt, at + tailSamples)
    },
    reanchor() {
      const anchor = options.anchor()
      if (anchor === null || offset === null) return
      const next = anchor.at - anchor.sample + buffer
      // Below 80 ms the difference is not worth a jump in speech.
      if (Math.abs(next - offset) > SURPLUS_MARGIN) offset = next
    },
    due(at) {
      if (finished || at < options.startAt()) return false
      settle(at)
      if (at >= limit() || (draining && (offset === null || at - offset >= ring.end))) {
        finished = true
        return false
      }
      if (!lost || options.onLoss !== 'resume') return true
      // What lies below plays on until the stream has sound for this moment again.
      const position = offset === null ? Infinity : at - offset
      return position >= Math.max(ring.first, floor) && position + RETURN_MARGIN < ring.end
    },
    nextChange(at) {
      const start = options.startAt()
      if (at < start) return start
      const end = Math.min(limit(), draining && offset !== null ? ring.end + Math.ceil(offset) : Infinity)
      return end > at ? end : Infinity
    },
    begin: () => (finished ? false : 'start'),
    fill(at, into, count) {
      settle(at)
      let missing = 0
      if (offset === null) {
        if (heard) {
          drySince ??= at
          isDry(at)
        }
      } else if (!fillFaster(at, into, count)) {
        offset = Math.round(offset)
        const position = at - offset
        const from = Math.min(count, Math.max(0, Math.max(ring.first, floor) - position))
        const to = Math.max(0, Math.min(count, ring.end - position))
        if (to > from) ring.mix(position + from, into, from, to - from)
        if (to === count && to > from) sounded(at)
        else if (to < count && !draining && heard) {
          missing = count - Math.max(from, to)
          ranDry(at + to)
        } else if (heard && from > 0) missing = from
        isDry(at)
      }
      const anchored = options.anchor() !== null
      if (offset !== null && !anchored && ring.end - (at + count - offset) > 2 * buffer + SURPLUS_MARGIN) offset = at + count - (ring.end - buffer)
      if (cleanSince !== null && at - cleanSince > CLEAN && buffer > options.bufferSamples) {
        shrinkLeft = Math.min(SHRINK, buffer - options.bufferSamples)
        buffer -= shrinkLeft
        cleanSince = at
      }
      if (lost && options.onLoss === 'fallback' && options.fallback !== null) missing = options.fallback.fill(at, into, count)
      return missing
    },
    service(at) {
      options.fallback?.service(at)
    },
    retime() {
      offset = null
    },
    close() {
      finished = true
      ring.clear()
      options.fallback?.close()
    },
  }
}
