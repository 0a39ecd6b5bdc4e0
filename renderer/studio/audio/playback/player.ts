import { RATE_HZ } from '#common/units/samples.ts'
import { AppError, ErrorCode } from '#contract/errors.ts'
import workletUrl from './worklet.ts?worker&url'
import type { PlaybackPlan } from './block-maker.ts'
import { playableRate, timelineAt } from './course.ts'
import type { Course } from './course.ts'
import type { FromPlaybackWorker, ToPlaybackWorker, WorkletOrder, WorkletReport } from './messages.ts'
import { Monitor } from './monitor.ts'

export interface PlayerEvents {
  playing(isPlaying: boolean): void
  failed(error: AppError): void
}

/**
 * Playback of the editor as the window sees it. The audio thread is opened at the first play, so that a page that only draws costs nothing.
 * The playhead is the audio thread's count of samples, carried on between its reports by the audio clock, less what waits in the device.
 */
export class Player {
  /** Meters, and the ear at the pole. */
  readonly monitor = new Monitor()
  private readonly events: PlayerEvents
  private worker: Worker | null = null
  private audio: Promise<{ context: AudioContext; node: AudioWorkletNode }> | null = null
  private context: AudioContext | null = null
  private node: AudioWorkletNode | null = null
  private plan: PlaybackPlan | null = null
  private epoch = 0
  private report: WorkletReport | null = null
  private course: Course = { from: 0, until: null, rate: 1 }
  private scrubAt: number | null = null
  private isScrubOrdered = false
  isPlaying = false
  underruns = 0

  constructor(events: PlayerEvents) {
    this.events = events
  }

  /** Also while playing: what has not been heard yet is made anew. */
  setPlan(plan: PlaybackPlan): void {
    this.plan = plan
    this.monitor.setChannels(plan.channels)
    if (this.worker !== null) this.tell({ kind: 'plan', plan })
  }

  /**
   * Plays from `from`. `rate` is −8…8 (1 by default): negative plays backwards, to the beginning or to an `until` before `from`.
   * @throws AppError no audio device
   */
  async play(from: number, until: number | null = null, rate = 1): Promise<void> {
    if (this.plan === null) return
    const course = { from, until, rate: playableRate(rate) }
    const epoch = this.begin(course)
    this.scrubAt = null
    this.setPlaying(true)
    this.monitor.reset()
    const node = await this.ready()
    if (epoch !== this.epoch) return
    this.order(node, { kind: 'play', epoch, from, mayPause: false })
    this.tell({ kind: 'play', epoch, course })
  }

  /** Speed of what is playing, from where it is heard now; nothing happens when nothing plays. The next `play` begins at 1 again. */
  async setRate(rate: number): Promise<void> {
    if (!this.isPlaying || playableRate(rate) === this.rate) return
    const { until } = this.course
    // An end that lies behind after turning round is no end.
    const at = this.position()
    await this.play(at, until !== null && (until - at) * rate > 0 ? until : null, rate)
  }

  /** −8…8; 1 when nothing plays. */
  get rate(): number {
    return this.isPlaying ? this.course.rate : 1
  }

  /** A short grain of sound at `position`: call it with each move of a dragged pointer. Stops playback; `position()` is the pointer's meanwhile. */
  async scrub(position: number): Promise<void> {
    if (this.plan === null) return
    const at = Math.max(0, Math.round(position))
    if (this.scrubAt !== null) {
      this.scrubAt = at
      if (this.isScrubOrdered) this.tell({ kind: 'scrub', epoch: this.epoch, at })
      return
    }
    if (this.isPlaying) this.stop()
    const epoch = this.begin({ from: 0, until: null, rate: 1 })
    this.scrubAt = at
    this.isScrubOrdered = false
    const node = await this.ready()
    if (epoch !== this.epoch) return
    this.isScrubOrdered = true
    this.order(node, { kind: 'play', epoch, from: 0, mayPause: true })
    this.tell({ kind: 'scrub', epoch, at: this.scrubAt })
  }

  /** The pointer was let go; gives where. */
  endScrub(): number {
    const at = this.scrubAt ?? this.position()
    if (this.scrubAt !== null) this.stop()
    return at
  }

  /** Position where it stopped. */
  stop(): number {
    const at = this.position()
    const epoch = this.begin({ from: at, until: null, rate: 1 })
    this.scrubAt = null
    if (this.node !== null) this.order(this.node, { kind: 'stop', epoch })
    if (this.worker !== null) this.tell({ kind: 'stop', epoch })
    this.setPlaying(false)
    return at
  }

  /** The sample that leaves the loudspeaker now. */
  position(): number {
    const { report, context, course } = this
    if (this.scrubAt !== null) return this.scrubAt
    if (report === null || context === null || report.epoch !== this.epoch) return Math.round(course.from)
    const since = context.currentTime * RATE_HZ - report.frame
    const waiting = (context.outputLatency || context.baseLatency || 0) * RATE_HZ
    const frame = Math.max(course.from, report.position + Math.min(since, 4_800) - waiting)
    return Math.max(0, Math.round(timelineAt(course, frame)))
  }

  async close(): Promise<void> {
    if (this.isPlaying || this.scrubAt !== null) this.stop()
    this.worker?.terminate()
    this.worker = null
    const audio = this.audio
    this.audio = null
    this.monitor.detach()
    await audio?.then(({ context }) => context.close()).catch(() => undefined)
  }

  private begin(course: Course): number {
    this.course = course
    this.report = null
    this.epoch += 1
    return this.epoch
  }

  private async ready(): Promise<AudioWorkletNode> {
    const { context, node } = await (this.audio ??= this.open())
    await context.resume()
    return node
  }

  private async open(): Promise<{ context: AudioContext; node: AudioWorkletNode }> {
    const context = new AudioContext({ sampleRate: RATE_HZ, latencyHint: 'interactive' })
    this.context = context
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'playback' })
    worker.onmessage = (event: MessageEvent<FromPlaybackWorker>) => this.fail(event.data)
    this.worker = worker
    await context.audioWorklet.addModule(workletUrl)
    const node = new AudioWorkletNode(context, 'vangxa-playback', { numberOfInputs: 0, numberOfOutputs: 1, outputChannelCount: [2] })
    node.port.onmessage = (event: MessageEvent<WorkletReport>) => this.hear(event.data)
    await this.monitor.attach(context, node)
    this.node = node
    const channel = new MessageChannel()
    node.port.postMessage({ kind: 'connect' } satisfies WorkletOrder, [channel.port1])
    worker.postMessage({ kind: 'open', worklet: channel.port2 } satisfies ToPlaybackWorker, [channel.port2])
    if (this.plan !== null) this.tell({ kind: 'plan', plan: this.plan })
    return { context, node }
  }

  private hear(report: WorkletReport): void {
    this.underruns = report.underruns
    if (report.epoch !== this.epoch) return
    this.report = report
    if (report.ended) {
      this.course = { from: Math.max(0, Math.round(timelineAt(this.course, report.position))), until: null, rate: 1 }
      this.report = null
      this.setPlaying(false)
    }
  }

  private fail(message: FromPlaybackWorker): void {
    this.stop()
    this.events.failed(new AppError(ErrorCode.safeParse(message.code).data ?? 'internal', { data: message.data }))
  }

  private tell(message: ToPlaybackWorker): void {
    this.worker?.postMessage(message)
  }

  private order(node: AudioWorkletNode, order: WorkletOrder): void {
    node.port.postMessage(order)
  }

  private setPlaying(isPlaying: boolean): void {
    if (this.isPlaying === isPlaying) return
    this.isPlaying = isPlaying
    this.events.playing(isPlaying)
  }
}
