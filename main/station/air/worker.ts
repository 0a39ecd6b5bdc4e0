import { parentPort, workerData } from 'node:worker_threads'
import { ulid } from 'ulidx'
import { toInt16 } from '#common/mix/index.ts'
import { JournalWriter, LatestFile } from './durable.ts'
import { AirEngine } from './engine.ts'
import { Meters } from './meters.ts'
import type { AirStart, AsRunEntry, FromAir, ToAir } from './messages.ts'
import { BLOCK_FRAMES, BUS_CHANNELS } from './messages.ts'
import { monotonicMs, raisePriority, wakeAt } from './pace.ts'
import { openPcmSource } from './pcm-source.ts'
import { Tap } from './tap.ts'

/**
 * The audio thread. Promises: the block that is due is rendered when it is due and never before; nothing here waits for the main thread, the
 * database or the network. Relies on a monotonic clock and local files. When the thread is held up, it renders what it missed up to 2 s and
 * joins by the clock beyond that; every held-up block is counted.
 */
const HEARD_FRAMES = 2_400
const STATE_MS = 1_000
/** Longer than this the bus jumps to the clock instead of playing what was missed. */
const MAX_BACKLOG_MS = 2_000
/** A block this late counts as an underrun of the bus. */
const LATE_MS = 40

const port = parentPort
if (port === null) throw new Error('the air engine runs in a worker thread')
const start = workerData as AirStart
const send = (message: FromAir, transfer: ArrayBuffer[] = []): void => port.postMessage(message, transfer)
const trouble = (message: string, detail: Record<string, unknown>): void => send({ kind: 'trouble', message, detail })

raisePriority()
let offsetMs = start.offsetMs
/** Bus sample 0 stands on a whole 10 ms of station time and of this monotonic instant, so that whole seconds begin a block. */
const zeroMs = Math.ceil((monotonicMs() + offsetMs) / 10) * 10
const paceZeroMs = zeroMs - offsetMs

const engine = new AirEngine({ zeroWall: zeroMs * 48, doneLineIds: start.doneLineIds, openSource: openPcmSource, newId: () => ulid(), trouble })
const journal = new JournalWriter(start.journalPath, trouble)
const positionFile = new LatestFile(start.positionPath, trouble)
const tap = new Tap(start.tapPath, zeroMs * 1000, trouble)
const meters = new Meters(BUS_CHANNELS)
const block: [Float32Array, Float32Array] = [new Float32Array(BLOCK_FRAMES), new Float32Array(BLOCK_FRAMES)]
const view: [Float32Array, Float32Array] = [block[0], block[1]]
let heard = new Int16Array(HEARD_FRAMES * BUS_CHANNELS)
let heardFrames = 0
let heardFrom = 0
let stateAtMs = 0
let stopping = false

const dueMs = (position: number): number => paceZeroMs + position / 48

function record(entry: AsRunEntry): void {
  journal.append(entry)
  send({ kind: 'asRun', entry })
}

/** The state goes first: who hears of a row finds the bus as it is. */
function reportRows(): void {
  const onsets = engine.takeOnsets()
  const endings = engine.takeEndings()
  if (onsets.length + endings.length === 0) return
  const tapUs = Math.round((monotonicMs() + offsetMs) * 1000)
  reportState(monotonicMs())
  for (const { row, onsetUs } of onsets) {
    record({ entry: 'started', row: onsetUs === null ? row : { ...row, actualAt: Math.round(tapUs / 1000), startErrorUs: tapUs - onsetUs } })
  }
  for (const row of endings) record({ entry: 'ended', row })
}

function hear(position: number, frames: number): void {
  meters.add(view, frames)
  let done = 0
  while (done < frames) {
    if (heardFrames === 0) heardFrom = position + done
    const count = Math.min(frames - done, HEARD_FRAMES - heardFrames)
    toInt16([view[0].subarray(done, done + count), view[1].subarray(done, done + count)], count, heard.subarray(heardFrames * BUS_CHANNELS), null)
    heardFrames += count
    done += count
    if (heardFrames < HEARD_FRAMES) continue
    const record = meters.take()
    send({ kind: 'heard', firstFrame: heardFrom, frames: heardFrames, meters: record, pcm: heard }, [record.buffer, heard.buffer])
    heard = new Int16Array(HEARD_FRAMES * BUS_CHANNELS)
    heardFrames = 0
  }
}

function renderBlock(): void {
  const frames = engine.nextFrames()
  const position = engine.position
  view[0] = frames === BLOCK_FRAMES ? block[0] : block[0].subarray(0, frames)
  view[1] = frames === BLOCK_FRAMES ? block[1] : block[1].subarray(0, frames)
  const liveOver = engine.render(frames, view)
  tap.write(position, frames, view)
  reportRows()
  hear(position, frames)
  if (liveOver !== null) send({ kind: 'liveEnded', sid: liveOver })
  const now = monotonicMs()
  if (liveOver !== null || now - stateAtMs >= STATE_MS) reportState(now)
}

function reportState(now: number): void {
  stateAtMs = now
  const state = engine.state()
  send({ kind: 'state', state })
  positionFile.set({ at: Math.round(now + offsetMs), playing: state.playing })
}

function turn(): void {
  if (stopping) return
  const late = monotonicMs() - dueMs(engine.position)
  if (late > LATE_MS) engine.underruns++
  if (late > MAX_BACKLOG_MS) {
    engine.jump(engine.position + Math.floor((late * 48) / BLOCK_FRAMES) * BLOCK_FRAMES)
    trouble('the air was held up and joined the clock again', { lateMs: Math.round(late) })
  }
  // A few blocks at a time: between them the event loop fetches samples and orders.
  for (let n = 0; n < 20 && monotonicMs() >= dueMs(engine.position); n++) renderBlock()
  wakeAt(dueMs(engine.position), turn)
}

/** Hard starts move with the clock; what is on air stays on its samples. */
function setClock(newOffsetMs: number): void {
  const shiftMs = Math.round((newOffsetMs - offsetMs) * 48) / 48
  offsetMs += shiftMs
  const zeroWall = engine.rundown.zeroWall + Math.round(shiftMs * 48)
  engine.setZero(zeroWall)
  tap.setZero(Math.round((zeroWall / 48) * 1000))
}

async function stop(): Promise<void> {
  stopping = true
  engine.stop()
  reportRows()
  tap.close()
  await journal.close()
  port?.close()
}

port.on('message', (message: ToAir) => {
  switch (message.kind) {
    case 'plan': return engine.setPlan(message.plays)
    case 'clock': return setClock(message.offsetMs)
    case 'skip': return void engine.skip(message.lineId)
    case 'liveOpen': return engine.openLive(message.sid, message.channels, message.title)
    case 'livePcm': return engine.writeLive(message.sid, message.pcm, message.firstFrame)
    case 'liveEnd': return engine.endLive(message.sid)
    case 'stop': return void stop()
  }
})

engine.setPlan(start.plays)
send({ kind: 'ready' })
wakeAt(dueMs(0), turn)
