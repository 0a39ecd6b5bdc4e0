import { OpusDecoder } from 'opus-decoder'
import type { Stream } from '#common/letters/index.ts'
import { openOggReader, type OpusPacket } from '../player/ogg.ts'
import { sendRequest, type HttpAnswer } from './http.ts'
import { openAgent, PinError, trustFor, type TlsIdentity } from './tls.ts'

export interface LiveStreamOptions {
  readonly streams: readonly Stream[]
  readonly token: string | undefined
  readonly identity: TlsIdentity | null
  readonly onHead: (stream: number) => void
  readonly onSamples: (firstSample: number, samples: Float32Array) => void
  /** The stream told its end. */
  readonly onEnd: () => void
  /** No address can be used at all; it goes on trying. */
  readonly onUnreachable: (code: 'net' | 'spki' | 'unsupported') => void
}

/** One live Ogg Opus stream over pinned HTTPS: connects, decodes, connects again (0.2, 0.5, 1, 2 s …) until closed or told the end. */
export interface LiveStream {
  /** Takes the next address (lower bit rate) after repeated underruns. */
  lower(): void
  readonly stream: number
  close(): void
}

const RETRY_MS = [200, 500, 1000, 2000]
const IDLE_MS = 5000

export function openLiveStream(options: LiveStreamOptions): LiveStream {
  const usable = options.streams.map((stream, index) => ({ stream, index })).filter(({ stream }) => stream.codec === 'opus' && /^https:\/\//i.test(stream.url))
  const stopped = new AbortController()
  let choice = 0
  let tries = 0
  let ended = false
  let attempt: AbortController | null = null
  let timer: NodeJS.Timeout | null = null
  const failures = new Set<number>()

  async function run(): Promise<void> {
    const chosen = usable[choice]
    if (chosen === undefined) return
    attempt = new AbortController()
    const { signal } = attempt
    const agent = openAgent(options.identity, trustFor(chosen.stream.spki))
    let answer: HttpAnswer | null = null
    const decoding = openDecoding(options, chosen.index, () => {
      ended = true
    })
    try {
      answer = await sendRequest(new URL(chosen.stream.url), agent, { signal, idleMs: IDLE_MS, headers: options.token === undefined ? {} : { authorization: `Bearer ${options.token}` } })
      if (answer.status !== 200) throw new Error(`status ${answer.status}`)
      for await (const chunk of answer.body) {
        if (stopped.signal.aborted || signal.aborted) break
        if (Buffer.isBuffer(chunk)) decoding.push(chunk)
        tries = 0
        failures.clear()
        if (ended) break
      }
    } catch (error) {
      if (!stopped.signal.aborted && !signal.aborted) failed(choice, error instanceof PinError ? 'spki' : 'net')
    } finally {
      answer?.body.destroy()
      decoding.close()
      agent.destroy()
    }
    if (stopped.signal.aborted) return
    if (ended) options.onEnd()
    else {
      timer = setTimeout(() => void run(), signal.aborted ? 0 : (RETRY_MS[Math.min(tries, RETRY_MS.length - 1)] ?? 2000))
      tries++
    }
  }
  function failed(index: number, code: 'net' | 'spki'): void {
    failures.add(index)
    choice = (choice + 1) % usable.length
    if (failures.size >= usable.length) options.onUnreachable(code)
  }
  if (usable.length === 0) queueMicrotask(() => options.onUnreachable('unsupported'))
  else void run()

  return {
    get stream() {
      return usable[choice]?.index ?? 0
    },
    lower() {
      if (choice + 1 >= usable.length) return
      choice++
      attempt?.abort()
    },
    close() {
      stopped.abort()
      attempt?.abort()
      if (timer !== null) clearTimeout(timer)
    },
  }
}

interface Decoding {
  push(bytes: Uint8Array): void
  close(): void
}

const HELD_MAX = 500

/** Pages to samples. The decoder is made when the head is known; while its code loads, packets wait. */
function openDecoding(options: LiveStreamOptions, stream: number, onEnd: () => void): Decoding {
  let decoder: OpusDecoder | null = null
  let loaded = false
  let held: OpusPacket[] = []

  function decode(packet: OpusPacket): void {
    if (decoder === null) return
    const { channelData, samplesDecoded } = decoder.decodeFrame(packet.data)
    const [left, right] = channelData
    if (left === undefined || samplesDecoded !== packet.samples) return
    // Samples before zero are the encoder's own start (pre-skip).
    const skip = Math.max(0, -packet.firstSample)
    if (skip >= packet.samples) return
    const mono = new Float32Array(packet.samples - skip)
    for (let i = 0; i < mono.length; i++) mono[i] = right === undefined ? (left[skip + i] ?? 0) : ((left[skip + i] ?? 0) + (right[skip + i] ?? 0)) / 2
    options.onSamples(packet.firstSample + skip, mono)
  }
  const reader = openOggReader({
    head(head) {
      decoder?.free()
      loaded = false
      held = []
      const made = new OpusDecoder({ channels: head.channels, preSkip: 0, streamCount: 1, coupledStreamCount: head.channels - 1, channelMappingTable: head.channels === 1 ? [0] : [0, 1] })
      decoder = made
      void made.ready.then(() => {
        if (decoder !== made) return
        loaded = true
        options.onHead(stream)
        for (const packet of held.splice(0)) decode(packet)
      })
    },
    packet(packet) {
      if (loaded) decode(packet)
      else if (held.length < HELD_MAX) held.push(packet)
    },
    end: onEnd,
  })
  return {
    push: (bytes) => reader.push(bytes),
    close() {
      const made = decoder
      decoder = null
      if (made !== null) void made.ready.then(() => made.free())
    },
  }
}
