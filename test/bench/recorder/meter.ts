import { setTimeout as wait } from 'node:timers/promises'
import { z } from 'zod'
import type { ElectronLane } from '../../support/recorder/fault/electron.ts'
import { hearWitness } from '../../support/recorder/witness.ts'
import type { Print } from '../editor/print.ts'

const BUDGET = { latencyMs: 50, frameMs: 1_000 / 60 }
const PULSES = 30
const PULSE_EVERY_S = 1.3
const Seen = z.object({ lit: z.array(z.number()), frames: z.array(z.number()) })
const p = (list: readonly number[], share: number): number => [...list].sort((a, b) => a - b)[Math.min(list.length - 1, Math.floor(list.length * share))] ?? 0

/** A tone out of silence, again and again; the witness says when the audio thread had it, the canvas of the meter when it shows it. */
const watchMeter = `(() => {
  const { context, source } = window.counter
  source.disconnect()
  const gain = context.createGain()
  const tone = context.createConstantSource()
  gain.gain.value = 0
  for (let i = 0; i < ${PULSES}; i++) {
    const at = context.currentTime + 1 + i * ${PULSE_EVERY_S}
    gain.gain.setValueAtTime(0.5, at)
    gain.gain.setValueAtTime(0, at + 0.12)
  }
  tone.connect(gain)
  for (const node of window.counter.listeners) gain.connect(node)
  tone.start()
  const canvas = document.querySelector('[data-testid="input-meter"] canvas')
  const view = canvas.getContext('2d')
  const seen = (window.meterSeen = { lit: [], frames: [] })
  let dark = null
  let wasLit = true
  let last = performance.now()
  const look = (now) => {
    seen.frames.push(now - last)
    last = now
    // The place of -20 dBFS: the peak bar reaches it or does not.
    const [r, g, b] = view.getImageData(Math.round(canvas.width * (40 / 60)), 4, 1, 1).data
    const colour = r + ',' + g + ',' + b
    dark ??= colour
    const lit = colour !== dark
    if (lit && !wasLit) seen.lit.push(performance.timeOrigin + performance.now())
    wasLit = lit
    requestAnimationFrame(look)
  }
  requestAnimationFrame(look)
})()`

/** From the audio thread to the canvas (what the screen adds after that is not in it). Uses the witness that the lateness measure called. */
export async function measureMeter(lane: ElectronLane, print: Print): Promise<void> {
  await lane.ready()
  await lane.page.waitForFunction('window.witness !== null')
  await wait(2_000)
  await lane.inPage(watchMeter)
  await wait((2 + PULSES * PULSE_EVERY_S) * 1_000)
  const { lit, frames } = Seen.parse(await lane.inPage('window.meterSeen'))
  const { pulses } = await hearWitness(lane.page)
  const late = pulses.flatMap((at) => {
    const shown = lit.find((one) => one >= at - 1 && one < at + 600)
    return shown === undefined ? [] : [shown - at]
  })
  if (late.length < PULSES / 2) throw new Error(`only ${late.length} of ${PULSES} pulses were seen`)
  print('meter_latency_median_ms', p(late, 0.5), 'ms', BUDGET.latencyMs)
  print('meter_latency_p95_ms', p(late, 0.95), 'ms', BUDGET.latencyMs)
  print('meter_frame_median_ms', p(frames, 0.5), 'ms', BUDGET.frameMs)
}
