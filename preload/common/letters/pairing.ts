import { concatBytes, decodeBase64Url, encodeBase64Url, encodeUtf8, toHex } from './bytes.ts'
import type { Primitives } from './primitives.ts'

/** Facts printed on the label of a device. */
export interface DeviceLabel { readonly dev: string; readonly spkiSha256: string; readonly claim: string }

export function parseLabel(text: string): DeviceLabel | null {
  const match = /^BS1:([A-Z]{3}-[0-9A-Z]{6,16}):([A-Za-z0-9_-]{43}):([0-9A-HJKMNP-TV-Z]{8})$/.exec(text.trim())
  const [, dev, spkiSha256, claim] = match ?? []
  return dev === undefined || spkiSha256 === undefined || claim === undefined ? null : { dev, spkiSha256, claim }
}

export function writeLabel(label: DeviceLabel): string {
  return `BS1:${label.dev}:${label.spkiSha256}:${label.claim}`
}

export async function commitmentOf(nonceD: string, primitives: Primitives): Promise<string> {
  return toHex(await primitives.sha256(bytesOf(nonceD)))
}

/** Everything both sides of a pairing derive from what they know. */
export interface PairingProof { readonly transcript: Uint8Array; readonly digits: string; readonly mac: string }

export async function pairingProof(known: { spkiSha256: string; rootX: string; nonceD: string; nonceS: string; claim: string }, primitives: Primitives): Promise<PairingProof> {
  const transcript = await primitives.sha256(concatBytes(encodeUtf8('BS1-PAIR-1'), bytesOf(known.spkiSha256), bytesOf(known.rootX), bytesOf(known.nonceD), bytesOf(known.nonceS)))
  const [a = 0, b = 0, c = 0, d = 0] = transcript
  const digits = String((((a << 24) | (b << 16) | (c << 8) | d) >>> 0) % 1_000_000).padStart(6, '0')
  const mac = encodeBase64Url(await primitives.hmacSha256(encodeUtf8(known.claim), concatBytes(encodeUtf8('studio'), transcript)))
  return { transcript, digits, mac }
}

function bytesOf(text: string): Uint8Array {
  const bytes = decodeBase64Url(text)
  if (bytes === null) throw new RangeError('not base64url')
  return bytes
}
