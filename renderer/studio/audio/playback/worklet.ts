import { BlockQueue } from './block-queue.ts'
import type { FromPlaybackWorklet, ToPlaybackWorklet, WorkletOrder, WorkletReport } from './messages.ts'

/** Loudspeaker side of the editor's playback, in the audio thread: plays what waits and says how far it is. */
declare abstract class AudioWorkletProcessor {
  readonly port: MessagePort
}
declare function registerProcessor(name: string, processor: unknown): void
declare const currentFrame: number

const REPORT_FRAMES = 1_024
/** Scrubbing follows the hand: grains are joined only if it is known in time how far the last one has come. */
const SCRUB_REPORT_FRAMES = 256

class PlaybackProcessor extends AudioWorkletProcessor {
  readonly #queue = new BlockQueue()
  #worker: MessagePort | null = null
  #sinceReport = 0

  constructor() {
    super()
    this.port.onmessage = (message: MessageEvent<WorkletOrder>) => {
      const order = message.data
      if (order.kind === 'connect') this.#connect(message.ports[0])
      else if (order.kind === 'play') this.#queue.play(order.epoch, order.from, order.mayPause)
      else this.#queue.stop(order.epoch)
    }
  }

  process(_inputs: unknown, outputs: readonly (readonly Float32Array[])[]): boolean {
    const out = outputs[0] ?? []
    const frames = out[0]?.length ?? 128
    const wasPlaying = this.#queue.state === 'playing'
    const ended = this.#queue.pull(out, frames)
    this.#sinceReport += frames
    if (ended || (wasPlaying && this.#sinceReport >= (this.#queue.isLoose ? SCRUB_REPORT_FRAMES : REPORT_FRAMES))) this.#report(ended, frames)
    return true
  }

  #report(ended: boolean, frames: number): void {
    this.#sinceReport = 0
    const { currentEpoch: epoch, playhead: position, underruns } = this.#queue
    this.port.postMessage({ epoch, position, frame: currentFrame + frames, ended, underruns } satisfies WorkletReport)
    const spent = this.#queue.takeSpent()
    this.#worker?.postMessage({ kind: 'heard', epoch, position, spent } satisfies FromPlaybackWorklet, spent.map((array) => array.buffer))
  }

  #connect(port: MessagePort | undefined): void {
    if (port === undefined) return
    this.#worker = port
    port.onmessage = (message: MessageEvent<ToPlaybackWorklet>) => {
      const order = message.data
      if (order.kind === 'block') this.#queue.push(order.block)
      else this.#queue.finish(order.epoch, order.position)
    }
  }
}

registerProcessor('vangxa-playback', PlaybackProcessor)
