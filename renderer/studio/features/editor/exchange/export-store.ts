import { create } from 'zustand'
import type { ExportSettings } from '#contract/exchange.ts'
import { broadcastDateOf } from '../../../i18n/formats.ts'
import { presets } from './presets.ts'
import type { PresetName } from './presets.ts'

export interface ExportWish {
  readonly destination: 'library' | 'folder'
  readonly preset: PresetName | 'custom'
  readonly folder: string
  readonly name: string
  readonly replace: boolean
  readonly onlySelection: boolean
  readonly hasBroadcast: boolean
  readonly hasCart: boolean
  readonly settings: Omit<ExportSettings, 'broadcast' | 'cart' | 'range'>
  readonly broadcast: NonNullable<ExportSettings['broadcast']>
  readonly cart: NonNullable<ExportSettings['cart']>
}

/** In the station's zone, as a date field writes it. */
const day = (offsetDays: number): string => broadcastDateOf(Date.now() + offsetDays * 86_400_000)

/** What was asked for last stays for the next export of this window. */
export const useExport = create<ExportWish>(() => ({
  destination: 'library', preset: 'air', folder: '', name: '', replace: false, onlySelection: false, hasBroadcast: true, hasCart: false,
  settings: { format: 'wav', bits: 24, kbps: 128, channels: 'own', chapters: false, tags: { title: '', artist: '', album: '', date: day(0), comment: '' } },
  broadcast: { description: '', originator: '', originatorReference: '' },
  cart: { cutId: '', category: '', classification: '', outCue: '', startDate: day(0), endDate: day(365) },
}))

export const wish = (change: Partial<ExportWish>): void => useExport.setState(change)
export const wishSettings = (change: Partial<ExportWish['settings']>): void => useExport.setState((now) => ({ preset: 'custom', settings: { ...now.settings, ...change } }))

export function choosePreset(preset: PresetName): void {
  const { broadcast, cart, ...shape } = presets[preset]
  useExport.setState((now) => ({ preset, hasBroadcast: broadcast, hasCart: cart, settings: { ...now.settings, ...shape } }))
}
