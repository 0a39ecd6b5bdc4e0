import { encodeFrame, frameFormats, frameKinds } from '#contract/frames.ts'
import { float32Bytes, int24FromFloat } from './pcm.ts'
import type { SpoolSession } from './spool-records.ts'
import type { Spool } from './spool.ts'

const RATE_HZ = 48_000
/** Sound kept before anything is attached, so that the first syllable survives the round trip to the station, even to a slow one. */
const KEEP_FRAMES = 10 * RATE_HZ
/**
 * The station has everything within half a second. What it has not by then lies in memory no longer than this, so that a killed window costs less than a
 * second even while the station is away; as soon as the link is known to be lost, nothing waits in memory at all.
 */
const MOST_MEMORY_FRAMES = 0.75 * RATE_HZ
/** Without a spool (or when it is full): about eleven minutes of stereo. */
const MOST_WAITING_BYTES = 200 * 1024 * 1024
/** A live listener wants now, not what was said during a break of the link. */
const LIVE_WAITING_FRAMES = RATE_HZ / 2

/** Interleaved samples; `firstFrame` counts on the capture clock and jumps when the sound card lost some. */
export interface Block {
  readonly samples: Float32Array
  readonly firstFrame: number
}
export interface AttachOptions {
  readonly handle: number
  /** On the capture clock; may lie up to 10 s back. */
  readonly fromFrame: number
  readonly format: 'int24' | 'float32'
  readonly live: boolean
  /** What another window needs to hand in what this one still has when it dies. */
  readonly owner?: SpoolSession | null
}
interface Waiting {
  readonly seq: number
  /** Position in the session. */
  readonly at: number
  readonly frames: number
  /** The sound, or where it lies in the spool. */
  readonly payload: Uint8Array<ArrayBuffer> | { readonly offset: number; readonly length: number }
}
const inMemory = (one: Waiting | undefined): one is Waiting & { readonly payload: Uint8Array<ArrayBuffer> } => one?.payload instanceof Uint8Array
interface Session {
  readonly handle: number
  readonly format: 'int24' | 'float32'
  readonly live: boolean
  readonly owner: SpoolSession | null
  /** Capture clock minus position. Grows with every pause. */
  origin: number
  pausedAt: number | null
  nextSeq: number
  end: number
}

/**
 * Sequence and positions of one microphone's session, without socket and clock. Chunks wait here until they are acknowledged as durable;
 * after a reconnect they are given out again from the first unacknowledged one.
 */
export class CaptureFeed {
  readonly #channels: number
  readonly #mostWaitingBytes: number
  #recent: { samples: Float32Array; firstFrame: number }[] = []
  #session: Session | null = null
  #waiting: Waiting[] = []
  #memoryBytes = 0
  #waitingFrames = 0
  /** How many of the waiting chunks, from the oldest on, lie in the spool. */
  #spooled = 0
  #spool: Spool | null = null
  #sent = 0
  /** From a lost link until the station takes something again. */
  #away = false
  #droppedFrames = 0
  /** Capture clock after the last block. */
  end = 0

  /** @param mostWaitingBytes held in memory when nothing else takes it */
  constructor(channels: number, mostWaitingBytes = MOST_WAITING_BYTES) {
    this.#channels = channels
    this.#mostWaitingBytes = mostWaitingBytes
  }

  get attached(): boolean {
    return this.#session !== null
  }
  get handle(): number {
    return this.#session?.handle ?? 0
  }
  get waitingFrames(): number {
    return this.#waitingFrames
  }
  get spooledChunks(): number {
    return this.#spooled
  }
  /** Sound of this session that found room nowhere: the station fills and tells the hole. */
  get droppedFrames(): number {
    return this.#droppedFrames
  }

  /** From now on what does not fit into memory goes there. */
  useSpool(spool: Spool): void {
    this.#spool = spool
  }
  get hasSpool(): boolean {
    return this.#spool !== null
  }

  /** Position in the session of a moment on the capture clock. */
  positionOf(frame: number): number {
    const session = this.#session
    if (session === null) return 0
    return Math.max(0, Math.min(frame, session.pausedAt ?? frame) - session.origin)
  }

  /** Returns the frames the sound card lost before this block. */
  push(block: Block): number {
    const lost = this.end > 0 ? Math.max(0, block.firstFrame - this.end) : 0
    this.end = Math.max(this.end, block.firstFrame + this.#framesIn(block.samples))
    this.#remember(block)
    const session = this.#session
    if (session !== null && session.pausedAt === null) this.#take(session, block, session.origin + session.end)
    return lost
  }

  attach(options: AttachOptions): void {
    this.#clear()
    this.#session = { handle: options.handle, format: options.format, live: options.live, owner: options.owner ?? null, origin: options.fromFrame, pausedAt: null, nextSeq: 0, end: 0 }
    for (const block of this.#recent) this.#take(this.#session, block, options.fromFrame)
  }

  /** Everything pushed so far belongs to the session, nothing after it until `resume`. */
  pause(): void {
    const session = this.#session
    if (session !== null) session.pausedAt ??= session.origin + session.end
  }

  resume(atFrame: number): void {
    const session = this.#session
    if (session === null || session.pausedAt === null) return
    session.origin += Math.max(0, atFrame - session.pausedAt)
    session.pausedAt = null
  }

  /** Nothing more is taken; what waits can still be sent. Returns the length of the session. */
  stop(): number {
    const session = this.#session
    if (session === null) return 0
    session.pausedAt ??= session.origin + session.end
    return session.end
  }

  detach(): void {
    this.#clear()
    this.#session = null
  }

  /**
   * The station cut the session: what it has not written becomes the beginning of a new one. `fromPosition` is where the old file ends; without it the
   * first unacknowledged chunk begins the new session.
   */
  rebind(handle: number, fromPosition: number | null = null, owner: SpoolSession | null = null): void {
    const session = this.#session
    if (session === null) return
    const first = Math.min(fromPosition ?? this.#waiting[0]?.at ?? session.end, session.end)
    while (this.#waiting[0] !== undefined && this.#waiting[0].at + this.#waiting[0].frames <= first) this.#drop(1)
    this.#trimFirst(first)
    this.#waiting = this.#waiting.map((one, seq) => ({ ...one, seq, at: one.at - first }))
    this.#sent = 0
    this.#session = { ...session, handle, owner, origin: session.origin + first, nextSeq: this.#waiting.length, end: session.end - first }
    if (owner !== null && this.#spool?.isEmpty === false) this.#spool.begin(owner, first)
  }

  /** The next chunk to send, or null. */
  next(): Uint8Array<ArrayBuffer> | null {
    const session = this.#session
    if (session === null) return null
    for (let one = this.#waiting[this.#sent]; one !== undefined; one = this.#waiting[this.#sent]) {
      this.#sent++
      const payload = this.#soundOf(one)
      // A chunk the spool cannot give back is missing by its positions: the station fills and tells the gap.
      if (payload !== null) return this.#encode(session, one, payload)
    }
    return null
  }

  /** Says "I am here" without sound; binds the session to the connection it is sent on. */
  hello(): Uint8Array<ArrayBuffer> | null {
    const session = this.#session
    if (session === null) return null
    return this.#encode(session, { seq: this.#waiting[this.#sent]?.seq ?? session.nextSeq, at: session.end, frames: 0, payload: new Uint8Array(0) }, new Uint8Array(0))
  }

  acknowledge(handle: number, seq: number): void {
    if (handle !== this.#session?.handle) return
    this.#away = false
    let gone = 0
    while (gone < this.#waiting.length && (this.#waiting[gone]?.seq ?? 0) <= seq) gone++
    this.#drop(gone)
  }

  /** The link is gone: everything unacknowledged will be sent again, except live sound that is no longer now. */
  linkLost(): void {
    this.#sent = 0
    this.#away = true
    if (this.#session !== null) this.#limit(this.#session)
  }
  /** What the spool holds survives a power cut too; called about once a second. */
  flush(): void {
    this.#spool?.flush()
  }

  #take(session: Session, block: Block, fromFrame: number): void {
    const skip = Math.max(0, fromFrame - block.firstFrame)
    const frames = this.#framesIn(block.samples) - skip
    if (frames <= 0) return
    const samples = block.samples.subarray(skip * this.#channels)
    const payload = session.format === 'int24' ? int24FromFloat(samples) : float32Bytes(samples)
    const at = block.firstFrame + skip - session.origin
    this.#waiting.push({ seq: session.nextSeq++, at, frames, payload })
    this.#memoryBytes += payload.length
    this.#waitingFrames += frames
    session.end = at + frames
    this.#limit(session)
  }

  #limit(session: Session): void {
    if (session.live) {
      let frames = this.#waitingFrames
      let gone = 0
      for (; frames > LIVE_WAITING_FRAMES; gone++) frames -= this.#waiting[gone]?.frames ?? frames
      this.#drop(gone)
      return
    }
    const most = this.#away ? 0 : MOST_MEMORY_FRAMES * this.#frameBytes(session)
    while (this.#memoryBytes > most && this.#intoSpool(session)) { /* the oldest in memory first */ }
    // The station fills a dropped chunk with silence of its length and tells the gap.
    while (this.#memoryBytes > this.#mostWaitingBytes) {
      this.#droppedFrames += this.#waiting[this.#spooled]?.frames ?? 0
      this.#drop(1, this.#spooled)
    }
  }

  #intoSpool(session: Session): boolean {
    const one = this.#waiting[this.#spooled]
    if (this.#spool === null || !inMemory(one)) return false
    const offset = this.#putAway(this.#spool, session, one, one.payload)
    if (offset === null) return false
    this.#waiting[this.#spooled] = { ...one, payload: { offset, length: one.payload.length } }
    this.#memoryBytes -= one.payload.length
    this.#spooled++
    return true
  }

  #putAway(spool: Spool, session: Session, one: Pick<Waiting, 'seq' | 'at' | 'frames'>, payload: Uint8Array): number | null {
    if (spool.isEmpty && session.owner !== null) spool.begin(session.owner, 0)
    return spool.write({ seq: one.seq, at: one.at, frames: one.frames, channels: this.#channels, format: session.format, payload })
  }

  #frameBytes(session: Session): number {
    return this.#channels * (session.format === 'int24' ? 3 : 4)
  }

  #soundOf(one: Waiting): Uint8Array<ArrayBuffer> | null {
    return one.payload instanceof Uint8Array ? one.payload : (this.#spool?.read(one.payload.offset, one.payload.length) ?? null)
  }

  /** Cuts what lies before `position` off the first chunk. */
  #trimFirst(position: number): void {
    const one = this.#waiting[0]
    if (one === undefined || one.at >= position) return
    const cut = position - one.at
    const rest = { ...one, at: position, frames: one.frames - cut }
    this.#waitingFrames -= cut
    const { payload } = one
    const bytes = (payload.length / one.frames) * cut
    if (payload instanceof Uint8Array) this.#memoryBytes -= bytes
    this.#waiting[0] = { ...rest, payload: payload instanceof Uint8Array ? payload.slice(bytes) : { offset: payload.offset + bytes, length: payload.length - bytes } }
  }

  #drop(count: number, from = 0): void {
    for (const one of this.#waiting.splice(from, count)) {
      this.#waitingFrames -= one.frames
      if (inMemory(one)) this.#memoryBytes -= one.payload.length
      else this.#spooled--
    }
    if (from < this.#sent) this.#sent = Math.max(from, this.#sent - count)
    if (this.#spooled === 0) this.#spool?.clear()
  }

  #remember(block: Block): void {
    this.#recent.push({ samples: block.samples.slice(), firstFrame: block.firstFrame })
    while ((this.#recent[0]?.firstFrame ?? 0) + this.#framesIn(this.#recent[0]?.samples) < this.end - KEEP_FRAMES) this.#recent.shift()
  }

  #encode(session: Session, one: Waiting, payload: Uint8Array): Uint8Array<ArrayBuffer> {
    return encodeFrame({ kind: frameKinds.capture, format: frameFormats[session.format], channels: this.#channels, session: session.handle, seq: one.seq, frames: one.frames, firstFrame: one.at, payload })
  }

  #framesIn(samples: Float32Array | undefined): number {
    return (samples?.length ?? 0) / this.#channels
  }

  #clear(): void {
    this.#waiting = []
    this.#memoryBytes = 0
    this.#waitingFrames = 0
    this.#spooled = 0
    this.#spool?.clear()
    this.#sent = 0
    this.#droppedFrames = 0
  }
}
