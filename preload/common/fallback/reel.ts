/**
 * The reel that is part of the program: an ident and quiet music that says nothing, made by arithmetic, so that it needs no file, no network
 * and no database. Mono, 48 kHz, a loop.
 */
const RATE = 48_000
const BEAT = 0.75
const BAR_BEATS = 4
/** Four bars of four beats, then it begins again: 12 s. */
export const REEL_SAMPLES = RATE * BEAT * BAR_BEATS * 4
/** Peak of the whole, about −12 dBFS. */
const PEAK = 0.25

/** Hertz of equal temperament; 0 = A4. */
const note = (semitones: number): number => 440 * 2 ** (semitones / 12)
/** C, A minor, F, G: root, third, fifth. */
const chords = [[-9, -5, -2], [-12, -9, -5], [-16, -12, -9], [-14, -10, -7]] as const
/** Three rising chimes: the ident. */
const chimes = [3, 7, 10] as const

/** Makes the reel in pieces of 10 ms: between them whoever makes it may do what is more urgent. Gives the whole at the end. */
export function* makeReel(): Generator<undefined, Float32Array> {
  const reel = new Float32Array(REEL_SAMPLES)
  for (let at = 0; at < REEL_SAMPLES; at++) {
    reel[at] = PEAK * sampleAt(at / RATE)
    if (at % 480 === 479) yield undefined
  }
  return reel
}

function sampleAt(seconds: number): number {
  const bar = Math.floor(seconds / (BEAT * BAR_BEATS))
  const inBar = seconds - bar * BEAT * BAR_BEATS
  let value = 0
  for (const semitones of chords[bar] ?? chords[0]) value += 0.2 * pad(note(semitones), seconds, inBar)
  for (const [index, semitones] of chimes.entries()) {
    const since = seconds - index * BEAT * 0.5
    if (since >= 0) value += 0.3 * Math.exp(-2.2 * since) * Math.sin(2 * Math.PI * note(semitones) * since) * Math.min(1, since * 200)
  }
  return value
}

/** A soft organ: three partials that swell and fade within the bar, silent at its edges. */
function pad(hertz: number, seconds: number, inBar: number): number {
  const length = BEAT * BAR_BEATS
  const swell = Math.sin((Math.PI * inBar) / length) ** 0.5
  const phase = 2 * Math.PI * hertz * seconds
  return swell * (Math.sin(phase) + 0.3 * Math.sin(2 * phase) + 0.1 * Math.sin(3 * phase))
}
