import { setTimeout as wait } from 'node:timers/promises'
import { z } from 'zod'
import { readCounted } from '../../support/recorder/fault/counted-group.ts'
import { COUNTER_FRAMES, type ElectronLane } from '../../support/recorder/fault/electron.ts'
import { callWitness, hearWitness } from '../../support/recorder/witness.ts'
import type { Print } from '../editor/print.ts'

const BLOCKED_MS = 2_000
const BUDGET_MS = { late: 150, durable: 1_000 }
const Sent = z.array(z.object({ atMs: z.number(), value: z.number() }))
const Acked = z.array(z.object({ atMs: z.number(), value: z.number() }))
const p = (list: readonly number[], share: number): number => [...list].sort((a, b) => a - b)[Math.min(list.length - 1, Math.floor(list.length * share))] ?? 0

/** In the capture Worker: notes when each chunk is given to the socket and when each acknowledgement comes; a chunk is known by its last sample. */
const watchSocket = `(() => {
  const sent = (globalThis.sent = [])
  const acked = (globalThis.acked = [])
  const followed = new WeakSet()
  const send = WebSocket.prototype.send
  WebSocket.prototype.send = function (data) {
    if (data instanceof Uint8Array && data.length > 35) {
      const view = new DataView(data.buffer, data.byteOffset, data.byteLength)
      const at = data.length - 3
      sent.push({ atMs: Date.now(), value: data[at] | (data[at + 1] << 8) | (data[at + 2] << 16), end: Number(view.getBigUint64(16, true)) + view.getUint32(12, true) })
      if (!followed.has(this)) {
        followed.add(this)
        this.addEventListener('message', (event) => {
          const message = JSON.parse(event.data)
          const known = message.kind === 'captureAck' ? sent.findLast((one) => one.end <= message.durableFrames) : undefined
          if (known !== undefined) acked.push({ atMs: Date.now(), value: known.value })
        })
      }
    }
    return send.call(this, data)
  }
})()`

/** The main thread stands still for two seconds in the middle of a take. Late = from the moment the audio thread has the last sample of a chunk until the Worker gives it to the socket. */
export async function measureLateness(lane: ElectronLane, print: Print): Promise<void> {
  await callWitness(lane.page, 60)
  await lane.ready()
  await lane.page.waitForFunction('window.witness !== null')
  const take = await lane.record()
  const worker = lane.page.workers().find((one) => /\/worker-/.test(one.url()))
  if (worker === undefined) throw new Error('the capture has no Worker')
  await worker.evaluate(watchSocket)
  // The opponent: whatever goes by way of the main thread waits until that one moves again.
  await lane.inPage('(() => { window.ticks = []; setInterval(() => window.ticks.push(Date.now()), 20) })()')
  await wait(2_000)
  await lane.inPage(`(() => { const until = performance.now() + ${BLOCKED_MS}; while (performance.now() < until) { /* a stuck window */ } })()`)
  await wait(3_000)
  const heard = await hearWitness(lane.page)
  const sent = Sent.parse(await worker.evaluate('globalThis.sent'))
  const acked = Acked.parse(await worker.evaluate('globalThis.acked'))
  const ticks = z.array(z.number()).parse(await lane.inPage('window.ticks'))
  await lane.stop()
  await lane.client.waitFor('recorder.changed', (one) => one.id === take.id && one.state === 'saved', 60_000)
  const counted = await readCounted(lane.client, lane.folder, take.groupId, COUNTER_FRAMES)

  const spokenAt = new Map<number, number>()
  heard.samples.forEach((value, i) => {
    const atMs = heard.times[Math.floor(i / 128)]
    if (value > 0 && atMs !== undefined) spokenAt.set(value, atMs)
  })
  const lateOf = (list: readonly { atMs: number; value: number }[]): number[] => list.flatMap((one) => {
    const spoken = spokenAt.get(one.value)
    return spoken === undefined ? [] : [one.atMs - spoken]
  })
  const late = lateOf(sent)
  if (late.length < 20) throw new Error('too few chunks could be named')
  const stood = Math.max(...ticks.slice(1).map((tick, i) => tick - (ticks[i] ?? tick)))
  print('blocked_2s_frames_lost', counted.wrongAt < 0 ? counted.toldFrames : counted.frames - counted.wrongAt, 'frames', null)
  print('blocked_2s_lateness_p95_ms', p(late, 0.95), 'ms', BUDGET_MS.late)
  print('blocked_2s_lateness_max_ms', Math.max(...late), 'ms', BUDGET_MS.late)
  print('blocked_2s_lateness_max_beside_main_thread_ms', Math.max(...late), 'ms', stood)
  print('durable_after_spoken_p95_ms', p(lateOf(acked), 0.95), 'ms', BUDGET_MS.durable)
  print('durable_after_spoken_max_ms', Math.max(...lateOf(acked)), 'ms', BUDGET_MS.durable)
}
