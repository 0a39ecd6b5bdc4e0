import { hornShape } from '#common/levels/index.ts'
import type { PreviewTreatment, SoundAbilities, Treatment } from '#contract/sound.ts'
import type { z } from 'zod'
import { filtersOnly } from './steps.ts'
import type { SoundSteps } from './steps.ts'

type Abilities = z.infer<typeof SoundAbilities>
type CleanUp = Extract<Treatment, { kind: 'cleanUp' }>
type Horn = Extract<Treatment, { kind: 'horn' }>

/** The steps of a treatment as ffmpeg filters, as pure functions of what is wanted. All of them run in double precision. */

const MAINS_HZ = 50
const HARMONICS = 10

function hum(amount: number): string[] {
  // As wide as the mains wander; deeper at the bottom, where there is least voice to lose.
  return Array.from({ length: HARMONICS }, (_, n) => `equalizer=f=${MAINS_HZ * (n + 1)}:width_type=h:width=${(3 + n * 0.5).toFixed(1)}:gain=${(-(12 + 24 * amount) * (1 - n / (2 * HARMONICS))).toFixed(1)}`)
}

/** `floorDb`: level of the noise between the words, as it was found. The filter is told a little more: noise is not even. */
export function noiseFilter(amount: number, floorDb: number): string {
  const floor = Math.min(-20, Math.max(-80, floorDb + 5))
  return `afftdn=noise_reduction=${(4 + 26 * amount).toFixed(1)}:noise_floor=${floor.toFixed(1)}`
}

/** At the end of the slider nothing of the sound as it was is left; before it, what is left is heard this much softer. */
const DEEPEST_DB = 40
/** Share of what RNNoise gives, for an amount of 0–1. */
export const rnnoiseMix = (amount: number): number => (amount >= 1 ? 1 : 1 - 10 ** ((-DEEPEST_DB * amount) / 20))

/**
 * In the order in which the ear would want it: first what is not voice at all, then noise, then what the voice itself does too much of.
 * `noiseFloorDb`: level of the noise between the words. A reducer that is not here gives way to the other one.
 */
export function cleanUpSteps(wish: CleanUp, abilities: Abilities, noiseFloorDb: number): SoundSteps {
  const amount = wish.amount / 100
  if (amount === 0) return filtersOnly([])
  const reducer = !wish.noise ? undefined : (abilities.reducers.find((one) => one === wish.reducer) ?? abilities.reducers[0])
  const before: string[] = []
  if (wish.rumble) before.push(...twice(`highpass=f=${Math.round(50 + 35 * amount)}`))
  if (wish.hum) before.push(...hum(amount))
  if (wish.clicks && abilities.clicks) before.push(`adeclick=window=55:overlap=50:arorder=2:threshold=${(4 - 2.5 * amount).toFixed(2)}:burst=2`)
  if (reducer === 'afftdn') before.push(noiseFilter(amount, noiseFloorDb))
  const after = wish.sibilance && abilities.sibilance ? [`deesser=i=${(0.3 + 0.45 * amount).toFixed(2)}:m=0.5:f=0.7`] : []
  return { before, rnnoise: reducer === 'rnnoise' ? rnnoiseMix(amount) : null, after }
}

/** Speech as a horn can carry it: what it cannot play only makes it warm, and what is soft is lost between the houses. */
export function hornChain({ upperHz, compression }: Horn): string[] {
  const share = compression / 100
  const limits = [...twice('highpass=f=300'), ...twice(`lowpass=f=${upperHz}`)]
  const presence = 'equalizer=f=2500:width_type=q:width=0.9:gain=3'
  if (share === 0) return [...limits, presence]
  return [...limits, presence, `acompressor=threshold=${(10 ** (-(18 + 10 * share) / 20)).toFixed(4)}:ratio=${(1.5 + 4.5 * share).toFixed(2)}:attack=4:release=140:knee=4:makeup=${(1 + 2 * share).toFixed(2)}`]
}

/** What it would sound like from the pole. */
export function hornEarChain({ watts }: Extract<PreviewTreatment, { kind: 'hornEar' }>): string[] {
  const shape = hornShape(watts)
  return [
    ...twice(`highpass=f=${shape.lowHz}`), ...twice(`lowpass=f=${shape.highHz}`),
    ...shape.resonances.map(({ hz, gainDb, q }) => `equalizer=f=${hz}:width_type=q:width=${q}:gain=${gainDb.toFixed(1)}`),
    `volume=${shape.driveDb.toFixed(2)}dB`, 'asoftclip=type=atan:threshold=0.7', `volume=${(-shape.driveDb).toFixed(2)}dB`, `lowpass=f=${shape.highHz}`,
  ]
}

/**
 * `tempo` above 1 shortens. Rubber Band as it comes, tried at ±5 % against its other settings: phases that begin anew at consonants let a steady tone
 * drift by 8 cents at most and keep the course of speech within 1.5 dB; `transients=smooth` holds the tone and blurs the course by 3 dB, `window=long`
 * is heard 6 dB louder before a consonant, `window=short` drifts by 10 cents where low voices are.
 */
export function stretchChain(tempo: number, engine: 'rubberband' | 'atempo'): string[] {
  return engine === 'rubberband' ? [`rubberband=tempo=${tempo.toFixed(9)}:channels=together:pitchq=quality`] : [`atempo=${tempo.toFixed(9)}`]
}

function twice(filter: string): string[] {
  return [filter, filter]
}
