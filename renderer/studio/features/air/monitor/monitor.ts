import { create } from 'zustand'
import { RATE_HZ } from '#common/units/samples.ts'
import { frameFormats } from '#contract/frames.ts'
import { connection } from '../../../app/station-client/index.ts'
import { useDesk } from '../desk-store.ts'
import workletUrl from './worklet.ts?worker&url'

interface MonitorState {
  readonly on: boolean
}
export const useMonitor = create<MonitorState>(() => ({ on: false }))

let stop: (() => Promise<void>) | null = null
/** Number of the bus the desk shows: that one is heard. */
const heardBus = (): number => useDesk.getState().state?.number ?? 1

/** Listening to the programme in this window. It goes on while other pages are shown, until it is switched off. */
export async function toggleMonitor(): Promise<void> {
  if (stop !== null) {
    const end = stop
    stop = null
    useMonitor.setState({ on: false })
    await end()
    return
  }
  const context = new AudioContext({ sampleRate: RATE_HZ, latencyHint: 'playback' })
  stop = () => context.close()
  useMonitor.setState({ on: true })
  try {
    await context.audioWorklet.addModule(workletUrl)
  } catch (error) {
    stop = null
    useMonitor.setState({ on: false })
    await context.close()
    throw error
  }
  const node = new AudioWorkletNode(context, 'vangxa-monitor', { numberOfInputs: 0, numberOfOutputs: 1, outputChannelCount: [2] })
  node.connect(context.destination)
  const silence = connection.listen('monitor', (frame) => {
    if (frame.format !== frameFormats.int16 || frame.channels !== 2 || frame.session !== heardBus()) return
    const pcm = new Int16Array(frame.payload.slice().buffer)
    node.port.postMessage(pcm, [pcm.buffer])
  })
  stop = async () => {
    silence()
    node.disconnect()
    await context.close()
  }
  await context.resume()
}
