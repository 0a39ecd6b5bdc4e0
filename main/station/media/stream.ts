import type { Clock } from '../context.ts'
import type { MediaRoom } from '../faces.ts'
import type { Listener, Source } from './stream-listener.ts'

const STALLED_MS = 8_000
const LOOK_EVERY_MS = 500
const RETRY_MS = [250, 500, 1_000, 2_000, 5_000]
const GIVE_UP_MS = 10 * 60_000
const FRAME_BYTES = 8

export interface StreamOptions {
  readonly url: string
  /** It has an end by nature (a file): the end of it is not a loss. */
  readonly finite: boolean
  readonly decoder: MediaRoom['liveDecoder']
  readonly clock: Clock
  /** Not faster than it plays, also when it has no end: what comes in pieces (HLS) then flows. By default only what has an end. */
  readonly realTime?: boolean
  /** For how long it is opened again and again; Infinity = as long as it is wanted. */
  readonly giveUpMs?: number
  /** A server that keeps the line and sends nothing for so long is left, and asked again. */
  readonly stalledMs?: number
  /** Wait before try number n, ms. */
  readonly retryMs?: (attempt: number) => number
}

/** A network stream or a file through ffmpeg. A stream that breaks off is opened again; what the clock says was missed is told with the first sound. */
export function listenToStream(options: StreamOptions, listener: Listener): Source {
  const { clock } = options
  let closed = false
  let decoder: { kill(): void } | null = null
  let retry: NodeJS.Timeout | undefined
  let attempt = 0
  let heardMs: number | null = null
  let lostSince: number | null = null
  let waitingSince = clock.monotonicMs()
  let rest: Buffer = Buffer.alloc(0)

  function begin(): void {
    rest = Buffer.alloc(0)
    waitingSince = clock.monotonicMs()
    const mine = options.decoder({
      url: options.url, channels: 2, realTime: options.realTime ?? options.finite,
      onData: (chunk) => { if (decoder === mine) take(chunk) },
      onExit: (code) => {
        if (decoder === mine) gone(code === 0)
      },
    })
    decoder = mine
  }

  function take(chunk: Buffer): void {
    const now = clock.monotonicMs()
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    const whole = bytes.length - (bytes.length % FRAME_BYTES)
    rest = bytes.subarray(whole)
    if (whole === 0) return
    const missed = lostSince === null ? 0 : Math.max(0, Math.round((now - lostSince) * 48) - whole / FRAME_BYTES)
    lostSince = null
    heardMs = now
    attempt = 0
    // Copied: the floats need an aligned buffer of their own.
    listener.sound(new Float32Array(new Uint8Array(bytes.subarray(0, whole)).buffer), missed)
  }

  function gone(byItself: boolean): void {
    if (closed) return
    decoder = null
    const now = clock.monotonicMs()
    // Begun again it would be heard from its beginning: what has an end is never opened twice.
    if (options.finite && heardMs !== null) return end(byItself)
    if (lostSince === null) {
      lostSince = heardMs ?? now
      listener.lost()
    }
    if (now - lostSince > (options.giveUpMs ?? GIVE_UP_MS)) return end(false)
    retry = setTimeout(begin, options.retryMs?.(attempt) ?? RETRY_MS[Math.min(attempt, RETRY_MS.length - 1)] ?? 5_000)
    attempt++
  }

  function end(whole: boolean): void {
    close()
    listener.ended(whole)
  }

  /** A server that keeps the line but sends nothing. */
  const watch = setInterval(() => {
    if (decoder === null || clock.monotonicMs() - Math.max(heardMs ?? 0, waitingSince) < (options.stalledMs ?? STALLED_MS)) return
    const stuck = decoder
    decoder = null
    stuck.kill()
    gone(false)
  }, LOOK_EVERY_MS)

  function close(): void {
    if (closed) return
    closed = true
    clearInterval(watch)
    clearTimeout(retry)
    decoder?.kill()
  }

  begin()
  return { close }
}
