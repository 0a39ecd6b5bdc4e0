/** Strength of one tone in a stretch of sound, as the level (dBFS) of a sine of that frequency (Goertzel). */
export function toneDbfs(pcm: Float32Array, from: number, length: number, hz: number, rateHz = 48_000): number {
  const w = (2 * Math.PI * hz) / rateHz
  const c = 2 * Math.cos(w)
  let [s1, s2] = [0, 0]
  for (let n = 0; n < length; n++) {
    // Hann: the speech beside the tone leaks less.
    const window = 0.5 - 0.5 * Math.cos((2 * Math.PI * n) / length)
    const s0 = (pcm[from + n] ?? 0) * window + c * s1 - s2
    s2 = s1
    s1 = s0
  }
  const power = s1 * s1 + s2 * s2 - c * s1 * s2
  return 20 * Math.log10(Math.max(1e-9, (2 * Math.sqrt(Math.max(0, power))) / (length * 0.5)))
}

/** Where the tone sounds above a level, in stretches of at least 100 ms; half a second without it (a block the microphone dropped) divides nothing. */
export function toneSpans(pcm: Float32Array, hz: number, aboveDbfs: number): { start: number; end: number }[] {
  const step = 480
  const length = 1_920
  const found: { start: number; end: number }[] = []
  for (let at = 0; at + length <= pcm.length; at += step) {
    if (toneDbfs(pcm, at, length, hz) < aboveDbfs) continue
    const middle = at + length / 2
    const last = found.at(-1)
    if (last !== undefined && middle - last.end <= 24_000) last.end = middle
    else found.push({ start: middle, end: middle })
  }
  return found.filter((span) => span.end - span.start >= 4_800)
}
