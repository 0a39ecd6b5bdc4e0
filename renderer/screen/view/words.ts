import { screen } from '#resources/locales/vi.json'

/** Words of the public screen. The audience is the village, so they are Vietnamese; notices bring their own languages. */
export interface ScreenWords {
  readonly welcome: string
  readonly playing: string
  readonly liveNow: string
  readonly programme: string
  readonly next: string
  readonly drill: string
  readonly risk: string
  readonly colors: Readonly<Record<string, string>>
  readonly hazards: Readonly<Record<string, string>>
  readonly pairing: { readonly title: string; readonly how: string; readonly code: string; readonly label: string; readonly digits: string; readonly compare: string; readonly waiting: string; readonly refused: string; readonly noStation: string }
}
export const words: ScreenWords = screen

/** Fills `{name}` places. */
export function say(text: string, values: Readonly<Record<string, string | number>>): string {
  return text.replaceAll(/\{(\w+)\}/g, (_whole, name: string) => String(values[name] ?? ''))
}
