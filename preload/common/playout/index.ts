export * from './words.ts'
export * from './types.ts'
export { WALL_SAMPLES_PER_MS, instantOf, wallSamples } from './wall.ts'
export { defaultSequencerSettings } from './settings.ts'
