import { asciiOf, putText, textAt } from './text.ts'

/**
 * Cart chunk (AES46-2002): what a playout system wants to know about a cut. https://www.aes.org/publications/standards/search.cfm?docID=41
 */
export interface Cart {
  readonly title: string
  readonly artist: string
  readonly cutId: string
  readonly clientId: string
  readonly category: string
  readonly classification: string
  readonly outCue: string
  /** `yyyy-mm-dd`, `hh:mm:ss`: the cut must not be used outside of these. */
  readonly startDate: string
  readonly startTime: string
  readonly endDate: string
  readonly endTime: string
  readonly producerApp: string
  readonly producerVersion: string
  readonly userText: string
  /** Sample value of 0 dB, 32 768 for full scale of 16 bits. */
  readonly levelReference: number
  /** At most eight. `usage` is a four-letter code: `AUDs`, `AUDe`, `INTs`, `SEGs`, `EOD ` … */
  readonly timers: readonly { readonly usage: string; readonly at: number }[]
  readonly url: string
  readonly tagText: string
}

const FIXED_BYTES = 2048
/** Field, place, width; the rest is numbers. */
const texts = [
  ['title', 4, 64], ['artist', 68, 64], ['cutId', 132, 64], ['clientId', 196, 64], ['category', 260, 64], ['classification', 324, 64], ['outCue', 388, 64],
  ['startDate', 452, 10], ['startTime', 462, 8], ['endDate', 470, 10], ['endTime', 480, 8], ['producerApp', 488, 64], ['producerVersion', 552, 64], ['userText', 616, 64],
  ['url', 1024, 1024],
] as const satisfies readonly (readonly [keyof Cart, number, number])[]
const LEVEL_AT = 680
const TIMERS_AT = 684
const TIMERS = 8

export const plainCart: Cart = {
  title: '', artist: '', cutId: '', clientId: '', category: '', classification: '', outCue: '', startDate: '1900-01-01', startTime: '00:00:00', endDate: '9999-12-31', endTime: '23:59:59',
  producerApp: '', producerVersion: '', userText: '', levelReference: 32_768, timers: [], url: '', tagText: '',
}

export function encodeCart(cart: Cart): Uint8Array {
  const tagText = new TextEncoder().encode(cart.tagText === '' ? '' : `${asciiOf(cart.tagText)}\r\n\0`)
  const bytes = new Uint8Array(FIXED_BYTES + tagText.length)
  const view = new DataView(bytes.buffer)
  putText(bytes, 0, 4, '0101')
  for (const [name, at, width] of texts) putText(bytes, at, width, cart[name])
  view.setInt32(LEVEL_AT, cart.levelReference, true)
  cart.timers.slice(0, TIMERS).forEach((timer, n) => {
    putText(bytes, TIMERS_AT + 8 * n, 4, timer.usage.padEnd(4))
    view.setUint32(TIMERS_AT + 8 * n + 4, timer.at, true)
  })
  bytes.set(tagText, FIXED_BYTES)
  return bytes
}

/** Null when it is too short to be one. */
export function decodeCart(bytes: Uint8Array): Cart | null {
  if (bytes.length < FIXED_BYTES) return null
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const read = Object.fromEntries(texts.map(([name, at, width]) => [name, textAt(bytes, at, width)]))
  const timers = Array.from({ length: TIMERS }, (_, n) => ({ usage: textAt(bytes, TIMERS_AT + 8 * n, 4), at: view.getUint32(TIMERS_AT + 8 * n + 4, true) }))
  return { ...plainCart, ...read, levelReference: view.getInt32(LEVEL_AT, true), timers: timers.filter((timer) => timer.usage !== ''), tagText: textAt(bytes, FIXED_BYTES, bytes.length - FIXED_BYTES) }
}
