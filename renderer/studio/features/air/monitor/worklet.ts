import { MonitorRing } from './ring.ts'

/** Plays the monitor stream in the audio thread. */
declare abstract class AudioWorkletProcessor {
  readonly port: MessagePort
}
declare function registerProcessor(name: string, processor: unknown): void

class MonitorProcessor extends AudioWorkletProcessor {
  readonly #ring = new MonitorRing()

  constructor() {
    super()
    this.port.onmessage = (message: MessageEvent) => {
      if (message.data instanceof Int16Array) this.#ring.write(message.data)
    }
  }

  process(_inputs: unknown, outputs: readonly (readonly Float32Array[])[]): boolean {
    const [left, right] = outputs[0] ?? []
    if (left !== undefined) this.#ring.read(left, right ?? left)
    return true
  }
}
registerProcessor('vangxa-monitor', MonitorProcessor)
