/**
 * Ogg pages (RFC 3533) of an Opus stream (RFC 7845), fed with bytes as they arrive. A bad page is skipped to the next
 * capture pattern; memory stays bounded whatever the sender does.
 */
export interface OpusHead {
  readonly channels: number
  readonly preSkip: number
}
export interface OpusPacket {
  readonly data: Uint8Array
  /** Number of the first sample, granule position minus pre-skip; may be negative at the start of a stream. */
  readonly firstSample: number
  readonly samples: number
}
export interface OggEvents {
  head(head: OpusHead): void
  packet(packet: OpusPacket): void
  /** End-of-stream flag seen; samples at or above `lastSample` are padding. */
  end(lastSample: number): void
}

const MAX_PAGE_BYTES = 27 + 255 + 255 * 255
const MAX_PACKET_BYTES = 256 * 1024

const crcTable = (() => {
  const table = new Uint32Array(256)
  for (let n = 0; n < 256; n++) {
    let c = n << 24
    for (let k = 0; k < 8; k++) c = c & 0x80000000 ? (c << 1) ^ 0x04c11db7 : c << 1
    table[n] = c >>> 0
  }
  return table
})()

/** CRC of an Ogg page; its own four bytes count as zero. */
export function oggCrc(page: Uint8Array): number {
  let crc = 0
  for (let i = 0; i < page.length; i++) {
    const byte = i >= 22 && i < 26 ? 0 : (page[i] ?? 0)
    crc = ((crc << 8) ^ (crcTable[((crc >>> 24) ^ byte) & 0xff] ?? 0)) >>> 0
  }
  return crc
}

/** Samples at 48 kHz in an Opus packet from its table-of-contents byte (RFC 6716 section 3.1); 0 = not a valid packet. */
export function opusPacketSamples(packet: Uint8Array): number {
  const toc = packet[0]
  if (toc === undefined) return 0
  const config = toc >> 3
  const frame = config < 12 ? [480, 960, 1920, 2880][config & 3] : config < 16 ? [480, 960][config & 1] : [120, 240, 480, 960][config & 3]
  const code = toc & 3
  const frames = code === 0 ? 1 : code < 3 ? 2 : (packet[1] ?? 0) & 0x3f
  const samples = (frame ?? 0) * frames
  return samples > 5760 ? 0 : samples
}

export interface OggReader {
  push(bytes: Uint8Array): void
  readonly badPages: number
}

export function openOggReader(events: OggEvents): OggReader {
  let buffer = new Uint8Array(0)
  let serial: number | null = null
  let head: OpusHead | null = null
  let tagsSeen = false
  let partial: Uint8Array[] = []
  let partialBytes = 0
  let badPages = 0
  let nextSample: number | null = null

  function takePage(page: Uint8Array, view: DataView, segments: number): void {
    const flags = page[5] ?? 0
    const pageSerial = view.getUint32(14, true)
    if (flags & 2) {
      // Beginning of a (new) logical stream.
      serial = pageSerial
      head = null
      tagsSeen = false
      partial = []
      partialBytes = 0
      nextSample = null
    }
    if (serial !== pageSerial) return
    if (!(flags & 1)) {
      partial = []
      partialBytes = 0
    }
    const granule = Number(view.getBigInt64(6, true))
    const complete: Uint8Array[] = []
    let at = 27 + segments
    for (let i = 0; i < segments; i++) {
      const size = page[27 + i] ?? 0
      if (size > 0) {
        partial.push(page.slice(at, at + size))
        partialBytes += size
      }
      at += size
      if (partialBytes > MAX_PACKET_BYTES) {
        partial = []
        partialBytes = 0
        badPages++
        return
      }
      if (size < 255) {
        complete.push(joined(partial, partialBytes))
        partial = []
        partialBytes = 0
      }
    }
    takePackets(complete, granule, (flags & 4) !== 0)
  }

  function takePackets(packets: Uint8Array[], granule: number, last: boolean): void {
    const sound: { data: Uint8Array; samples: number }[] = []
    for (const data of packets) {
      if (head === null) {
        head = parseHead(data)
        if (head === null) {
          badPages++
          return
        }
        events.head(head)
      } else if (!tagsSeen) tagsSeen = true
      else {
        const samples = opusPacketSamples(data)
        if (samples > 0) sound.push({ data, samples })
        else badPages++
      }
    }
    if (head === null) return
    const total = sound.reduce((sum, one) => sum + one.samples, 0)
    const endSample = granule - head.preSkip
    // The granule of a page is the end of its last packet; on the last page it may be less, which trims the end.
    let first = granule < 0 ? (nextSample ?? 0) : last ? Math.max(endSample - total, nextSample ?? endSample - total) : endSample - total
    for (const one of sound) {
      events.packet({ data: one.data, firstSample: first, samples: one.samples })
      first += one.samples
    }
    if (sound.length > 0) nextSample = first
    if (last) events.end(granule >= 0 ? endSample : first)
  }

  return {
    get badPages() {
      return badPages
    },
    push(bytes) {
      buffer = buffer.length === 0 ? bytes.slice() : joined([buffer, bytes], buffer.length + bytes.length)
      let at = 0
      while (buffer.length - at >= 27) {
        if (!(buffer[at] === 0x4f && buffer[at + 1] === 0x67 && buffer[at + 2] === 0x67 && buffer[at + 3] === 0x53 && buffer[at + 4] === 0)) {
          at++
          continue
        }
        const segments = buffer[at + 26] ?? 0
        if (buffer.length - at < 27 + segments) break
        let size = 27 + segments
        for (let i = 0; i < segments; i++) size += buffer[at + 27 + i] ?? 0
        if (buffer.length - at < size) break
        const page = buffer.subarray(at, at + size)
        const view = new DataView(page.buffer, page.byteOffset, page.byteLength)
        if (oggCrc(page) === view.getUint32(22, true)) {
          takePage(page, view, segments)
          at += size
        } else {
          badPages++
          at++
        }
      }
      buffer = buffer.slice(at)
      if (buffer.length > MAX_PAGE_BYTES) buffer = buffer.slice(buffer.length - MAX_PAGE_BYTES)
    },
  }
}

function parseHead(data: Uint8Array): OpusHead | null {
  if (data.length < 19 || new TextDecoder().decode(data.subarray(0, 8)) !== 'OpusHead') return null
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength)
  const channels = view.getUint8(9)
  // Mapping family 0 only: one mono or stereo stream.
  if (channels < 1 || channels > 2 || view.getUint8(18) !== 0) return null
  return { channels, preSkip: view.getUint16(10, true) }
}

function joined(parts: readonly Uint8Array[], bytes: number): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(bytes)
  let at = 0
  for (const part of parts) {
    out.set(part, at)
    at += part.length
  }
  return out
}
