import { crc32 } from 'node:zlib'
import { parseLine } from './records.ts'
import type { LogRecord } from './records.ts'

/** `edit.log`: a line is the CRC-32 of its JSON in hex, a blank, the JSON. Written once, never changed. */
export function encodeLine(line: LogRecord): Buffer {
  const json = JSON.stringify(line)
  return Buffer.from(`${crc32(json).toString(16).padStart(8, '0')} ${json}\n`)
}

function decodeLine(text: string): LogRecord | null {
  const json = text.slice(9)
  if (text[8] !== ' ' || crc32(json).toString(16).padStart(8, '0') !== text.slice(0, 8)) return null
  try {
    return parseLine(JSON.parse(json))
  } catch {
    // A checksum that fits by chance over something that is no JSON.
    return null
  }
}

export interface LogReading {
  readonly lines: readonly LogRecord[]
  /** Bytes of the good lines. */
  readonly goodBytes: number
  /** `torn`: the end of the last line never reached the disk, so nobody was told that it was kept. `bad`: anything else. */
  readonly end: 'whole' | 'torn' | 'bad'
}

/** Reads until the first line that is not as it was written; `accept` may refuse a line that does not follow from the ones before. */
export function readLog(bytes: Buffer, accept: (line: LogRecord) => boolean): LogReading {
  const lines: LogRecord[] = []
  let at = 0
  while (at < bytes.length) {
    const end = bytes.indexOf(0x0a, at)
    if (end < 0) return { lines, goodBytes: at, end: 'torn' }
    const line = decodeLine(bytes.toString('utf8', at, end))
    if (line === null || !accept(line)) return { lines, goodBytes: at, end: 'bad' }
    lines.push(line)
    at = end + 1
  }
  return { lines, goodBytes: at, end: 'whole' }
}
