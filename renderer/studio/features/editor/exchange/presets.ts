import type { ExportSettings } from '#contract/exchange.ts'

export const presetNames = ['air', 'exchange', 'archive', 'web', 'phone', 'speaker'] as const
export type PresetName = (typeof presetNames)[number]

type Shape = Pick<ExportSettings, 'format' | 'bits' | 'kbps' | 'channels' | 'chapters'> & { readonly broadcast: boolean; readonly cart: boolean }
const sound = { bits: 24, kbps: 128, channels: 'own', chapters: false, broadcast: false, cart: false } as const

/** What each place wants. Everything can be changed afterwards. */
export const presets: Readonly<Record<PresetName, Shape>> = {
  air: { ...sound, format: 'wav', broadcast: true },
  exchange: { ...sound, format: 'wav', bits: 16, broadcast: true, cart: true, chapters: true },
  archive: { ...sound, format: 'flac' },
  web: { ...sound, format: 'mp3', chapters: true },
  phone: { ...sound, format: 'aac', kbps: 96, chapters: true },
  speaker: { ...sound, format: 'opus', kbps: 48, channels: 'mono' },
}

export const formats = ['wav', 'flac', 'mp3', 'aac', 'opus'] as const
export const isLossless = (format: ExportSettings['format']): boolean => format === 'wav' || format === 'flac'
export const bitRates = ['32', '48', '64', '96', '128', '160', '192', '256', '320'] as const

/** A name that every system takes. */
export const fileNameOf = (title: string): string => title.replace(/[\\/:*?"<>|\p{Cc}]+/gu, '-').replace(/^\.+|\.+$/g, '').trim().slice(0, 120) || 'ban-thu'
