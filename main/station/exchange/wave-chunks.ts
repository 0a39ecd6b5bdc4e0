import { encodeBext, encodeCart, encodeInfo, plainCart } from './bwf/index.ts'
import type { BextLoudness, Chunk } from './bwf/index.ts'
import type { Edl } from '#common/edl/index.ts'
import type { ExportSettings } from '#contract/exchange.ts'

export interface WaveFacts {
  readonly settings: ExportSettings
  readonly edl: Edl
  readonly channels: 1 | 2
  readonly length: number
  readonly loudness: BextLoudness | null
  /** Local date and time of the export, `yyyy-mm-dd` and `hh:mm:ss`. */
  readonly date: string
  readonly time: string
}
const PROGRAM = 'VangXa Studio'

/** The chunks that stand before the sound of an exported WAV. */
export function waveChunks(facts: WaveFacts): Chunk[] {
  const { settings, edl, channels, length, loudness, date, time } = facts
  const { tags, broadcast, cart } = settings
  const chunks: Chunk[] = []
  if (broadcast !== null) {
    const mode = channels === 1 ? 'mono' : 'stereo'
    chunks.push({
      id: 'bext',
      bytes: encodeBext({
        ...broadcast, originationDate: date, originationTime: time, timeReference: Math.round((edl.slot.startsAtSec ?? 0) * 48_000), loudness,
        codingHistory: `A=PCM,F=48000,W=${settings.bits},M=${mode},T=${PROGRAM}\r\n`,
      }),
    })
  }
  if (cart !== null) {
    chunks.push({
      id: 'cart',
      bytes: encodeCart({
        ...plainCart, ...cart, title: tags.title, artist: tags.artist, producerApp: PROGRAM,
        timers: [{ usage: 'AUDs', at: 0 }, { usage: 'AUDe', at: Math.min(length, 0xffffffff) }],
      }),
    })
  }
  const info = encodeInfo({ INAM: tags.title, IART: tags.artist, IPRD: tags.album, ICRD: tags.date, ICMT: tags.comment, ISFT: PROGRAM })
  if (info !== null) chunks.push(info)
  if (settings.chapters && edl.markers.length > 0) chunks.push(...cueChunks(edl, length))
  return chunks
}

/** Points (`cue `) with their labels (`LIST adtl`), as editors and playout programs read them from a WAV. */
function cueChunks(edl: Edl, length: number): Chunk[] {
  const points = edl.markers.filter((marker) => marker.at < Math.min(length, 0xffffffff))
  const cue = Buffer.alloc(4 + 24 * points.length)
  cue.writeUInt32LE(points.length, 0)
  points.forEach((marker, n) => {
    const at = 4 + 24 * n
    cue.writeUInt32LE(n + 1, at)
    cue.writeUInt32LE(marker.at, at + 4)
    cue.write('data', at + 8, 'latin1')
    cue.writeUInt32LE(marker.at, at + 20)
  })
  const labels = points.map((marker, n) => {
    const text = Buffer.from(`${marker.label}\0`, 'utf8')
    const label = Buffer.alloc(12 + text.length + (text.length & 1))
    label.write('labl', 0, 'latin1')
    label.writeUInt32LE(4 + text.length, 4)
    label.writeUInt32LE(n + 1, 8)
    text.copy(label, 12)
    return label
  })
  return [{ id: 'cue ', bytes: cue }, { id: 'LIST', bytes: Buffer.concat([Buffer.from('adtl'), ...labels]) }]
}
