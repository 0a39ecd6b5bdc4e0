import type { Scope } from '../context.ts'
import type { ToAir } from './messages.ts'
import type { AirProgramme } from './programme.ts'

/** Lines of one message: few enough that reading them holds up no block of the bus. */
const AT_ONCE = 200
const PAUSE_MS = 15

/** Sends the audio thread what is new in a programme. A large change goes in pieces; the newest programme wins over one still being sent. */
export class ProgrammeFeed {
  private readonly sent = new Map<string, string>()
  private readonly scope: Scope
  private readonly send: (message: ToAir) => void
  private round = 0

  constructor(scope: Scope, send: (message: ToAir) => void) {
    this.scope = scope
    this.send = send
  }

  /** What the thread was started with. */
  begin(programme: AirProgramme): void {
    this.round++
    this.sent.clear()
    for (const line of programme.lines) this.sent.set(line.line.id, JSON.stringify(line))
  }

  push(programme: AirProgramme): void {
    const changed = programme.lines.filter((line) => this.sent.get(line.line.id) !== JSON.stringify(line))
    this.piece(++this.round, programme, changed)
  }

  private piece(round: number, programme: AirProgramme, left: AirProgramme['lines']): void {
    if (round !== this.round) return
    const lines = left.slice(0, AT_ONCE)
    if (lines.length > 0) this.send({ kind: 'lines', lines })
    for (const line of lines) this.sent.set(line.line.id, JSON.stringify(line))
    if (left.length > AT_ONCE) {
      this.scope.after(PAUSE_MS, () => this.piece(round, programme, left.slice(AT_ONCE)))
      return
    }
    const lineIds = programme.lines.map(({ line }) => line.id)
    const kept = new Set(lineIds)
    for (const lineId of this.sent.keys()) if (!kept.has(lineId)) this.sent.delete(lineId)
    this.send({ kind: 'commit', lineIds, slots: programme.slots, days: programme.days, fill: programme.fill })
  }
}
