export { MAX_PLAY_GAIN_DB, PLAY_CEILING_DBTP, playGainDb } from './play-gain.ts'
export { hornBend, hornShape } from './horn.ts'
export type { HornShape } from './horn.ts'
