/**
 * How played frames lie on the timeline: frame `from + n` sounds at timeline position `from + n × rate`. The audio thread counts frames and
 * knows nothing of speed; everybody else asks here.
 */
export interface Course {
  readonly from: number
  /** Timeline position where it stops; null plays to the end of what there is. */
  readonly until: number | null
  /** −8…8, never 0. */
  readonly rate: number
}

export const MAX_RATE = 8
const MIN_RATE = 0.05

/** A speed that can be played, nearest to the one wished for. */
export function playableRate(rate: number): number {
  if (!Number.isFinite(rate) || Math.abs(rate) < MIN_RATE) return 1
  return Math.max(-MAX_RATE, Math.min(MAX_RATE, rate))
}

export function timelineAt(course: Course, frame: number): number {
  return course.from + (frame - course.from) * course.rate
}

/** First frame that no longer sounds, on a timeline of `length` samples. */
export function endFrame(course: Course, length: number): number {
  const { from, until, rate } = course
  const way = rate > 0 ? Math.min(length, until ?? Infinity) - from : from - Math.max(0, until !== null && until < from ? until : 0)
  return from + Math.max(0, Math.ceil(way / Math.abs(rate)))
}

/**
 * Tape speed: reads `input` (whose first sample is timeline position `inputFrom`) along the course. Fast play takes the mean of what it passes
 * over, so that hiss does not fold into the voice; between samples it draws a straight line. Each frame depends on its place alone.
 */
export function readAlong(course: Course, frame: number, frames: number, input: Float32Array, inputFrom: number, out: Float32Array): void {
  const speed = Math.abs(course.rate)
  const taps = Math.max(1, Math.ceil(speed))
  const spread = speed <= 1 ? 0 : speed / taps
  for (let n = 0; n < frames; n++) {
    const centre = timelineAt(course, frame + n) - inputFrom
    let sum = 0
    for (let k = 0; k < taps; k++) {
      const at = centre + (k - (taps - 1) / 2) * spread
      const left = Math.floor(at)
      const low = input[left] ?? 0
      sum += low + ((input[left + 1] ?? 0) - low) * (at - left)
    }
    out[n] = sum / taps
  }
}

/** Timeline samples that `frames` frames from `frame` are made of. */
export function reach(course: Course, frame: number, frames: number): { start: number; end: number } {
  const margin = Math.ceil(Math.abs(course.rate)) + 1
  const first = timelineAt(course, frame)
  const last = timelineAt(course, frame + frames - 1)
  return { start: Math.floor(Math.min(first, last)) - margin, end: Math.ceil(Math.max(first, last)) + margin + 1 }
}
