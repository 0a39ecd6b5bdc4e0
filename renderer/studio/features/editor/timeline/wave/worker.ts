import { decodePeaks, decodeRms, PEAKS_HEADER_BYTES, PeaksIntake, readPlaneHeader, RmsIntake } from '#common/peaks/index.ts'
import type { Peaks, PeaksHeader } from '#common/peaks/index.ts'
import { fetchRange, PcmCache } from '../../../../audio/playback/pcm-cache.ts'
import { HEADER_BYTES, MAX_POINTS, planesAbove, pyramidAbove } from './levels.ts'
import type { FromWave, ToWave, WaveUrls } from './messages.ts'

/** Everything the picture of a wave needs is fetched, joined and decoded here: the window's main thread only draws. */
const PCM_BYTES = 12_000_000

const pcm = new PcmCache(fetchRange, PCM_BYTES)
let pcmUrls: readonly string[] = []
const running = new Map<number, AbortController>()
/** One read after the other: the cache keeps what the last one asked for. */
let turn: Promise<unknown> = Promise.resolve()

function tell(message: FromWave, transfer: Transferable[] = []): void {
  globalThis.postMessage(message, { transfer })
}

globalThis.addEventListener('message', (event: MessageEvent<ToWave>) => {
  const message = event.data
  if (message.kind === 'cancel') running.get(message.id)?.abort()
  else if (message.kind === 'sources') usePcm(message.pcmUrls)
  else void serve(message)
})

async function serve(message: Extract<ToWave, { urls: WaveUrls }>): Promise<void> {
  const abort = new AbortController()
  running.set(message.id, abort)
  try {
    if (message.kind === 'levels') await giveLevels(message.id, message.urls, abort.signal)
    else if (message.kind === 'points') await givePoints(message)
    else await (turn = turn.then(() => giveSamples(message), () => giveSamples(message)))
  } catch {
    // The picture shows what it has; playing says what is wrong with a file.
    tell({ kind: 'failed', id: message.id })
  } finally {
    running.delete(message.id)
  }
}

const READ_BYTES = 1 << 18
/** Reads a file as it comes; the first 24 bytes are its header. The browser's cache is left out: it would write the file to disk a second time. */
async function stream(url: string, plane: 'peaks' | 'rms', signal: AbortSignal, open: (header: PeaksHeader) => (piece: Uint8Array) => void): Promise<void> {
  const response = await fetch(url, { signal, cache: 'no-store', priority: 'low' })
  if (!response.ok || response.body === null) throw new Error('no such file')
  const read = pieces(response.body)
  let head = new Uint8Array(0)
  let take: ((piece: Uint8Array) => void) | null = null
  for (let piece = await read(); piece !== null; piece = await read()) {
    if (take !== null) {
      take(piece)
      continue
    }
    const joined = new Uint8Array(head.length + piece.length)
    joined.set(head)
    joined.set(piece, head.length)
    head = joined
    if (head.length < HEADER_BYTES) continue
    const header = readPlaneHeader(head, plane)
    if (header === null) throw new Error('not a peaks file')
    take = open(header)
    take(head.subarray(HEADER_BYTES))
  }
}

/** One buffer for the whole file where the engine can lend it; tens of megabytes of pieces would wait for the collector. */
function pieces(body: ReadableStream<Uint8Array>): () => Promise<Uint8Array | null> {
  try {
    const reader = body.getReader({ mode: 'byob' })
    let buffer = new ArrayBuffer(READ_BYTES)
    return async () => {
      const { value, done } = await reader.read(new Uint8Array(buffer))
      if (value !== undefined) buffer = value.buffer
      return done ? null : value
    }
  } catch {
    // Streams of bytes cannot be read into a given buffer here.
    const reader = body.getReader()
    return async () => (await reader.read()).value ?? null
  }
}

/** The whole in a few thousand points, both planes in one answer: it is there at once, also while the planes themselves are still being drawn. */
async function giveCoarse(id: number, url: string, signal: AbortSignal): Promise<void> {
  const response = await fetch(url, { signal, cache: 'no-store', priority: 'high' })
  if (!response.ok) return
  const bytes = new Uint8Array(await response.arrayBuffer())
  const header = readPlaneHeader(bytes, 'peaks')
  if (header === null) return
  const end = PEAKS_HEADER_BYTES + header.length * header.channels * 4
  const peaks = decodePeaks(bytes.subarray(0, end))
  const rms = decodeRms(bytes.subarray(end))
  if (peaks === null) return
  const levels: Peaks[] = pyramidAbove(rms === null ? peaks : { ...peaks, rms: rms.data })
  tell({ kind: 'levels', id, levels, isWhole: false })
}

async function giveLevels(id: number, urls: WaveUrls, signal: AbortSignal): Promise<void> {
  await giveCoarse(id, urls.coarse, signal).catch(() => undefined)
  let intake: PeaksIntake | null = null
  await stream(urls.peaks, 'peaks', signal, (header) => {
    const made = new PeaksIntake(header, MAX_POINTS)
    intake = made
    return (piece) => made.push(piece)
  })
  const made = intake as PeaksIntake | null
  if (made === null) throw new Error('an empty file')
  made.end()
  const levels = pyramidAbove(made.level)
  let body: RmsIntake | null = null
  await stream(urls.rms, 'rms', signal, (header) => {
    const kept = new RmsIntake(header, MAX_POINTS)
    body = kept
    return (piece) => kept.push(piece)
  }).catch(() => undefined)
  const planes = planesOf(body, made.level)
  const whole = levels.map((level, n): Peaks => (planes[n] === undefined ? level : { ...level, rms: planes[n] }))
  tell({ kind: 'levels', id, levels: whole, isWhole: true }, [...levels.map((level) => level.data.buffer as ArrayBuffer), ...planes.map((plane) => plane.buffer as ArrayBuffer)])
}

/** None when the file does not belong to these peaks. */
function planesOf(body: RmsIntake | null, { channels, length }: Peaks): Uint16Array[] {
  body?.end()
  return body === null || body.plane.length !== length * channels ? [] : planesAbove(body.plane, channels, length)
}

async function givePoints({ id, urls, channels, from, to }: Extract<ToWave, { kind: 'points' }>): Promise<void> {
  const [peaks, rms] = await Promise.all([
    fetchRange(urls.peaks, HEADER_BYTES + from * channels * 4, HEADER_BYTES + to * channels * 4),
    fetchRange(urls.rms, HEADER_BYTES + from * channels * 2, HEADER_BYTES + to * channels * 2).catch(() => null),
  ])
  const data = new Int16Array(new Uint8Array(peaks.subarray(0, peaks.length & ~3)).buffer)
  const body = rms === null ? null : new Uint16Array(new Uint8Array(rms.subarray(0, rms.length & ~1)).buffer)
  tell({ kind: 'points', id, data, rms: body }, body === null ? [data.buffer] : [data.buffer, body.buffer])
}

function usePcm(urls: readonly string[]): void {
  pcmUrls = urls
  pcm.setSources(urls)
}

async function giveSamples({ id, urls, channels, from, to }: Extract<ToWave, { kind: 'samples' }>): Promise<void> {
  if (!pcmUrls.includes(urls.pcm)) usePcm([...pcmUrls, urls.pcm])
  const source = pcmUrls.indexOf(urls.pcm)
  await pcm.ensure([{ source, offset: from, frames: to - from }])
  const data = Array.from({ length: channels }, () => new Float32Array(to - from))
  pcm.read(pcmUrls.indexOf(urls.pcm), from, to - from, data)
  tell({ kind: 'samples', id, channels: data }, data.map((one) => one.buffer))
}
