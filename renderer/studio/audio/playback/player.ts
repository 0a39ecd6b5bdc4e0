import { RATE_HZ } from '#common/units/samples.ts'
import { AppError, ErrorCode } from '#contract/errors.ts'
import workletUrl from './worklet.ts?worker&url'
import type { PlaybackPlan } from './block-maker.ts'
import type { FromPlaybackWorker, ToPlaybackWorker, WorkletOrder, WorkletReport } from './messages.ts'

export interface PlayerEvents {
  playing(isPlaying: boolean): void
  failed(error: AppError): void
}

/**
 * Playback of the editor as the window sees it. The audio thread is opened at the first play, so that a page that only draws costs nothing.
 * The playhead is the audio thread's count of samples, carried on between its reports by the audio clock, less what waits in the device.
 */
export class Player {
  private readonly events: PlayerEvents
  private worker: Worker | null = null
  private audio: Promise<{ context: AudioContext; node: AudioWorkletNode }> | null = null
  private context: AudioContext | null = null
  private node: AudioWorkletNode | null = null
  private plan: PlaybackPlan | null = null
  private epoch = 0
  private report: WorkletReport | null = null
  private startedAt = 0
  isPlaying = false
  underruns = 0

  constructor(events: PlayerEvents) {
    this.events = events
  }

  /** Also while playing: what has not been heard yet is made anew. */
  setPlan(plan: PlaybackPlan): void {
    this.plan = plan
    if (this.worker !== null) this.tell({ kind: 'plan', plan })
  }

  /** @throws AppError no audio device */
  async play(from: number, until: number | null = null): Promise<void> {
    if (this.plan === null) return
    const epoch = ++this.epoch
    this.startedAt = from
    this.report = null
    this.setPlaying(true)
    const { context, node } = await (this.audio ??= this.open())
    await context.resume()
    if (epoch !== this.epoch) return
    this.order(node, { kind: 'play', epoch, from })
    this.tell({ kind: 'play', epoch, from, until })
  }

  /** Position where it stopped. */
  stop(): number {
    const at = this.position()
    const epoch = ++this.epoch
    if (this.node !== null) this.order(this.node, { kind: 'stop', epoch })
    if (this.worker !== null) this.tell({ kind: 'stop', epoch })
    this.setPlaying(false)
    return at
  }

  /** The sample that leaves the loudspeaker now. */
  position(): number {
    const { report, context } = this
    if (report === null || context === null || report.epoch !== this.epoch) return this.startedAt
    const since = context.currentTime * RATE_HZ - report.frame
    const waiting = (context.outputLatency || context.baseLatency || 0) * RATE_HZ
    return Math.max(this.startedAt, Math.round(report.position + Math.min(since, 4_800) - waiting))
  }

  async close(): Promise<void> {
    if (this.isPlaying) this.stop()
    this.worker?.terminate()
    this.worker = null
    const audio = this.audio
    this.audio = null
    await audio?.then(({ context }) => context.close()).catch(() => undefined)
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
    node.connect(context.destination)
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
      this.startedAt = report.position
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
