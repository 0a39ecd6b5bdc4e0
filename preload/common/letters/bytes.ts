/** Bytes and text without any platform API: this folder runs the same in Node, in a window and in a kiosk page. */

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
const VALUES = new Map([...ALPHABET].map((character, value) => [character, value]))
const PERCENT = Array.from({ length: 256 }, (_, value) => `%${value.toString(16).padStart(2, '0')}`)

/** Strict base64url: no padding, no whitespace, unused low bits zero (so one byte string has one spelling). Null when malformed. */
export function decodeBase64Url(text: string): Uint8Array | null {
  if (text.length % 4 === 1) return null
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4))
  let buffer = 0
  let bits = 0
  let position = 0
  for (const character of text) {
    const value = VALUES.get(character)
    if (value === undefined) return null
    buffer = (buffer << 6) | value
    bits += 6
    if (bits >= 8) {
      bits -= 8
      bytes[position++] = (buffer >> bits) & 0xff
      buffer &= (1 << bits) - 1
    }
  }
  return buffer === 0 ? bytes : null
}

export function encodeBase64Url(bytes: Uint8Array): string {
  let text = ''
  let buffer = 0
  let bits = 0
  for (const byte of bytes) {
    buffer = (buffer << 8) | byte
    bits += 8
    while (bits >= 6) {
      bits -= 6
      text += ALPHABET[(buffer >> bits) & 63]
      buffer &= (1 << bits) - 1
    }
  }
  return bits > 0 ? text + ALPHABET[(buffer << (6 - bits)) & 63] : text
}

/** Strict UTF-8; null when the bytes are not UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string | null {
  const parts: string[] = []
  if (bytes.every((byte) => byte < 0x80)) {
    for (let start = 0; start < bytes.length; start += 4096) parts.push(String.fromCharCode(...bytes.subarray(start, start + 4096)))
    return parts.join('')
  }
  try {
    for (const byte of bytes) parts.push(PERCENT[byte] ?? '')
    return decodeURIComponent(parts.join(''))
  } catch {
    return null
  }
}

export function encodeUtf8(text: string): Uint8Array {
  const escaped = encodeURIComponent(text)
  const bytes: number[] = []
  for (let index = 0; index < escaped.length; index++) {
    if (escaped[index] === '%') {
      bytes.push(Number.parseInt(escaped.slice(index + 1, index + 3), 16))
      index += 2
    } else bytes.push(escaped.charCodeAt(index))
  }
  return Uint8Array.from(bytes)
}

export function concatBytes(...parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let position = 0
  for (const part of parts) {
    joined.set(part, position)
    position += part.length
  }
  return joined
}

export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
