import { LiveMeter, METER_PLACES } from '#common/loudness/index.ts'

/** The meter's place in the audio graph: hears what is played, before anything that is for this room's ears alone. Its own output is silence. */
declare abstract class AudioWorkletProcessor {
  readonly port: MessagePort
}
declare function registerProcessor(name: string, processor: unknown): void

export type MeterOrder = { readonly kind: 'reset' } | { readonly kind: 'channels'; readonly channels: 1 | 2 }

/** 16 ms: sixty readings a second. */
const REPORT_QUANTA = 6

class MeterProcessor extends AudioWorkletProcessor {
  readonly #meter = new LiveMeter()
  /** Copied by the port: the same place serves every reading. */
  readonly #reading = new Float64Array(METER_PLACES)
  #quanta = 0

  constructor() {
    super()
    this.port.onmessage = (message: MessageEvent<MeterOrder>) => {
      if (message.data.kind === 'reset') this.#meter.reset()
      else this.#meter.setChannels(message.data.channels)
    }
  }

  process(inputs: readonly (readonly Float32Array[])[]): boolean {
    const input = inputs[0]
    const left = input?.[0]
    if (left !== undefined) this.#meter.push(left, input?.[1] ?? left, left.length)
    this.#quanta += 1
    if (this.#quanta >= REPORT_QUANTA) {
      this.#quanta = 0
      this.#meter.read(this.#reading)
      this.port.postMessage(this.#reading)
    }
    return true
  }
}

registerProcessor('vangxa-meter', MeterProcessor)
