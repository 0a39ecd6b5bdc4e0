import { ulid } from 'ulidx'
import { machineOf } from './bus/bus-machine.ts'
import { BusRunner } from './bus/runner.ts'
import { isFor } from './bus/routes.ts'
import { JournalWriter, LatestFile } from './durable.ts'
import { Reel } from './fallback/sounds.ts'
import type { AirStart, AsRunEntry, BusSetup, FromAir, ToAir } from './messages.ts'
import { monotonicMs, wakeAt } from './pace.ts'
import { openPcmSource } from './pcm-source.ts'
import { RelayInputs } from './relay/relay-inputs.ts'
import { ProgrammeStore } from './programme-store.ts'
import { Stretches } from './stretches.ts'

const STATE_MS = 1_000
/** A few blocks at a time: between them the event loop fetches samples and orders. */
const BLOCKS_AT_ONCE = 20
/** What ended so long ago decides nothing any more. */
const FORGOTTEN_WALL = 3 * 86_400_000 * 48

export interface AirThreadLinks {
  send(message: FromAir, transfer?: ArrayBuffer[]): void
  /** After an ordered stop: everything it had to say is said and on disk. */
  ended(): void
}

/**
 * The audio thread. Promises: the block that is due is rendered when it is due and never before; nothing here waits for the main thread, the
 * database or the network. Relies on a monotonic clock and local files. When the thread is held up, it renders what it missed up to 2 s and
 * joins by the clock beyond that; every held-up block is counted.
 */
export class AirThread {
  private readonly links: AirThreadLinks
  private readonly journal: JournalWriter
  private readonly positionFile: LatestFile
  private readonly programme: ProgrammeStore
  private readonly reel = new Reel()
  private readonly stretches: Stretches
  private readonly relays: RelayInputs
  private runners: BusRunner[]
  private offsetMs: number
  /** Bus sample 0 stands on a whole 10 ms of station time and of this monotonic instant, so that whole seconds begin a block. */
  private readonly paceZeroMs: number
  private zeroWall: number
  private stateAtMs = 0
  private stopping = false
  /** The state goes first: who hears of a row finds the bus as it is. */
  private readonly rowsToTell: AsRunEntry[] = []

  /** Sounds from its construction on. */
  constructor(start: AirStart, links: AirThreadLinks) {
    this.links = links
    this.offsetMs = start.offsetMs
    const zeroMs = Math.ceil((monotonicMs() + start.offsetMs) / 10) * 10
    this.paceZeroMs = zeroMs - start.offsetMs
    this.zeroWall = zeroMs * 48
    this.journal = new JournalWriter(start.journalPath, this.trouble)
    this.positionFile = new LatestFile(start.positionPath, this.trouble)
    this.programme = new ProgrammeStore(start.programme)
    this.stretches = new Stretches((sha256, pcm, ratio) => links.send({ kind: 'stretchWanted', sha256, pcm, ratio }))
    this.relays = new RelayInputs((message) => links.send(message), () => ulid())
    this.runners = start.buses.map((setup) => this.openBus(setup, 0))
    for (const { engine } of this.runners) engine.log.timedHeld = start.timedHeld
    this.layProgramme()
    for (const { engine } of this.runners) engine.settle()
    links.send({ kind: 'ready' })
    wakeAt(this.dueMs(0), this.turn)
  }

  take(message: ToAir): void {
    switch (message.kind) {
      case 'lines': return this.programme.put(message.lines)
      case 'commit':
        this.programme.commit(message)
        return this.layProgramme()
      case 'buses': return this.takeBuses(message.buses)
      case 'mode': return this.change(message.bus, ({ engine }) => engine.log.setMode(message.mode, engine.wall))
      case 'happened': return this.change(message.bus, ({ engine }) => engine.log.learn(message.happened))
      case 'holdGrace': return this.change(message.bus, ({ engine }) => engine.log.holdGrace(message.bannerId, message.held))
      case 'order': return this.change(message.bus, ({ engine }) => engine.log.order({ ...message.order, at: engine.wall }))
      case 'accept': {
        const runner = this.runnerOf(message.bus)
        this.links.send({ kind: 'accepted', requestId: message.requestId, ok: runner?.engine.log.accept(message.planId) ?? false })
        return runner?.engine.change()
      }
      case 'why': return this.links.send({ kind: 'why', requestId: message.requestId, decisions: this.runners.flatMap(({ engine, setup }) => engine.log.trace.of(message.lineId).map((decision) => ({ ...decision, bus: setup.id }))) })
      case 'stretched':
        this.stretches.put(message.sha256, message.ratio, message.pcm)
        for (const { engine } of this.runners) {
          if (message.pcm === null) engine.log.cannotStretch(message.sha256)
          engine.change()
        }
        return
      case 'clock': return this.setClock(message)
      case 'confirmReturn': return this.runnerOf(message.bus)?.confirmReturn()
      case 'liveOpen': return this.runnerOf(message.bus)?.openLive(message.sid, message.channels, message.title, message.priority)
      case 'livePcm':
        for (const runner of this.runners) runner.writeLive(message.sid, message.pcm, message.firstFrame)
        return
      case 'liveEnd':
        for (const runner of this.runners) runner.endLive(message.sid)
        return
      case 'relayPcm': return this.relays.sound(message.feedId, message.pcm)
      case 'relayState': return this.relays.state(message.feedId, message.state)
      case 'relayEnded': return this.relays.ended(message.feedId)
      case 'stop': return void this.stop()
    }
  }

  private readonly trouble = (message: string, detail: Record<string, unknown>): void => this.links.send({ kind: 'trouble', message, detail })

  private readonly record = (entry: AsRunEntry): void => {
    this.journal.append(entry)
    this.rowsToTell.push(entry)
  }

  private openBus(setup: BusSetup, firstFrame: number): BusRunner {
    return new BusRunner({
      setup, zeroWall: this.zeroWall, firstFrame, reel: this.reel, send: (message, transfer) => this.links.send(message, transfer), record: this.record, lateMs: (position) => monotonicMs() - this.dueMs(position),
      engine: { openSource: openPcmSource, newId: () => ulid(), trouble: this.trouble, stretched: (sha256, pcm, ratio) => this.stretches.get(sha256, pcm, ratio), openRelay: (relay, startAt) => this.relays.open(relay, startAt) },
    })
  }

  private runnerOf(bus: string): BusRunner | undefined {
    return this.runners.find(({ setup }) => setup.id === bus)
  }

  /** What it does to a bus, its plan depends on. */
  private change(bus: string, run: (runner: BusRunner) => void): void {
    const runner = this.runnerOf(bus)
    if (runner === undefined) return
    run(runner)
    runner.engine.change()
  }

  private dueMs(position: number): number {
    return this.paceZeroMs + position / 48
  }

  private layProgramme(): void {
    const { lines, slots, days, fill } = this.programme.now
    for (const { engine, setup } of this.runners) {
      engine.log.use({ lines: lines.filter((line) => isFor(line, setup)), slots: slots.filter((slot) => isFor({ bus: slot.bus, targetUnitIds: [] }, setup)), days, fill })
      engine.log.forget(engine.wall - FORGOTTEN_WALL)
      engine.change()
    }
  }

  /** A new bus begins where the others are. */
  private takeBuses(setups: readonly BusSetup[]): void {
    const at = Math.max(...this.runners.map(({ position }) => position))
    for (const runner of this.runners) if (!setups.some(({ id }) => id === runner.setup.id)) runner.stop()
    this.runners = setups.map((setup) => {
      const known = this.runnerOf(setup.id)
      if (known === undefined) return this.openBus(setup, at)
      known.setup = setup
      return known
    })
    this.layProgramme()
  }

  private reportState(now: number): void {
    this.stateAtMs = now
    this.links.send({ kind: 'state', buses: this.runners.map((runner) => runner.state()) })
    this.positionFile.set(machineOf(Math.round(now + this.offsetMs), this.runners.map(({ engine, setup }) => ({ bus: setup.id, engine }))))
  }

  private renderDue(): void {
    let told = false
    for (let n = 0; n < BLOCKS_AT_ONCE; n++) {
      const now = monotonicMs()
      const due = this.runners.filter(({ position }) => now >= this.dueMs(position))
      if (due.length === 0) break
      for (const runner of due) told = runner.render() || told
      if (told || now - this.stateAtMs >= STATE_MS) this.reportState(monotonicMs())
      if (told) this.tellRows()
      told = false
    }
  }

  private tellRows(): void {
    for (const entry of this.rowsToTell.splice(0)) this.links.send({ kind: 'asRun', entry })
  }

  private readonly turn = (): void => {
    if (this.stopping) return
    this.renderDue()
    this.reel.makeSome()
    wakeAt(this.dueMs(Math.min(...this.runners.map(({ position }) => position))), this.turn)
  }

  /** Timed starts move with the clock; what is on air stays on its samples. */
  private setClock({ offsetMs: wanted, atJunction, timedHeld }: Extract<ToAir, { kind: 'clock' }>): void {
    const shift = Math.round((wanted - this.offsetMs) * 48)
    this.offsetMs += shift / 48
    this.zeroWall += shift
    for (const runner of this.runners) {
      runner.engine.log.timedHeld = timedHeld
      runner.setZero(this.zeroWall, atJunction)
    }
  }

  private async stop(): Promise<void> {
    this.stopping = true
    for (const runner of this.runners) runner.stop()
    this.tellRows()
    await this.journal.close()
    this.links.ended()
  }
}
