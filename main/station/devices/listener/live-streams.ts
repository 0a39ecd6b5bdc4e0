import { randomBytes, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { instantText } from '#common/letters/index.ts'
import type { Clock, Logger } from '../../context.ts'
import type { MediaRoom } from '../../faces.ts'
import { OggPages } from './ogg-pages.ts'

export interface LiveStream {
  readonly token: string
  /** Samples follow each other by `firstFrame`; what is missing is filled with silence so that the stream keeps its clock. */
  write(pcm: Float32Array, firstFrame: number): void
  /** Capture time of a sample of the stream; null before the first block. */
  anchor(): { at: string; sample: number } | null
  close(): void
}

interface Listener { readonly response: ServerResponse; started: boolean }
/** A listener that does not read is dropped: it would only play stale speech. */
const MAX_BEHIND_BYTES = 64 * 1024
const MAX_GAP_SAMPLES = 10 * 48_000

/** Live Ogg streams: one encoder per session, any number of listeners, nobody waits for anybody. */
export class LiveStreams {
  readonly #streams = new Map<string, { stream: LiveStream; listen(request: IncomingMessage, response: ServerResponse): void }>()
  readonly #deps: { media: Pick<MediaRoom, 'liveEncoder'>; clock: Clock; logger: Logger }

  constructor(deps: { media: Pick<MediaRoom, 'liveEncoder'>; clock: Clock; logger: Logger }) {
    this.#deps = deps
  }

  open(sid: string, options: { kbps: number; burstMs: number }): LiveStream {
    const { clock, logger, media } = this.#deps
    const token = randomBytes(32).toString('base64url')
    const listeners = new Set<Listener>()
    const pages = new OggPages()
    const burst: { at: number; page: Buffer }[] = []
    let written = 0
    let nextFrame: number | null = null
    let anchorAtMs: number | null = null
    let closed = false

    const end = (listener: Listener): void => {
      listeners.delete(listener)
      listener.response.destroy()
    }
    const give = (listener: Listener, page: Buffer): void => {
      if (listener.response.writableLength > MAX_BEHIND_BYTES) end(listener)
      else listener.response.write(page)
    }
    const begin = (listener: Listener): void => {
      listener.started = true
      listener.response.write(pages.headers())
      for (const { page } of burst) listener.response.write(page)
    }
    const encoder = media.liveEncoder({
      codec: 'opus', kbps: options.kbps, channels: 1,
      onData: (chunk) => {
        for (const page of pages.push(chunk)) {
          const now = clock.monotonicMs()
          for (const listener of listeners) if (listener.started) give(listener, page)
          burst.push({ at: now, page })
          while (burst[0] !== undefined && burst[0].at < now - options.burstMs) burst.shift()
        }
        if (pages.ready) for (const listener of listeners) if (!listener.started) begin(listener)
      },
      onExit: (code) => {
        if (!closed) logger.error('the live encoder ended', { sid, code })
        for (const listener of listeners) listener.response.end()
        listeners.clear()
      },
    })

    const put = (pcm: Float32Array): void => {
      encoder.write(pcm)
      written += pcm.length
    }
    const stream: LiveStream = {
      token,
      write(pcm, firstFrame) {
        if (closed || pcm.length === 0) return
        const now = clock.now()
        if (nextFrame !== null && firstFrame < nextFrame) return
        const gap = nextFrame === null ? 0 : firstFrame - nextFrame
        if (gap > 0) put(new Float32Array(Math.min(gap, MAX_GAP_SAMPLES)))
        // The block was complete just now: its first sample was captured its own length ago. The earliest estimate is the least delayed one.
        const estimate = now - (pcm.length / 48 + written / 48)
        anchorAtMs = anchorAtMs === null ? estimate : estimate < anchorAtMs ? estimate : anchorAtMs + Math.min(0.02, (estimate - anchorAtMs) * 0.001)
        put(pcm)
        nextFrame = firstFrame + pcm.length
      },
      anchor: () => (anchorAtMs === null ? null : { at: instantText(Math.round(anchorAtMs * 1000)), sample: 0 }),
      close: () => {
        if (closed) return
        closed = true
        this.#streams.delete(sid)
        encoder.end()
        // An encoder that does not finish by itself must not keep listeners waiting.
        setTimeout(() => encoder.kill(), 3000).unref()
      },
    }
    const expected = Buffer.from(token)
    this.#streams.set(sid, {
      stream,
      listen(request, response) {
        response.writeHead(200, { 'content-type': 'audio/ogg', 'cache-control': 'no-store', connection: 'close' })
        if (request.method === 'HEAD') {
          response.end()
          return
        }
        response.flushHeaders()
        const listener: Listener = { response, started: false }
        listeners.add(listener)
        response.on('close', () => listeners.delete(listener))
        if (pages.ready) begin(listener)
      },
    })
    this.#tokens.set(sid, expected)
    return stream
  }

  readonly #tokens = new Map<string, Buffer>()

  /** `allowed`: the caller is a paired device; otherwise the session's token is asked for. */
  serve(sid: string, token: string | null, allowed: boolean, request: IncomingMessage, response: ServerResponse): 'served' | 'unknown' | 'refused' {
    const entry = this.#streams.get(sid)
    const expected = this.#tokens.get(sid)
    if (entry === undefined || expected === undefined) return 'unknown'
    const given = Buffer.from(token ?? '')
    if (!allowed && !(given.length === expected.length && timingSafeEqual(given, expected))) return 'refused'
    entry.listen(request, response)
    return 'served'
  }

  closeAll(): void {
    for (const { stream } of this.#streams.values()) stream.close()
  }
}
