import { bell, fadeEnds, horn, noise, pad, pluck, room, stageOf, type Stage } from './instruments.ts'

/** Pentatonic degrees on G (G A B D E) as MIDI notes, three octaves from G3. */
const SCALE = [55, 57, 59, 62, 64, 67, 69, 71, 74, 76, 79, 81, 83, 86, 88] as const
const degree = (index: number): number => SCALE[Math.max(0, Math.min(SCALE.length - 1, index))] ?? 67

/** Station ident: five plucked steps up over a warm chord, closed by a bell. */
export function ident(): Stage {
  const stage = stageOf(6.5)
  for (const note of [43, 55, 62, 67]) pad(stage, { at: 0.1, note, level: 0.11, pan: 0, seconds: 5.6, attack: 0.9, release: 2.6 })
  const steps = [[0, 5], [0.32, 7], [0.64, 8], [0.96, 9], [1.44, 10]] as const
  steps.forEach(([at, index], i) => {
    pluck(stage, { at: 0.25 + at, note: degree(index), level: 0.62, pan: -0.3 + i * 0.15, seconds: 3.2, brightness: 0.75, seed: 11 + i })
    pluck(stage, { at: 0.25 + at, note: degree(index) - 12, level: 0.3, pan: 0.2, seconds: 3, brightness: 0.45, seed: 31 + i })
  })
  bell(stage, { at: 1.95, note: 86, level: 0.17, pan: 0.15, seconds: 3.8 })
  bell(stage, { at: 1.97, note: 79, level: 0.13, pan: -0.15, seconds: 3.8 })
  room(stage, { wet: 0.4, seconds: 2.2 })
  fadeEnds(stage, 0.01, 1.2)
  return stage
}

/** Three bells before an announcement. */
export function chime(): Stage {
  const stage = stageOf(4.2)
  for (const [at, note, pan] of [[0.05, 67, -0.2], [0.6, 71, 0], [1.15, 74, 0.2]] as const) bell(stage, { at, note, level: 0.36, pan, seconds: 2.8 })
  room(stage, { wet: 0.3, seconds: 1.8 })
  fadeEnds(stage, 0.005, 0.8)
  return stage
}

/** The danger is over: the chime turned round, coming to rest, with a chord under it. */
export function allClear(): Stage {
  const stage = stageOf(6)
  for (const note of [55, 59, 62]) pad(stage, { at: 1.2, note, level: 0.1, pan: 0, seconds: 4.4, attack: 0.8, release: 2.2 })
  for (const [at, note, pan] of [[0.05, 79, 0.25], [0.55, 74, 0.1], [1.05, 71, -0.1], [1.6, 67, 0]] as const) bell(stage, { at, note, level: 0.32, pan, seconds: 3.6 })
  room(stage, { wet: 0.35, seconds: 2 })
  fadeEnds(stage, 0.005, 1.2)
  return stage
}

export const SIREN_SECONDS = 14

/** Flash flood: a wail climbing again and again, unlike any vehicle's. */
export function risingSiren(): Stage {
  const stage = stageOf(SIREN_SECONDS)
  const cycle = 2
  horn(stage, {
    at: 0, seconds: SIREN_SECONDS, level: 0.3,
    pitchAt: (seconds) => 420 * 2 ** (1.35 * smooth((seconds % cycle) / (cycle * 0.86))),
    levelAt: (seconds) => notch((seconds % cycle) / cycle, 0.9),
  })
  room(stage, { wet: 0.12, seconds: 0.9 })
  fadeEnds(stage, 0.02, 0.25)
  return stage
}

/** Every other danger: two steady tones in turn. */
export function twoToneSiren(): Stage {
  const stage = stageOf(SIREN_SECONDS)
  horn(stage, {
    at: 0, seconds: SIREN_SECONDS, level: 0.3,
    // 30 ms of glide: a hard switch of frequency would crackle in a horn loudspeaker.
    pitchAt: (seconds) => {
      const phase = seconds % 1.4
      return phase < 0.7 ? 587 + 197 * smooth(phase / 0.03) : 784 - 197 * smooth((phase - 0.7) / 0.03)
    },
    levelAt: () => 1,
  })
  room(stage, { wet: 0.12, seconds: 0.9 })
  fadeEnds(stage, 0.02, 0.25)
  return stage
}

const BAR_SECONDS = 3.2
/** Roots and chord tones; one chord a bar, the same walk told in two endings. */
const CHORDS: readonly (readonly number[])[] = [[43, 55, 62, 67, 71], [47, 54, 62, 66, 71], [40, 55, 59, 64, 71], [48, 55, 60, 64, 74], [43, 55, 59, 62, 74], [50, 57, 62, 66, 69], [48, 55, 60, 67, 76], [43, 55, 62, 67, 71]]

/** Neutral bed under or between words: chords, a soft bass, broken plucked chords and a sparse melody that never insists. */
export function bed(bars: number, seed: number): Stage {
  const stage = stageOf(bars * BAR_SECONDS + 3.5)
  const random = noise(seed)
  let melody = 8
  for (let bar = 0; bar < bars; bar++) {
    const at = bar * BAR_SECONDS
    const chord = CHORDS[bar % CHORDS.length] ?? []
    const busy = bar >= 2 && bar < bars - 1
    chord.slice(1).forEach((note, i) => pad(stage, { at, note, level: 0.085, pan: (i - 1.5) * 0.25, seconds: BAR_SECONDS + 1.1, attack: 0.8, release: 1.4 }))
    pluck(stage, { at, note: chord[0] ?? 43, level: 0.5, pan: 0, seconds: 3, brightness: 0.22, seed: seed + bar })
    if (bar % 2 === 1) pluck(stage, { at: at + BAR_SECONDS / 2, note: (chord[0] ?? 43) + 12, level: 0.26, pan: 0, seconds: 2, brightness: 0.22, seed: seed + bar + 500 })
    for (let step = 0; step < 8; step++) {
      const human = random() * 0.012
      const note = chord[1 + ([0, 1, 2, 3, 2, 1, 3, 2][step] ?? 0)] ?? 62
      if (bar > 0 && random() > -0.7) pluck(stage, { at: at + step * (BAR_SECONDS / 8) + 0.015 + human, note, level: step % 4 === 0 ? 0.3 : 0.2, pan: step % 2 === 0 ? -0.35 : 0.35, seconds: 1.7, brightness: 0.5, seed: seed + bar * 16 + step })
      if (busy && step % 2 === 0 && random() > (step === 0 ? -0.6 : 0.05)) {
        melody = Math.max(6, Math.min(12, melody + Math.round(random() * 2)))
        pluck(stage, { at: at + step * (BAR_SECONDS / 8) + 0.02 - human, note: degree(melody), level: 0.36, pan: 0.12, seconds: 2.6, brightness: 0.8, seed: seed + bar * 16 + step + 9_000 })
      }
    }
  }
  room(stage, { wet: 0.45, seconds: 2.4 })
  fadeEnds(stage, 0.4, 3.2)
  return stage
}

/** What goes on air when nothing else can: ident, then music; made to be repeated. */
export function reel(): Stage {
  const stage = stageOf(120)
  const opening = ident()
  const music = bed(34, 77)
  for (const [piece, from] of [[opening, 0], [music, 6 * 48_000]] as const) {
    for (let i = 0; i < piece.left.length && from + i < stage.left.length; i++) {
      stage.left[from + i] = (stage.left[from + i] ?? 0) + (piece.left[i] ?? 0)
      stage.right[from + i] = (stage.right[from + i] ?? 0) + (piece.right[i] ?? 0)
    }
  }
  fadeEnds(stage, 0.005, 1.5)
  return stage
}

function smooth(share: number): number {
  const x = Math.max(0, Math.min(1, share))
  return x * x * (3 - 2 * x)
}

/** Full until `from`, then a soft dip, so that each climb starts anew. */
function notch(share: number, from: number): number {
  if (share < 0.02) return 0.25 + 0.75 * smooth(share / 0.02)
  return share < from ? 1 : 1 - 0.75 * smooth((share - from) / (1 - from))
}
