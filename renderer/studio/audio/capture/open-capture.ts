import { RATE_HZ } from '#common/units/samples.ts'
import workletUrl from './worklet.ts?worker&url'
import { listInputs, openInput } from './input.ts'
import { CaptureLevels, type ChannelLevel } from './levels.ts'
import { FromWorker, type ToWorker } from './messages.ts'
import type { SpoolSession } from './spool-records.ts'

export interface CaptureFault {
  readonly kind: 'dropout' | 'silence' | 'clipping' | 'input-lost' | 'stalled'
  /** Position in the session (0 while nothing is attached). Told again, longer, while it lasts; `input-lost` and `stalled` with `frames` 0 when they begin. */
  readonly atFrame: number
  readonly frames: number
}
export interface CaptureInfo {
  readonly deviceId: string
  readonly label: string
  readonly channels: number
  /** What the device itself runs at, when the browser tells. */
  readonly deviceRateHz: number | null
  readonly contextRateHz: number
  /** The browser resamples silently: to be shown. */
  readonly resampled: boolean
  readonly settings: Readonly<Record<string, string | number | boolean | null>>
}
export type CaptureLinkState = 'connecting' | 'open' | 'lost' | 'refused' | 'other-boot'
export interface CaptureStation {
  readonly url: string
  readonly token: string
}
export interface CaptureOptions {
  readonly deviceId: string | null
  readonly channels: 1 | 2
  readonly station: CaptureStation
  readonly session: string
}
export interface CaptureEvents {
  fault: CaptureFault
  link: CaptureLinkState
  /** The device went away (true), came back or was replaced by another (false). */
  inputLost: boolean
  /** Another device, or the same one again: tell the station with `recorder.inputChanged`. `atFrame` is a position in the session. */
  input: { readonly info: CaptureInfo; readonly atFrame: number }
  durable: { handle: number; durableFrames: number }
  /** Frames kept in the window because the station has not acknowledged them. */
  waiting: number
  /** Where they are kept when the link is away for long. */
  room: 'memory' | 'disk'
  /** Frames of this session that found room nowhere; they are a told gap in the take. */
  dropped: number
}

export interface Capture {
  /** Of the device listened to now. */
  readonly info: CaptureInfo
  readonly link: CaptureLinkState
  readonly inputLost: boolean
  readonly faults: readonly CaptureFault[]
  /** Peak since the last reading and RMS, per channel: for one reader per animation frame. */
  level(): readonly ChannelLevel[]
  /** The capture clock: what is being said now. */
  frames(): number
  /** Sends to the sink of `handle` from `fromFrame` of the capture clock (up to 10 s back; default now). `live` drops old sound instead of delivering it late. */
  attach(handle: number, options?: { fromFrame?: number; format?: 'int24' | 'float32'; live?: boolean; owner?: SpoolSession }): Promise<void>
  pause(): Promise<number>
  resume(): Promise<number>
  /** Takes no more sound; what waits is still sent. The number is the `finalFrame` of the session. */
  stop(): Promise<number>
  detach(): Promise<void>
  /** After a cut: what the old take does not hold becomes the beginning of the session `handle`. `fromPosition` is the new take's `continuesAt`. Returns the position now. */
  rebind(handle: number, fromPosition: number | null, owner: SpoolSession): Promise<number>
  /** Goes on with another device, in the same session: positions run on, the change costs no sample count. @throws AppError no-input */
  changeInput(deviceId: string): Promise<CaptureInfo>
  /** The station moved to another port or the person signed in anew. */
  useStation(station: CaptureStation, session: string): void
  on<K extends keyof CaptureEvents>(event: K, run: (value: CaptureEvents[K]) => void): () => void
  close(): Promise<void>
}

const KEPT_FAULTS = 200
const REOPEN_EVERY_MS = 1_500

/** Opens a microphone raw and keeps it open: worklet → Worker → the Worker's own socket. @throws AppError no-input */
export async function openCapture(options: CaptureOptions): Promise<Capture> {
  let stream = await openInput(options.deviceId, options.channels)
  const context = new AudioContext({ sampleRate: RATE_HZ, latencyHint: 'interactive' })
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'capture' })
  const listeners: { [K in keyof CaptureEvents]: Set<(value: CaptureEvents[K]) => void> } = { fault: new Set(), link: new Set(), inputLost: new Set(), durable: new Set(), waiting: new Set(), input: new Set(), room: new Set(), dropped: new Set() }
  const faults: CaptureFault[] = []
  const levels = new CaptureLevels(options.channels)
  const pending = new Map<number, (position: number) => void>()
  let lastId = 0
  let link: CaptureLinkState = 'connecting'
  let lost = false
  let closed = false
  let source: MediaStreamAudioSourceNode
  let node: AudioWorkletNode
  try {
    await context.audioWorklet.addModule(workletUrl)
    source = context.createMediaStreamSource(stream)
    // Mono from a stereo device is the mean of both sides: a microphone on either input is heard.
    node = new AudioWorkletNode(context, 'vangxa-capture', { numberOfInputs: 1, numberOfOutputs: 1, outputChannelCount: [1], channelCount: options.channels, channelCountMode: 'explicit', channelInterpretation: 'speakers', processorOptions: { channels: options.channels } })
  } catch (error) {
    for (const track of stream.getTracks()) track.stop()
    worker.terminate()
    await context.close()
    throw error
  }
  const channel = new MessageChannel()
  node.port.onmessage = (message: MessageEvent) => {
    if (message.data instanceof Float64Array) levels.take(message.data, performance.now())
  }
  node.port.postMessage(null, [channel.port1])
  post({ kind: 'open', channels: options.channels, access: { ...options.station, session: options.session }, worklet: channel.port2 }, [channel.port2])
  worker.onmessage = (event: MessageEvent) => hear(FromWorker.parse(event.data))
  source.connect(node)
  // Its output is silence; it is connected so that the graph always runs.
  node.connect(context.destination)
  void context.resume()

  let info = infoOf(stream, context.sampleRate, options.channels)
  let room: 'memory' | 'disk' = 'memory'
  let dropped = 0
  watchTrack()
  const onDeviceChange = (): void => void reopen()
  navigator.mediaDevices.addEventListener('devicechange', onDeviceChange)
  const retry = setInterval(() => void reopen(), REOPEN_EVERY_MS)

  function post(message: ToWorker, transfer: Transferable[] = []): void {
    worker.postMessage(message, transfer)
  }
  function ask(make: (id: number) => ToWorker): Promise<number> {
    return new Promise((resolve) => {
      const id = ++lastId
      pending.set(id, resolve)
      post(make(id))
    })
  }
  function emit<K extends keyof CaptureEvents>(event: K, value: CaptureEvents[K]): void {
    for (const run of listeners[event]) run(value)
  }
  function addFault(fault: CaptureFault): void {
    faults.push(fault)
    if (faults.length > KEPT_FAULTS) faults.shift()
    emit('fault', fault)
  }
  function hear(message: FromWorker): void {
    if (message.kind === 'done') {
      pending.get(message.id)?.(message.position)
      pending.delete(message.id)
    } else if (message.kind === 'link') {
      link = message.state
      emit('link', link)
    } else if (message.kind === 'fault') addFault(message.fault)
    else if (message.kind === 'durable') emit('durable', { handle: message.handle, durableFrames: message.durableFrames })
    else {
      emit('waiting', message.frames)
      if (room !== message.room) emit('room', (room = message.room))
      if (dropped !== message.dropped) emit('dropped', (dropped = message.dropped))
    }
  }
  function watchTrack(): void {
    const track = stream.getAudioTracks()[0]
    if (track !== undefined) track.onended = () => inputGone()
  }
  function inputGone(): void {
    if (lost || closed) return
    lost = true
    post({ kind: 'input', lost: true })
    emit('inputLost', true)
  }
  /** Only the same device: a take must not go on silently from another microphone. */
  async function reopen(): Promise<void> {
    if (!lost || closed) return
    const devices = await listInputs()
    const same = devices.find((one) => one.deviceId === info.deviceId) ?? devices.find((one) => one.label !== '' && one.label === info.label)
    if (same === undefined) return
    const next = await openInput(same.deviceId, options.channels).catch(() => null)
    if (next === null || !lost) return
    if (closed) return next.getTracks().forEach((track) => track.stop())
    await take(next)
  }
  /** The graph stays; only what flows into it is another stream. */
  async function take(next: MediaStream): Promise<void> {
    const before = stream
    stream = next
    const joined = context.createMediaStreamSource(next)
    joined.connect(node)
    source.disconnect()
    source = joined
    for (const track of before.getTracks()) {
      track.onended = null
      track.stop()
    }
    info = infoOf(next, context.sampleRate, options.channels)
    watchTrack()
    if (lost) {
      lost = false
      post({ kind: 'input', lost: false })
      emit('inputLost', false)
    }
    const atFrame = await ask((id) => ({ kind: 'where', id }))
    emit('input', { info, atFrame })
  }

  return {
    get info() { return info },
    faults,
    get link() { return link },
    get inputLost() { return lost },
    level: () => levels.read(),
    frames: () => levels.frame + (levels.heardAt === 0 ? 0 : Math.min(LEVEL_GAP_FRAMES, Math.round(((performance.now() - levels.heardAt) * RATE_HZ) / 1000))),
    attach: async (handle, rest = {}) => void (await ask((id) => ({ kind: 'attach', id, handle, fromFrame: rest.fromFrame ?? null, format: rest.format ?? 'int24', live: rest.live ?? false, owner: rest.owner ?? null }))),
    pause: () => ask((id) => ({ kind: 'pause', id })),
    resume: () => ask((id) => ({ kind: 'resume', id })),
    stop: () => ask((id) => ({ kind: 'stop', id })),
    detach: async () => void (await ask((id) => ({ kind: 'detach', id }))),
    rebind: (handle, fromPosition, owner) => ask((id) => ({ kind: 'rebind', id, handle, fromPosition, owner })),
    async changeInput(deviceId) {
      const next = await openInput(deviceId, options.channels)
      if (closed) for (const track of next.getTracks()) track.stop()
      else await take(next)
      return info
    },
    useStation: (station, session) => post({ kind: 'move', access: { ...station, session } }),
    on(event, run) {
      listeners[event].add(run)
      return () => listeners[event].delete(run)
    },
    async close() {
      if (closed) return
      closed = true
      clearInterval(retry)
      navigator.mediaDevices.removeEventListener('devicechange', onDeviceChange)
      for (const track of stream.getTracks()) track.stop()
      worker.terminate()
      await context.close()
    },
  }
}

/** Between two level messages the clock is carried on by at most one of them. */
const LEVEL_GAP_FRAMES = 1_024

function infoOf(stream: MediaStream, contextRateHz: number, channels: number): CaptureInfo {
  const track = stream.getAudioTracks()[0]
  const real = track?.getSettings() ?? {}
  const settings: Record<string, string | number | boolean | null> = {}
  for (const [key, value] of Object.entries(real)) if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') settings[key] = value
  const deviceRateHz = real.sampleRate ?? null
  return { deviceId: real.deviceId ?? '', label: track?.label ?? '', channels: real.channelCount ?? channels, deviceRateHz, contextRateHz, resampled: deviceRateHz !== null && deviceRateHz !== contextRateHz, settings }
}
