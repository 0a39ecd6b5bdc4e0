import type { PeaksHeader } from '#common/peaks/index.ts'
import { fetchRange, PcmCache } from '../../../../audio/playback/pcm-cache.ts'
import { HEADER_BYTES, PeaksIntake, planesAbove, pyramidAbove, readHeader, RmsIntake } from './levels.ts'
import type { FromWave, ToWave, WaveUrls } from './messages.ts'

/** Everything the picture of a wave needs is fetched, joined and decoded here: the window's main thread only draws. */
const TELL_EVERY_MS = 250
/** What is there so far is told coarsely: enough for the widest screen. */
const TOLD_POINTS = 1 << 14
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

/** Reads a file as it comes; the first 24 bytes are its header. The browser's cache is left out: it would write the file to disk a second time. */
async function stream(url: string, plane: 'peaks' | 'rms', signal: AbortSignal, open: (header: PeaksHeader) => (piece: Uint8Array) => void): Promise<void> {
  const response = await fetch(url, { signal, cache: 'no-store' })
  if (!response.ok || response.body === null) throw new Error('no such file')
  const reader = response.body.getReader()
  let head = new Uint8Array(0)
  let take: ((piece: Uint8Array) => void) | null = null
  for (;;) {
    const { done, value } = await reader.read()
    if (done) break
    if (take !== null) {
      take(value)
      continue
    }
    const joined = new Uint8Array(head.length + value.length)
    joined.set(head)
    joined.set(value, head.length)
    head = joined
    if (head.length < HEADER_BYTES) continue
    const header = readHeader(head, plane)
    if (header === null) throw new Error('not a peaks file')
    take = open(header)
    take(head.subarray(HEADER_BYTES))
  }
}

async function giveLevels(id: number, urls: WaveUrls, signal: AbortSignal): Promise<void> {
  let intake: PeaksIntake | null = null
  let told = performance.now()
  await stream(urls.peaks, 'peaks', signal, (header) => {
    const made = new PeaksIntake(header)
    intake = made
    return (piece) => {
      made.push(piece)
      if (performance.now() - told < TELL_EVERY_MS || made.points === 0) return
      told = performance.now()
      const levels = pyramidAbove(made.level).filter((level) => level.length <= TOLD_POINTS)
      if (levels.length > 0) tell({ kind: 'levels', id, levels, baseSamplesPerPoint: header.samplesPerPoint, isWhole: false })
    }
  })
  const made = intake as PeaksIntake | null
  if (made === null) throw new Error('an empty file')
  made.end()
  const levels = pyramidAbove(made.level)
  const { channels, length } = made.level
  tell({ kind: 'levels', id, levels, baseSamplesPerPoint: 256, isWhole: true }, levels.map((level) => level.data.buffer as ArrayBuffer))
  let body: RmsIntake | null = null
  await stream(urls.rms, 'rms', signal, (header) => {
    const kept = new RmsIntake(header)
    body = kept
    return (piece) => kept.push(piece)
  }).catch(() => undefined)
  const plane = body as RmsIntake | null
  if (plane === null || plane.plane.length !== length * channels) return
  plane.end()
  const planes = planesAbove(plane.plane, channels, length)
  tell({ kind: 'body', id, planes }, planes.map((one) => one.buffer as ArrayBuffer))
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
