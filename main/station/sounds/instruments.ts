import { RATE_HZ } from '#common/units/samples.ts'

/** Two channels being built. Everything is added, nothing overwritten. */
export interface Stage {
  readonly left: Float64Array
  readonly right: Float64Array
}

export function stageOf(seconds: number): Stage {
  const length = Math.round(seconds * RATE_HZ)
  return { left: new Float64Array(length), right: new Float64Array(length) }
}

/** mulberry32: the same sounds on every computer and every day. */
export function noise(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2_147_483_648 - 1
  }
}

/** Frequency of a MIDI note number. */
export function pitch(note: number): number {
  return 440 * 2 ** ((note - 69) / 12)
}

function mix(stage: Stage, at: number, value: number, pan: number): void {
  if (at < 0 || at >= stage.left.length) return
  stage.left[at] = (stage.left[at] ?? 0) + value * (1 - Math.max(0, pan))
  stage.right[at] = (stage.right[at] ?? 0) + value * (1 + Math.min(0, pan))
}

/** A plucked string (Karplus and Strong): a burst of noise going round in a delay that loses its brightness. */
export function pluck(stage: Stage, options: { at: number; note: number; level: number; pan: number; seconds: number; brightness: number; seed: number }): void {
  const exact = RATE_HZ / pitch(options.note) - 0.5
  const period = Math.max(2, Math.floor(exact))
  const fraction = exact - period
  const random = noise(options.seed)
  const loop = new Float64Array(period + 1)
  // A finger, not a needle: the burst is dulled twice, and round the loop, so that it has no seam.
  for (let i = 0; i < loop.length; i++) loop[i] = random()
  for (let pass = 0; pass < 2; pass++) {
    let dull = loop[loop.length - 1] ?? 0
    for (let i = 0; i < loop.length * 2; i++) {
      dull += ((loop[i % loop.length] ?? 0) - dull) * options.brightness * 0.6
      loop[i % loop.length] = dull
    }
  }
  const loudest = loop.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-9)
  for (let i = 0; i < loop.length; i++) loop[i] = (loop[i] ?? 0) / loudest
  const mean = loop.reduce((sum, value) => sum + value, 0) / loop.length
  for (let i = 0; i < loop.length; i++) loop[i] = (loop[i] ?? 0) - mean
  const start = Math.round(options.at * RATE_HZ)
  const length = Math.round(options.seconds * RATE_HZ)
  const keep = 0.001 ** (period / (options.seconds * RATE_HZ))
  let position = 0
  for (let i = 0; i < length; i++) {
    const now = loop[position] ?? 0
    const next = loop[(position + 1) % loop.length] ?? 0
    const tuned = now + (next - now) * fraction
    loop[position] = keep * 0.5 * (now + next)
    position = (position + 1) % loop.length
    const softStart = Math.min(1, i / 96)
    const softEnd = Math.min(1, (length - i) / 2_400)
    mix(stage, start + i, tuned * options.level * softStart * softEnd, options.pan)
  }
}

const BELL: readonly (readonly [ratio: number, level: number, life: number])[] = [[0.5, 0.28, 1.3], [1, 1, 1], [2, 0.5, 0.62], [2.76, 0.22, 0.4], [4.07, 0.11, 0.24], [5.4, 0.05, 0.14]]

/** A struck bar or small bell: inharmonic partials, each with its own life. */
export function bell(stage: Stage, options: { at: number; note: number; level: number; pan: number; seconds: number }): void {
  const start = Math.round(options.at * RATE_HZ)
  const length = Math.round(options.seconds * RATE_HZ)
  for (const [ratio, level, life] of BELL) {
    const step = (2 * Math.PI * pitch(options.note) * ratio) / RATE_HZ
    const fall = Math.exp(-5 / (options.seconds * life * RATE_HZ))
    let envelope = options.level * level
    for (let i = 0; i < length; i++) {
      const edge = Math.min(1, i / 120) * Math.min(1, (length - i) / 4_800)
      mix(stage, start + i, Math.sin(step * i) * envelope * edge, options.pan)
      envelope *= fall
    }
  }
}

/** A soft chord tone: three slightly detuned voices with few overtones, slow to come and to go. */
export function pad(stage: Stage, options: { at: number; note: number; level: number; pan: number; seconds: number; attack: number; release: number }): void {
  const start = Math.round(options.at * RATE_HZ)
  const length = Math.round(options.seconds * RATE_HZ)
  const attack = options.attack * RATE_HZ
  const release = options.release * RATE_HZ
  for (const [detune, pan] of [[-0.0016, -0.5], [0, 0], [0.0017, 0.5]] as const) {
    const step = (2 * Math.PI * pitch(options.note) * (1 + detune)) / RATE_HZ
    for (let i = 0; i < length; i++) {
      const phase = step * i
      const rise = i < attack ? 0.5 - 0.5 * Math.cos((Math.PI * i) / attack) : 1
      const left = length - i
      const fall = left < release ? 0.5 - 0.5 * Math.cos((Math.PI * left) / release) : 1
      const value = Math.sin(phase) + 0.32 * Math.sin(2 * phase + 0.4) + 0.12 * Math.sin(3 * phase + 1.1) + 0.05 * Math.sin(4 * phase)
      mix(stage, start + i, (value * options.level * rise * fall) / 3, Math.max(-1, Math.min(1, options.pan + pan)))
    }
  }
}

/** A siren's horn: a gliding tone with a hard but band-limited sound. `pitchAt` gives the frequency of a moment, `levelAt` its level. */
export function horn(stage: Stage, options: { at: number; seconds: number; level: number; pitchAt: (seconds: number) => number; levelAt: (seconds: number) => number }): void {
  const start = Math.round(options.at * RATE_HZ)
  const length = Math.round(options.seconds * RATE_HZ)
  let phase = 0
  for (let i = 0; i < length; i++) {
    const seconds = i / RATE_HZ
    phase += (2 * Math.PI * options.pitchAt(seconds)) / RATE_HZ
    if (phase > 2 * Math.PI * 1_000) phase -= 2 * Math.PI * 1_000
    const value = Math.sin(phase) + 0.45 * Math.sin(2 * phase) + 0.35 * Math.sin(3 * phase) + 0.18 * Math.sin(4 * phase) + 0.12 * Math.sin(5 * phase)
    mix(stage, start + i, value * options.level * options.levelAt(seconds), 0)
  }
}

const COMBS = [1_557, 1_617, 1_491, 1_422, 1_277, 1_356]
const ALLPASSES = [225, 556, 441]

/** A room around what has been played so far (parallel combs, allpasses in series). */
export function room(stage: Stage, options: { wet: number; seconds: number }): void {
  for (const [side, offset] of [[stage.left, 0], [stage.right, 23]] as const) {
    const wet = new Float64Array(side.length)
    for (const base of COMBS) {
      const size = Math.round(((base + offset) * RATE_HZ) / 44_100)
      const line = new Float64Array(size)
      const feedback = 0.001 ** (size / (options.seconds * RATE_HZ))
      let dull = 0
      for (let i = 0, at = 0; i < side.length; i++, at = (at + 1) % size) {
        const out = line[at] ?? 0
        dull = out * 0.72 + dull * 0.28
        line[at] = (side[i] ?? 0) + dull * feedback
        wet[i] = (wet[i] ?? 0) + out / COMBS.length
      }
    }
    for (const base of ALLPASSES) {
      const size = Math.round(((base + offset) * RATE_HZ) / 44_100)
      const line = new Float64Array(size)
      for (let i = 0, at = 0; i < wet.length; i++, at = (at + 1) % size) {
        const delayed = line[at] ?? 0
        const input = wet[i] ?? 0
        line[at] = input + delayed * 0.5
        wet[i] = delayed - input * 0.5
      }
    }
    for (let i = 0; i < side.length; i++) side[i] = (side[i] ?? 0) + (wet[i] ?? 0) * options.wet
  }
}

/** Raised-cosine fades at both ends of the whole. */
export function fadeEnds(stage: Stage, inSeconds: number, outSeconds: number): void {
  for (const side of [stage.left, stage.right]) {
    const fadeIn = Math.round(inSeconds * RATE_HZ)
    const fadeOut = Math.round(outSeconds * RATE_HZ)
    for (let i = 0; i < fadeIn; i++) side[i] = (side[i] ?? 0) * (0.5 - 0.5 * Math.cos((Math.PI * i) / fadeIn))
    for (let i = 0; i < fadeOut; i++) {
      const at = side.length - 1 - i
      side[at] = (side[at] ?? 0) * (0.5 - 0.5 * Math.cos((Math.PI * i) / fadeOut))
    }
  }
}
