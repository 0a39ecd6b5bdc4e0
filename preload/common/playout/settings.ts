import { CUT_FADE_SAMPLES, DECLICK_SAMPLES } from '../mix/index.ts'
import type { SequencerSettings } from './types.ts'

export const defaultSequencerSettings: SequencerSettings = {
  solves: true, cutFade: CUT_FADE_SAMPLES, nextNowFade: 28_800, declick: DECLICK_SAMPLES, squeezeCap: 0.02, stretchCap: 0.02, timeFade: 144_000, tolerance: 24_000, silenceMax: 96_000,
}
