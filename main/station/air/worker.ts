import { parentPort, workerData } from 'node:worker_threads'
import { ulid } from 'ulidx'
import { machineOf } from './bus/bus-machine.ts'
import { BusRunner } from './bus/runner.ts'
import { isFor } from './bus/routes.ts'
import { JournalWriter, LatestFile } from './durable.ts'
import { Reel } from './fallback/sounds.ts'
import type { AirStart, AsRunEntry, BusSetup, FromAir, ToAir } from './messages.ts'

import { monotonicMs, raisePriority, wakeAt } from './pace.ts'
import { openPcmSource } from './pcm-source.ts'
import { RelayInputs } from './relay/relay-inputs.ts'
import { ProgrammeStore } from './programme-store.ts'
import { Stretches } from './stretches.ts'

/**
 * The audio thread. Promises: the block that is due is rendered when it is due and never before; nothing here waits for the main thread, the
 * database or the network. Relies on a monotonic clock and local files. When the thread is held up, it renders what it missed up to 2 s and
 * joins by the clock beyond that; every held-up block is counted.
 */
const STATE_MS = 1_000
/** A few blocks at a time: between them the event loop fetches samples and orders. */
const BLOCKS_AT_ONCE = 20
/** What ended so long ago decides nothing any more. */
const FORGOTTEN_WALL = 3 * 86_400_000 * 48

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
let zeroWall = zeroMs * 48
let stateAtMs = 0
let stopping = false

const journal = new JournalWriter(start.journalPath, trouble)
const positionFile = new LatestFile(start.positionPath, trouble)
const programme = new ProgrammeStore(start.programme)
const reel = new Reel()
const stretches = new Stretches((sha256, pcm, ratio) => send({ kind: 'stretchWanted', sha256, pcm, ratio }))
const relays = new RelayInputs(send, () => ulid())
const record = (entry: AsRunEntry): void => {
  journal.append(entry)
  rowsToTell.push(entry)
}
/** The state goes first: who hears of a row finds the bus as it is. */
const rowsToTell: AsRunEntry[] = []
const openBus = (setup: BusSetup, firstFrame: number): BusRunner => new BusRunner({
  setup, zeroWall, firstFrame, reel, send, record, lateMs: (position) => monotonicMs() - dueMs(position),
  engine: { openSource: openPcmSource, newId: () => ulid(), trouble, stretched: (sha256, pcm, ratio) => stretches.get(sha256, pcm, ratio), openRelay: (relay, startAt) => relays.open(relay, startAt) },
})
let runners = start.buses.map((setup) => openBus(setup, 0))
const runnerOf = (bus: string): BusRunner | undefined => runners.find(({ setup }) => setup.id === bus)

const dueMs = (position: number): number => paceZeroMs + position / 48

function layProgramme(): void {
  for (const { engine, setup } of runners) {
    const { lines, slots, days, fill } = programme.now
    engine.log.use({ lines: lines.filter((line) => isFor(line, setup)), slots: slots.filter((slot) => isFor({ bus: slot.bus, targetUnitIds: [] }, setup)), days, fill })
    engine.log.forget(engine.wall - FORGOTTEN_WALL)
    engine.change()
  }
}

/** A new bus begins where the others are. */
function takeBuses(setups: readonly BusSetup[]): void {
  const at = Math.max(...runners.map(({ position }) => position))
  for (const runner of runners) if (!setups.some(({ id }) => id === runner.setup.id)) runner.stop()
  runners = setups.map((setup) => {
    const known = runnerOf(setup.id)
    if (known === undefined) return openBus(setup, at)
    known.setup = setup
    return known
  })
  layProgramme()
}

function reportState(now: number): void {
  stateAtMs = now
  send({ kind: 'state', buses: runners.map((runner) => runner.state()) })
  positionFile.set(machineOf(Math.round(now + offsetMs), runners.map(({ engine, setup }) => ({ bus: setup.id, engine }))))
}

function renderDue(): void {
  let told = false
  for (let n = 0; n < BLOCKS_AT_ONCE; n++) {
    const now = monotonicMs()
    const due = runners.filter(({ position }) => now >= dueMs(position))
    if (due.length === 0) break
    for (const runner of due) told = runner.render() || told
    if (told || now - stateAtMs >= STATE_MS) reportState(monotonicMs())
    if (told) for (const entry of rowsToTell.splice(0)) send({ kind: 'asRun', entry })
    told = false
  }
}

function turn(): void {
  if (stopping) return
  renderDue()
  reel.makeSome()
  wakeAt(dueMs(Math.min(...runners.map(({ position }) => position))), turn)
}

/** Timed starts move with the clock; what is on air stays on its samples. */
function setClock({ offsetMs: wanted, atJunction, timedHeld }: Extract<ToAir, { kind: 'clock' }>): void {
  const shift = Math.round((wanted - offsetMs) * 48)
  offsetMs += shift / 48
  zeroWall += shift
  for (const runner of runners) {
    runner.engine.log.timedHeld = timedHeld
    runner.setZero(zeroWall, atJunction)
  }
}

async function stop(): Promise<void> {
  stopping = true
  for (const runner of runners) runner.stop()
  for (const entry of rowsToTell.splice(0)) send({ kind: 'asRun', entry })
  await journal.close()
  port?.close()
}

port.on('message', (message: ToAir) => {
  switch (message.kind) {
    case 'lines': return programme.put(message.lines)
    case 'commit':
      programme.commit(message)
      return layProgramme()
    case 'buses': return takeBuses(message.buses)
    case 'mode': {
      const runner = runnerOf(message.bus)
      runner?.engine.log.setMode(message.mode, runner.engine.wall)
      runner?.engine.change()
      return
    }
    case 'happened': {
      const runner = runnerOf(message.bus)
      runner?.engine.log.learn(message.happened)
      runner?.engine.change()
      return
    }
    case 'holdGrace': {
      const runner = runnerOf(message.bus)
      runner?.engine.log.holdGrace(message.bannerId, message.held)
      runner?.engine.change()
      return
    }
    case 'order': {
      const runner = runnerOf(message.bus)
      runner?.engine.log.order({ ...message.order, at: runner.engine.wall })
      runner?.engine.change()
      return
    }
    case 'accept': {
      const runner = runnerOf(message.bus)
      send({ kind: 'accepted', requestId: message.requestId, ok: runner?.engine.log.accept(message.planId) ?? false })
      runner?.engine.change()
      return
    }
    case 'why': return send({ kind: 'why', requestId: message.requestId, decisions: runners.flatMap(({ engine, setup }) => engine.log.trace.of(message.lineId).map((decision) => ({ ...decision, bus: setup.id }))) })
    case 'stretched':
      stretches.put(message.sha256, message.ratio, message.pcm)
      for (const { engine } of runners) {
        if (message.pcm === null) engine.log.cannotStretch(message.sha256)
        engine.change()
      }
      return
    case 'clock': return setClock(message)
    case 'confirmReturn': return runnerOf(message.bus)?.confirmReturn()
    case 'liveOpen': return runnerOf(message.bus)?.openLive(message.sid, message.channels, message.title, message.priority)
    case 'livePcm':
      for (const runner of runners) runner.writeLive(message.sid, message.pcm, message.firstFrame)
      return
    case 'liveEnd':
      for (const runner of runners) runner.endLive(message.sid)
      return
    case 'relayPcm': return relays.sound(message.feedId, message.pcm)
    case 'relayState': return relays.state(message.feedId, message.state)
    case 'relayEnded': return relays.ended(message.feedId)
    case 'stop': return void stop()
  }
})

for (const { engine } of runners) engine.log.timedHeld = start.timedHeld
layProgramme()
for (const { engine } of runners) engine.settle()
send({ kind: 'ready' })
wakeAt(dueMs(0), turn)
