import { mergeProgress } from '#common/letters/index.ts'
import type { DeviceProgress, LiveSession } from '#contract/devices.ts'
import { frameFormats } from '#contract/frames.ts'
import type { PcmFrame } from '#contract/frames.ts'
import { AppError } from '#contract/errors.ts'
import type { Scope, StationContext, Who } from '../context.ts'
import type { AirRoom, DevicesRoom, LiveOnAir } from '../faces.ts'

/** Lease of a running session: a third of it between renewals. */
const LEASE_SEC = 180
const RENEW_MS = (LEASE_SEC / 3) * 1000
const PREPARE_SEC = 180
const MAX_SEC = 14_400
const KBPS = 48
/** `lan` profile (BS1 6); devices on a mobile network raise their own buffer. */
const BUFFER_MS = 120
/** After the last word the stream goes on this long, so that nobody's goodbye is cut. */
const TAIL_MS = 3000 + BUFFER_MS

/** A microphone that sent nothing for so long is gone. */
const MIC_GONE_MS = 30_000
/** Gap in the microphone after which silence takes its place, so that the stream keeps its clock and nobody's buffer runs dry. */
const MIC_GAP_MS = 100
const PACE_MS = 20

export interface LivePlan { readonly sid: string; readonly title: string; readonly prio: number; readonly aud: readonly string[]; readonly deviceIds: readonly string[]; readonly by: string }
export interface LiveRunDeps { readonly devices: DevicesRoom; readonly air?: Pick<AirRoom, 'live'>; changed(session: LiveSession): void }

/** One session: prepare → start → renewals → stop. The microphone is heard only between start and stop; before and after, its place in time is filled with silence. */
export class LiveRun {
  readonly sid: string
  readonly #ctx: StationContext
  readonly #scope: Scope
  readonly #deps: LiveRunDeps
  readonly #plan: LivePlan
  readonly #handle: number
  readonly #stream: ReturnType<DevicesRoom['openStream']>
  readonly #progress = new Map<string, DeviceProgress>()
  #state: LiveSession['state'] = 'preparing'
  #startedAt: number | null = null
  #startedMono = 0
  #endedAt: number | null = null
  #lastSeq = -1
  #nextFrame = 0
  #micOffset: number | null = null
  #lastFrameAt: number
  #filledUntil: number
  #bus: LiveOnAir | null = null
  #busFrame = 0
  #cancelTimers: (() => void)[] = []
  #stopping: Promise<void> | null = null

  constructor(ctx: StationContext, deps: LiveRunDeps, plan: LivePlan) {
    this.#ctx = ctx
    this.#scope = ctx.scope.child('live session')
    this.#deps = deps
    this.#plan = plan
    this.sid = plan.sid
    this.#lastFrameAt = ctx.clock.monotonicMs()
    this.#filledUntil = this.#lastFrameAt
    for (const id of plan.deviceIds) this.#progress.set(id, { id, step: 'addressed', code: 'ok', at: null, proofLevel: null })
    this.#stream = deps.devices.openStream(plan.sid, { channels: 1, kbps: KBPS, burstMs: BUFFER_MS })
    this.#handle = ctx.captures.open({ receive: (frame, ack) => this.#receive(frame, ack), linkLost: () => this.#linkLost() })
    // From the first moment on, so that devices can connect and fill their buffers before anybody speaks.
    this.#scope.every(PACE_MS, () => this.#pace())
  }

  session(): LiveSession {
    const devices = [...this.#progress.values()]
    const count = (...steps: DeviceProgress['step'][]): number => devices.filter((device) => steps.includes(device.step)).length
    return {
      sid: this.sid, title: this.#plan.title, state: this.#state, prio: this.#plan.prio, startedAt: this.#startedAt, endedAt: this.#endedAt, handle: this.#handle,
      online: this.#deps.devices.online(this.#plan.deviceIds).length, ready: count('ready', 'started', 'sounding', 'done'), sounding: count('sounding', 'resumed'), devices, by: this.#plan.by,
    }
  }

  async prepare(): Promise<void> {
    await this.#send('prepare', PREPARE_SEC, { readyBy: new Date(this.#ctx.clock.now() + 5000).toISOString() })
    this.#later(PREPARE_SEC * 1000 - 5000, () => {
      // Nobody spoke: the devices forget it by themselves, and so do we.
      if (this.#state === 'preparing') void this.stop({ personId: null, name: this.#plan.by }, 'now')
    })
    this.#changed()
  }

  async start(): Promise<void> {
    if (this.#state !== 'preparing') throw new AppError('stale')
    this.#pace()
    this.#state = 'live'
    this.#startedAt = Math.floor(this.#ctx.clock.now())
    this.#startedMono = this.#ctx.clock.monotonicMs()
    this.#bus = this.#openBus()
    await this.#sendStart()
    this.#renewLater()
    this.#later(MAX_SEC * 1000, () => void this.stop({ personId: null, name: this.#plan.by }, 'tail'))
    this.#changed()
  }

  /** `tail`: lets the last words out first. */
  stop(_who: Who, manner: 'tail' | 'now'): Promise<void> {
    this.#stopping ??= this.#stop(manner)
    return this.#stopping
  }

  async #stop(manner: 'tail' | 'now'): Promise<void> {
    const spoke = this.#state === 'live'
    this.#cancel()
    this.#endedAt = Math.floor(this.#ctx.clock.now())
    this.#state = 'closing'
    this.#bus?.end()
    this.#ctx.captures.close(this.#handle)
    this.#changed()
    if (spoke && manner === 'tail') {
      await new Promise<void>((resolve) => {
        this.#scope.after(TAIL_MS, resolve)
        // The station ends: the poles hear what has been sent, and the stop letter still goes out.
        this.#scope.add(resolve)
      })
    }
    try {
      await this.#deps.devices.publishLetter({ typ: 'live', aud: this.#plan.aud, leaseSec: LEASE_SEC, prio: this.#plan.prio, claims: { sid: this.sid, state: 'stop', title: this.#plan.title, tailMs: BUFFER_MS } })
    } catch (error) {
      this.#ctx.logger.error('a stop letter was not sent: the lease ends the session', { sid: this.sid, error })
    }
    this.#stream.close()
    this.#state = 'ended'
    this.#changed()
    void this.#scope.dispose()
  }

  progress(progress: DeviceProgress): void {
    const known = this.#progress.get(progress.id)
    if (known === undefined) return
    this.#progress.set(progress.id, mergeProgress(known, progress))
    this.#changed()
  }

  #openBus(): LiveOnAir | null {
    try {
      return this.#deps.air?.live(this.sid, { channels: 1, title: this.#plan.title }) ?? null
    } catch (error) {
      // The studio bus is busy or down: the poles still hear the session.
      this.#ctx.logger.warn('the session is not on the studio bus', { sid: this.sid, error })
      return null
    }
  }

  #receive(frame: PcmFrame, ack: (seq: number, durableFrames: number) => void): void {
    if (frame.seq <= this.#lastSeq) return ack(frame.seq, frame.firstFrame + frame.frames)
    this.#lastSeq = frame.seq
    this.#lastFrameAt = this.#ctx.clock.monotonicMs()
    this.#filledUntil = this.#lastFrameAt
    const pcm = monoOf(frame)
    // The stream may have begun with silence before the microphone came.
    this.#micOffset ??= this.#nextFrame - frame.firstFrame
    const first = frame.firstFrame + this.#micOffset
    const heard = this.#state === 'live'
    this.#put(heard ? pcm : new Float32Array(pcm.length), first)
    if (heard && this.#bus !== null) {
      this.#bus.write(new Float32Array(pcm), this.#busFrame)
      this.#busFrame += pcm.length
    }
    ack(frame.seq, frame.firstFrame + pcm.length)
  }

  #put(pcm: Float32Array, first: number): void {
    this.#stream.write(pcm, first)
    this.#nextFrame = Math.max(this.#nextFrame, first + pcm.length)
  }

  /** Silence at the pace of time while no microphone feeds the stream. */
  #pace(): void {
    const now = this.#ctx.clock.monotonicMs()
    if (this.#micOffset !== null && this.#state !== 'closing' && now - this.#lastFrameAt < MIC_GAP_MS) return
    const samples = Math.floor((now - this.#filledUntil) * 48)
    if (samples <= 0) return
    this.#filledUntil += samples / 48
    // When the microphone comes back it goes on from here.
    this.#micOffset = null
    this.#put(new Float32Array(samples), this.#nextFrame)
  }

  /** The window that spoke is gone: without a microphone the session ends, with its tail. */
  #linkLost(): void {
    if (this.#state === 'live' || this.#state === 'preparing') {
      this.#ctx.notices.raise('warning', 'input-lost', this.#plan.title)
      void this.stop({ personId: null, name: this.#plan.by }, 'tail')
    }
  }

  #sendStart(): Promise<void> {
    const anchor = this.#stream.anchor()
    return this.#send('start', LEASE_SEC, { startAt: new Date(this.#startedAt ?? this.#ctx.clock.now()).toISOString(), ...(anchor === null ? {} : { anchor }) })
  }

  async #send(state: 'prepare' | 'start', leaseSec: number, more: object): Promise<void> {
    await this.#deps.devices.publishLetter({
      typ: 'live', aud: this.#plan.aud, leaseSec, prio: this.#plan.prio,
      claims: {
        sid: this.sid, state, title: this.#plan.title, profile: 'lan', bufferMs: BUFFER_MS, maxSec: MAX_SEC, streams: this.#stream.urls, token: this.#stream.token, sync: 'wan',
        volume: { mode: this.#plan.prio >= 6 ? 'min' : 'device' }, onLoss: 'resume', lossHoldSec: 5, after: 'join', ...more,
      },
    })
  }

  #renewLater(): void {
    this.#later(RENEW_MS, () => {
      if (this.#state !== 'live') return
      this.#sendStart().catch((error: unknown) => this.#ctx.logger.error('a live session was not renewed', { sid: this.sid, error }))
      if (this.#ctx.clock.monotonicMs() - Math.max(this.#lastFrameAt, this.#startedMono) > MIC_GONE_MS) this.#linkLost()
      else this.#renewLater()
    })
  }

  #later(ms: number, run: () => void): void {
    this.#cancelTimers.push(this.#scope.after(ms, run))
  }

  #cancel(): void {
    for (const cancel of this.#cancelTimers.splice(0)) cancel()
  }

  #changed(): void {
    this.#deps.changed(this.session())
  }
}

/** First channel of a microphone frame as float samples. */
function monoOf(frame: PcmFrame): Float32Array {
  const view = new DataView(frame.payload.buffer, frame.payload.byteOffset, frame.payload.byteLength)
  const mono = new Float32Array(frame.frames)
  const { channels, format } = frame
  for (let index = 0; index < frame.frames; index++) {
    const position = index * channels
    if (format === frameFormats.float32) mono[index] = view.getFloat32(position * 4, true)
    else if (format === frameFormats.int16) mono[index] = view.getInt16(position * 2, true) / 32_768
    else if (format === frameFormats.int24) mono[index] = ((view.getInt8(position * 3 + 2) << 16) | view.getUint16(position * 3, true)) / 8_388_608
  }
  return mono
}
