/** What a picture is by its own bytes; the name of a file proves nothing. */
export interface ImageFacts {
  readonly mime: 'image/png' | 'image/jpeg' | 'image/webp'
  readonly widthPx: number
  readonly heightPx: number
}

const MAX_SIDE_PX = 16_384
const png = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
const text = (bytes: Uint8Array, at: number, length: number): string => String.fromCharCode(...bytes.subarray(at, at + length))

/** PNG, JPEG or WebP with a believable size and, as far as can be told without decoding, not cut off; else null. */
export function imageFacts(bytes: Uint8Array): ImageFacts | null {
  const facts = pngFacts(bytes) ?? jpegFacts(bytes) ?? webpFacts(bytes)
  return facts !== null && facts.widthPx > 0 && facts.heightPx > 0 && facts.widthPx <= MAX_SIDE_PX && facts.heightPx <= MAX_SIDE_PX ? facts : null
}

function pngFacts(bytes: Uint8Array): ImageFacts | null {
  if (bytes.length < 45 || !png.every((value, i) => bytes[i] === value) || text(bytes, 12, 4) !== 'IHDR') return null
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  // A whole PNG ends with an empty IEND chunk.
  for (let at = 8; at + 12 <= bytes.length;) {
    const length = view.getUint32(at)
    if (text(bytes, at + 4, 4) === 'IEND') return { mime: 'image/png', widthPx: view.getUint32(16), heightPx: view.getUint32(20) }
    at += 12 + length
  }
  return null
}

function jpegFacts(bytes: Uint8Array): ImageFacts | null {
  if (bytes.length < 12 || bytes[0] !== 0xff || bytes[1] !== 0xd8 || bytes[2] !== 0xff) return null
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (!endsLikeJpeg(bytes)) return null
  for (let at = 2; at + 9 < bytes.length;) {
    if (bytes[at] !== 0xff) return null
    const marker = bytes[at + 1] ?? 0
    if (marker === 0xff) {
      at++
      continue
    }
    if (marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8)) {
      at += 2
      continue
    }
    // Start of frame of any coding except tables (C4), JPG (C8) and arithmetic conditioning (CC).
    if (marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc) return { mime: 'image/jpeg', heightPx: view.getUint16(at + 5), widthPx: view.getUint16(at + 7) }
    at += 2 + view.getUint16(at + 2)
  }
  return null
}

/** End-of-image marker within the last bytes: cameras append padding or previews after it, a download that broke off has none. */
function endsLikeJpeg(bytes: Uint8Array): boolean {
  for (let at = bytes.length - 2; at >= Math.max(2, bytes.length - 65_536); at--) if (bytes[at] === 0xff && bytes[at + 1] === 0xd9) return true
  return false
}

function webpFacts(bytes: Uint8Array): ImageFacts | null {
  if (bytes.length < 30 || text(bytes, 0, 4) !== 'RIFF' || text(bytes, 8, 4) !== 'WEBP') return null
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (view.getUint32(4, true) + 8 > bytes.length) return null
  const size = (widthPx: number, heightPx: number): ImageFacts => ({ mime: 'image/webp', widthPx, heightPx })
  switch (text(bytes, 12, 4)) {
    case 'VP8 ': return view.getUint8(23) === 0x9d ? size(view.getUint16(26, true) & 0x3fff, view.getUint16(28, true) & 0x3fff) : null
    case 'VP8L': {
      const bits = view.getUint32(21, true)
      return view.getUint8(20) === 0x2f ? size((bits & 0x3fff) + 1, ((bits >>> 14) & 0x3fff) + 1) : null
    }
    case 'VP8X': return size((view.getUint16(24, true) | (view.getUint8(26) << 16)) + 1, (view.getUint16(27, true) | (view.getUint8(29) << 16)) + 1)
    default: return null
  }
}
