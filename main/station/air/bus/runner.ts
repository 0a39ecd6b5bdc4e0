import { LIMITER_LOOK_AHEAD, toInt16 } from '#common/mix/index.ts'
import type { SequencerSettings } from '#common/playout/index.ts'
import { FallbackController } from '../fallback/controller.ts'
import type { FallbackEvent } from '../fallback/events.ts'
import type { Reel } from '../fallback/sounds.ts'
import { LiveSession } from '../live-session.ts'
import { BLOCK_FRAMES, BUS_CHANNELS } from '../messages.ts'
import type { AsRunEntry, BusNow, BusSetup, FromAir } from '../messages.ts'
import { Meters } from '../meters.ts'
import { Tap } from '../tap.ts'
import { BusLog } from './bus-log.ts'
import { busNow } from './bus-now.ts'
import { BusEngine } from './engine.ts'
import type { EngineOptions } from './engine.ts'

/** 50 ms of meters and monitor at once. */
const HEARD_FRAMES = 2_400
/** Longer than this the bus jumps to the clock instead of playing what was missed. */
const MAX_BACKLOG_MS = 2_000
/** A block this late counts as an underrun of the bus. */
const LATE_MS = 40

export interface RunnerOptions {
  readonly setup: BusSetup
  readonly zeroWall: number
  /** Bus sample it begins with. */
  readonly firstFrame: number
  readonly settings?: SequencerSettings
  readonly engine: Pick<EngineOptions, 'openSource' | 'newId' | 'trouble' | 'stretched' | 'openRelay'>
  readonly reel: Reel
  /** How long ago a bus sample was due, ms. */
  readonly lateMs: (position: number) => number
  readonly send: (message: FromAir, transfer?: ArrayBuffer[]) => void
  readonly record: (entry: AsRunEntry) => void
}

/** One bus at work: renders what is due, shows it to the tap, the meters and the monitor, and tells its rows. */
export class BusRunner {
  readonly engine: BusEngine
  setup: BusSetup
  private readonly options: RunnerOptions
  private readonly tap: Tap
  private readonly meters = new Meters(BUS_CHANNELS)
  private readonly block: [Float32Array, Float32Array] = [new Float32Array(BLOCK_FRAMES), new Float32Array(BLOCK_FRAMES)]
  private readonly view: [Float32Array, Float32Array] = [this.block[0], this.block[1]]
  private heard = new Int16Array(HEARD_FRAMES * BUS_CHANNELS)
  private heardFrames = 0
  private heardFrom = 0
  private session: LiveSession | null = null
  private readonly fallback: FallbackController
  private shownZero: number

  constructor(options: RunnerOptions) {
    this.options = options
    const { setup, zeroWall } = options
    this.setup = setup
    this.shownZero = zeroWall
    const { returned } = setup
    const log = new BusLog({ mode: setup.mode, happened: setup.happened, returned: returned === null ? null : { ...returned, at: zeroWall + options.firstFrame } }, options.settings)
    this.engine = new BusEngine({ bus: setup.id, zeroWall, firstFrame: options.firstFrame, log, ...options.engine })
    this.fallback = new FallbackController({ engine: this.engine, openSource: options.engine.openSource, reel: options.reel, lastResort: () => this.setup.lastResort ?? 'reel', tell: (event) => this.tellFallback(event) })
    this.tap = new Tap(setup.tapPath, setup.number, Math.round((zeroWall / 48) * 1000), options.engine.trouble)
  }

  /** Bus sample that goes out next. */
  get position(): number {
    return this.engine.position
  }

  /** Renders the block that is due. Gives true when a row was told. */
  render(): boolean {
    const { engine, view, block } = this
    const lateMs = this.options.lateMs(engine.position)
    if (lateMs > LATE_MS) engine.lateBlocks++
    if (lateMs > MAX_BACKLOG_MS) {
      engine.jump(engine.position + Math.floor((lateMs * 48) / BLOCK_FRAMES) * BLOCK_FRAMES)
      this.options.engine.trouble('the air was held up and joined the clock again', { bus: this.setup.id, lateMs: Math.round(lateMs) })
    }
    const frames = engine.nextFrames()
    const { position } = engine
    view[0] = frames === BLOCK_FRAMES ? block[0] : block[0].subarray(0, frames)
    view[1] = frames === BLOCK_FRAMES ? block[1] : block[1].subarray(0, frames)
    engine.render(frames, view)
    this.tap.write(position, frames, view)
    const told = this.tellRows(position)
    this.hear(position, frames)
    this.fallback.hear(view[0], view[1], frames)
    engine.settle()
    this.fallback.step()
    this.showZero()
    this.answer()
    if (this.session?.over === true) {
      this.options.send({ kind: 'liveEnded', sid: this.session.sid })
      this.session = null
      return true
    }
    return told
  }

  openLive(sid: string, channels: 1 | 2, title: string, priority: number): void {
    if (this.session !== null) return
    this.session = new LiveSession(sid, channels, title, priority)
    this.engine.addLayer(this.session, { title, startSource: 'manual', playSource: 'live' })
  }
  writeLive(sid: string, pcm: Float32Array, firstFrame: number): void {
    if (this.session?.sid === sid) this.session.input.write(pcm, firstFrame)
  }
  endLive(sid: string): void {
    if (this.session?.sid === sid) this.session.input.end()
  }

  setZero(zeroWall: number, atJunction: boolean): void {
    if (atJunction) this.engine.setZeroAtJunction(zeroWall)
    else this.engine.setZero(zeroWall)
    this.showZero()
  }
  private showZero(): void {
    if (this.shownZero === this.engine.zeroWall) return
    this.shownZero = this.engine.zeroWall
    this.tap.setZero(Math.round((this.shownZero / 48) * 1000))
  }

  state(): BusNow {
    return busNow(this.setup.id, this.engine, this.session?.sid ?? null, this.fallback)
  }

  /** A person says that the log may have the bus back. */
  confirmReturn(): void {
    this.fallback.confirm()
  }
  private tellFallback(event: FallbackEvent): void {
    this.options.send({ kind: 'fallback', bus: this.setup.id, event })
  }

  stop(): void {
    this.fallback.stop()
    this.engine.stop()
    this.tellRows(this.engine.position + LIMITER_LOOK_AHEAD)
    this.tap.close()
  }

  /** @param from bus sample that has just gone out first */
  private tellRows(from: number): boolean {
    const onsets = this.engine.takeOnsets()
    const endings = this.engine.takeEndings()
    if (onsets.length + endings.length === 0) return false
    const lateUs = this.options.lateMs(from) * 1000
    for (const { at, row, onsetUs } of onsets) {
      const heardUs = Math.round(this.engine.instantOf(Math.max(at, from)) * 1000 + lateUs)
      this.options.record({ entry: 'started', row: onsetUs === null ? row : { ...row, actualAt: Math.round(heardUs / 1000), startErrorUs: heardUs - onsetUs } })
    }
    for (const row of endings) this.options.record({ entry: 'ended', row })
    return true
  }

  private answer(): void {
    for (const answer of this.engine.log.takeAnswers()) this.options.send({ kind: 'answer', bus: this.setup.id, answer })
  }

  private hear(position: number, frames: number): void {
    const { view } = this
    this.meters.add(view, frames)
    for (let done = 0; done < frames;) {
      if (this.heardFrames === 0) this.heardFrom = position + done
      const count = Math.min(frames - done, HEARD_FRAMES - this.heardFrames)
      toInt16([view[0].subarray(done, done + count), view[1].subarray(done, done + count)], count, this.heard.subarray(this.heardFrames * BUS_CHANNELS), null)
      this.heardFrames += count
      done += count
      if (this.heardFrames < HEARD_FRAMES) continue
      const record = this.meters.take()
      this.options.send({ kind: 'heard', number: this.setup.number, firstFrame: this.heardFrom, frames: this.heardFrames, meters: record, pcm: this.heard }, [record.buffer, this.heard.buffer])
      this.heard = new Int16Array(HEARD_FRAMES * BUS_CHANNELS)
      this.heardFrames = 0
    }
  }
}
