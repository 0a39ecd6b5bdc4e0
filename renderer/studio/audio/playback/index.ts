export { Player } from './player.ts'
export type { PlayerEvents } from './player.ts'
export type { PlaybackPlan } from './block-maker.ts'
export { fetchRange, PcmCache } from './pcm-cache.ts'
