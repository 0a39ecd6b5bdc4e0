import type { Page } from '@playwright/test'
import { z } from 'zod'

const RATE = 48_000

/**
 * A witness in the audio thread of the page: it stands at the same node as the capture's worklet, in the same graph, and keeps every sample that came there
 * and the wall clock of every quantum. What a (fake) microphone drops, both miss alike; what the capture loses, the witness still has.
 */
function witnessWorklet(seconds: number): string {
  return `
class Witness extends AudioWorkletProcessor {
  constructor() {
    super()
    this.samples = new Float32Array(${seconds * RATE})
    this.times = new Float64Array(${seconds} * 375)
    this.used = 0
    this.from = currentFrame
    this.pulses = []
    this.loud = false
    this.port.onmessage = () => this.port.postMessage({ used: this.used, from: this.from, samples: this.samples.slice(0, this.used), times: this.times.slice(0, this.used / 128), pulses: this.pulses })
  }
  process([planes]) {
    if (this.used + 128 > this.samples.length) return true
    if (planes[0] !== undefined) this.samples.set(planes[0], this.used)
    this.times[this.used / 128] = Date.now()
    this.used += 128
    const loud = (planes[0]?.[127] ?? 0) > 0.1
    if (loud && !this.loud) this.pulses.push(Date.now())
    this.loud = loud
    return true
  }
}
registerProcessor('vangxa-witness', Witness)`
}

const standBeside = (code: string): string => `(() => {
  const connect = AudioNode.prototype.connect
  window.witness = null
  const stand = async (source) => {
    if (window.witness?.context !== source.context) {
      await source.context.audioWorklet.addModule(URL.createObjectURL(new Blob([${JSON.stringify(code)}], { type: 'text/javascript' })))
      window.witness = new AudioWorkletNode(source.context, 'vangxa-witness', { numberOfInputs: 1, numberOfOutputs: 1, outputChannelCount: [1], channelCount: 1, channelCountMode: 'explicit', channelInterpretation: 'speakers' })
      connect.call(window.witness, source.context.destination)
    }
    connect.call(source, window.witness)
  }
  AudioNode.prototype.connect = function (to, ...rest) {
    if (to instanceof AudioWorkletNode) void stand(this)
    return connect.call(this, to, ...rest)
  }
})()`

/** From the next load of the page on it hears whatever is given to a worklet. The page's content policy allows no code but its own, so it is set aside for this page. */
export async function callWitness(page: Page, seconds: number): Promise<void> {
  const session = await page.context().newCDPSession(page)
  await session.send('Page.setBypassCSP', { enabled: true })
  await page.addInitScript({ content: standBeside(witnessWorklet(seconds)) })
}

const Testimony = z.object({ from: z.number(), samples: z.string(), times: z.array(z.number()), pulses: z.array(z.number()) })
export interface Witnessed {
  /** As the capture writes them: 24-bit integers. */
  readonly samples: Int32Array
  /** Unix ms at which the audio thread gave out quantum i (128 samples). */
  readonly times: readonly number[]
  /** Unix ms at which it became loud after silence. */
  readonly pulses: readonly number[]
}

export async function hearWitness(page: Page): Promise<Witnessed> {
  const told = Testimony.parse(await page.evaluate(async () => {
    const node: unknown = Reflect.get(globalThis, 'witness')
    if (!(node instanceof AudioWorkletNode)) throw new Error('no witness came')
    const said = await new Promise<{ from: number; samples: Float32Array<ArrayBuffer>; times: Float64Array; pulses: number[] }>((resolve) => {
      node.port.onmessage = (message) => resolve(message.data)
      node.port.postMessage(null)
    })
    const text = await new Promise<string>((resolve) => {
      const reader = new FileReader()
      reader.onload = () => resolve(String(reader.result))
      reader.readAsDataURL(new Blob([said.samples]))
    })
    return { from: said.from, samples: text.slice(text.indexOf(',') + 1), times: [...said.times], pulses: said.pulses }
  }))
  const bytes = Buffer.from(told.samples, 'base64')
  const samples = Int32Array.from({ length: bytes.length / 4 }, (_, i) => Math.min(8_388_607, Math.max(-8_388_608, Math.round(bytes.readFloatLE(i * 4) * 8_388_608))))
  return { samples, times: told.times, pulses: told.pulses }
}

/** Where `take` begins in what the witness heard, and the first sample at which the two differ (-1: none). `at` -1: nowhere. */
export function compareWithWitness(heard: Int32Array, take: Int32Array): { at: number; firstDifference: number } {
  const key = Math.min(256, take.length)
  for (let at = 0; at + take.length <= heard.length; at++) {
    let same = 0
    while (same < key && heard[at + same] === take[same]) same++
    if (same < key) continue
    for (let i = 0; i < take.length; i++) if (heard[at + i] !== take[i]) return { at, firstDifference: i }
    return { at, firstDifference: -1 }
  }
  return { at: -1, firstDifference: 0 }
}
