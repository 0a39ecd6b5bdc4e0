import { decodeBase64Url, decodeUtf8, encodeBase64Url, encodeUtf8, isRecord } from './bytes.ts'
import type { SignBytes } from './primitives.ts'

/** Largest letter in bytes (BS1 5, rule 1). */
export const MAX_LETTER_BYTES = 32_768
/** Largest manifest letter fetched by HTTP. */
export const MAX_MANIFEST_BYTES = 4_194_304
/** Order of the Ed25519 base point: a signature with S at or above it is a second spelling of another one. */
const GROUP_ORDER = 2n ** 252n + 27742317777372353535851937790883648493n
const KID = /^[a-z0-9][a-z0-9._-]{0,31}$/

export interface SignedPart { readonly kid: string; readonly signedBytes: Uint8Array; readonly signature: Uint8Array }
/** A letter whose form and header are right; nothing in it is verified yet. */
export interface LetterForm { readonly parts: readonly SignedPart[]; readonly payloads: readonly string[] }

/** Rule 2. Null = bad form or header. Checked by hand, before any cryptography: JOSE libraries accept far more than BS1 does. */
export function parseForm(text: string): LetterForm | null {
  const letters = text.split('~')
  if (letters.length > 2) return null
  const parts: SignedPart[] = []
  const payloads: string[] = []
  for (const letter of letters) {
    const [header, payload, signature, ...rest] = letter.split('.')
    if (header === undefined || payload === undefined || signature === undefined || rest.length > 0 || payload === '') return null
    const kid = kidOfHeader(header)
    const signatureBytes = signature.length === 86 ? decodeBase64Url(signature) : null
    if (kid === null || signatureBytes === null || scalarOf(signatureBytes) >= GROUP_ORDER || decodeBase64Url(payload) === null) return null
    parts.push({ kid, signedBytes: encodeUtf8(`${header}.${payload}`), signature: signatureBytes })
    payloads.push(payload)
  }
  return { parts, payloads }
}

function kidOfHeader(header: string): string | null {
  const bytes = decodeBase64Url(header)
  const text = bytes === null ? null : decodeUtf8(bytes)
  if (text === null) return null
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return null
  }
  // Spelling it again must give the same text: that refuses whitespace, doubled members and escapes in one stroke.
  if (!isRecord(value) || Object.keys(value).length !== 3 || JSON.stringify(value) !== text) return null
  const { alg, typ, kid } = value
  if ((alg !== 'EdDSA' && alg !== 'Ed25519') || typ !== 'bs1+jws' || typeof kid !== 'string' || !KID.test(kid)) return null
  return kid
}

function scalarOf(signature: Uint8Array): bigint {
  let scalar = 0n
  for (let index = 63; index >= 32; index--) scalar = (scalar << 8n) | BigInt(signature[index] ?? 0)
  return scalar
}

/** Payload text of a letter part; null when it is not UTF-8 JSON. */
export function readPayload(payload: string): unknown {
  const bytes = decodeBase64Url(payload)
  const text = bytes === null ? null : decodeUtf8(bytes)
  if (text === null) return null
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** Writes one compact JWS. */
export async function writeLetter(claims: object, kid: string, sign: SignBytes): Promise<string> {
  const header = encodeBase64Url(encodeUtf8(JSON.stringify({ alg: 'EdDSA', typ: 'bs1+jws', kid })))
  const payload = encodeBase64Url(encodeUtf8(JSON.stringify(claims)))
  const signature = await sign(encodeUtf8(`${header}.${payload}`))
  return `${header}.${payload}.${encodeBase64Url(signature)}`
}
