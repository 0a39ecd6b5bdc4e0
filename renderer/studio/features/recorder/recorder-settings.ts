import { create } from 'zustand'
import { z } from 'zod'
import type { TakeSplit } from '#contract/recorder.ts'

/** How this window likes to record; kept between days. */
const Settings = z.object({
  source: z.enum(['device', 'stream', 'air']).default('device'),
  streamUrl: z.string().max(1_000).default(''),
  countIn: z.boolean().default(false),
  splitMinutes: z.number().int().min(1).max(720).nullable().default(null),
  splitAtMarks: z.boolean().default(false),
  preRollSeconds: z.number().int().min(1).max(5).default(3),
  side: z.enum(['takes', 'script']).default('takes'),
  scriptSizePx: z.number().int().min(20).max(80).default(34),
  /** Spoken words a minute. */
  scriptPace: z.number().int().min(60).max(260).default(140),
})
export type RecorderSettings = z.infer<typeof Settings>
const KEY = 'recorder.settings'

function read(): RecorderSettings {
  try {
    return Settings.parse(JSON.parse(localStorage.getItem(KEY) ?? '{}'))
  } catch {
    // Written by another version, or by hand.
    return Settings.parse({})
  }
}

export const useRecorderSettings = create<RecorderSettings>(read)
export function changeSettings(change: Partial<RecorderSettings>): void {
  useRecorderSettings.setState(change)
  localStorage.setItem(KEY, JSON.stringify(useRecorderSettings.getState()))
}

export function wantedSplit(): { split?: TakeSplit } {
  const { splitMinutes, splitAtMarks } = useRecorderSettings.getState()
  return splitMinutes === null && !splitAtMarks ? {} : { split: { everyMinutes: splitMinutes, atMarks: splitAtMarks } }
}
