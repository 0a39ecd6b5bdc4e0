import { hornBend, hornShape } from '#common/levels/index.ts'
import { METER, METER_PLACES } from '#common/loudness/index.ts'
import meterUrl from './meter-worklet.ts?worker&url'
import type { MeterOrder } from './meter-worklet.ts'

const CURVE_POINTS = 2_049

/**
 * What stands between the player and the loudspeakers of this computer: a meter that hears the programme as it is, and, when somebody asks how a horn on
 * a pole would sound, a horn. Export, air and meter never hear the horn.
 */
export class Monitor {
  private readonly latest = new Float64Array(METER_PLACES).fill(NaN)
  private meter: AudioWorkletNode | null = null
  private context: AudioContext | null = null
  private source: AudioNode | null = null
  private horn: { readonly input: AudioNode; readonly output: AudioNode } | null = null
  private channels: 1 | 2 = 2
  private peakLeft = 0
  private peakRight = 0
  hornWatts: number | null = null
  /** Readings that have come: tells a screen whether there is anything new. */
  readings = 0

  async attach(context: AudioContext, source: AudioNode): Promise<void> {
    this.context = context
    this.source = source
    this.connect()
    await context.audioWorklet.addModule(meterUrl)
    const meter = new AudioWorkletNode(context, 'vangxa-meter', { numberOfInputs: 1, numberOfOutputs: 1, outputChannelCount: [1], channelCount: 2, channelCountMode: 'explicit', channelInterpretation: 'speakers' })
    meter.port.onmessage = (event: MessageEvent<Float64Array>) => this.take(event.data)
    source.connect(meter)
    // Silence, but without a listener it would not be asked to work.
    meter.connect(context.destination)
    this.meter = meter
    this.order({ kind: 'channels', channels: this.channels })
  }

  detach(): void {
    if (this.meter !== null) this.meter.port.onmessage = null
    this.meter = null
    this.source = null
    this.horn = null
    this.context = null
  }

  /** A mono programme is measured once, though both sides sound. */
  setChannels(channels: 1 | 2): void {
    this.channels = channels
    this.order({ kind: 'channels', channels })
  }

  /** Loudness, true peak and clips begin anew. */
  reset(): void {
    this.latest.fill(NaN)
    this.peakLeft = 0
    this.peakRight = 0
    this.order({ kind: 'reset' })
  }

  /** Copies the latest reading; the peaks are the highest since the last call. */
  read(into: Float64Array): void {
    into.set(this.latest)
    into[METER.peakLeft] = this.peakLeft
    into[METER.peakRight] = this.peakRight
    this.peakLeft = 0
    this.peakRight = 0
  }

  /** Null = the sound as it is. Also while playing. */
  setHorn(watts: number | null): void {
    this.hornWatts = watts
    this.connect()
  }

  private take(reading: Float64Array): void {
    this.latest.set(reading)
    this.peakLeft = Math.max(this.peakLeft, reading[METER.peakLeft] ?? 0)
    this.peakRight = Math.max(this.peakRight, reading[METER.peakRight] ?? 0)
    this.readings += 1
  }

  private connect(): void {
    const { context, source } = this
    if (context === null || source === null) return
    try {
      source.disconnect(this.horn === null ? context.destination : this.horn.input)
    } catch {
      // Not yet connected: the first time.
    }
    this.horn?.output.disconnect()
    this.horn = this.hornWatts === null ? null : buildHorn(context, this.hornWatts)
    source.connect(this.horn === null ? context.destination : this.horn.input)
    this.horn?.output.connect(context.destination)
  }

  private order(order: MeterOrder): void {
    this.meter?.port.postMessage(order)
  }
}

/** The same shape as the station's excerpts: two high passes, two low passes, the ringing of throat and mouth, the soft limit of the driver. */
function buildHorn(context: AudioContext, watts: number): { input: AudioNode; output: AudioNode } {
  const shape = hornShape(watts)
  const filter = (type: BiquadFilterType, frequency: number, q: number, gainDb = 0): BiquadFilterNode => new BiquadFilterNode(context, { type, frequency, Q: q, gain: gainDb })
  const drive = new GainNode(context, { gain: 10 ** (shape.driveDb / 20) })
  // A horn is one loudspeaker: both channels come out of it.
  const mono = new GainNode(context, { channelCount: 1, channelCountMode: 'explicit', channelInterpretation: 'speakers' })
  const bend = new WaveShaperNode(context, { curve: Float32Array.from({ length: CURVE_POINTS }, (_, n) => hornBend((2 * n) / (CURVE_POINTS - 1) - 1)), oversample: '4x' })
  const back = new GainNode(context, { gain: 10 ** (-shape.driveDb / 20 + 6 / 20) })
  const chain: AudioNode[] = [
    mono, filter('highpass', shape.lowHz, 0), filter('highpass', shape.lowHz, 0), filter('lowpass', shape.highHz, 0), filter('lowpass', shape.highHz, 0),
    ...shape.resonances.map(({ hz, gainDb, q }) => filter('peaking', hz, q, gainDb)), drive, bend, back, filter('lowpass', shape.highHz, 0),
  ]
  chain.reduce((from, to) => from.connect(to))
  return { input: mono, output: chain[chain.length - 1] ?? mono }
}
