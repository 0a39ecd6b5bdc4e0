import { LIMITER_LOOK_AHEAD } from '#common/mix/index.ts'
import type { Happened, PlayoutMode, PlayoutOrder, Returned } from '#common/playout/index.ts'
import type { PcmFile } from '../../../main/station/faces.ts'
import { BusEngine } from '../../../main/station/air/bus/engine.ts'
import { BusLog } from '../../../main/station/air/bus/bus-log.ts'
import type { Onset } from '../../../main/station/air/bus/rows.ts'
import { FallbackController } from '../../../main/station/air/fallback/controller.ts'
import type { FallbackEvent, LastResort } from '../../../main/station/air/fallback/events.ts'
import { Reel } from '../../../main/station/air/fallback/sounds.ts'
import { LiveSession } from '../../../main/station/air/live-session.ts'
import type { EndedRow, StartedRow } from '../../../main/station/air/messages.ts'
import { BLOCK_FRAMES } from '../../../main/station/air/messages.ts'
import type { PcmSource } from '../../../main/station/air/pcm-source.ts'
import { programmeOf } from './plays.ts'
import type { Play } from './plays.ts'

export const ZERO_MS = Date.UTC(2026, 10, 21, 1, 0, 0)
export const FADE = 7200
/** The bus is mixed so much before it is heard: what is ordered now takes effect then. */
export const AHEAD = LIMITER_LOOK_AHEAD
/** Levels under the ceiling of the bus: whole numbers of the tests, divided by powers of two that a float keeps exactly. */
export const LEVEL = 64
export const COUNT = 2 ** 22
const DAY = 86_400_000 * 48

/** Sources that sound a constant per item (its channel 1: the item, channel 2: the position), open at once unless told otherwise. */
export class Desk {
  readonly engine: BusEngine
  readonly log: BusLog
  readonly left: number[] = []
  readonly right: number[] = []
  readonly onsets: Onset[] = []
  readonly endings: EndedRow[] = []
  readonly broken = new Map<string, number>()
  readonly slow = new Set<string>()
  /** Opened, and giving nothing. */
  readonly hung = new Set<string>()
  fallback: FallbackController | null = null
  readonly told: FallbackEvent[] = []
  private orders = 0
  opened = 0
  closed = 0

  constructor({ happened = [], mode = 'auto', returned }: { readonly happened?: readonly Happened[]; readonly mode?: PlayoutMode; readonly returned?: Returned } = {}) {
    let id = 0
    const wall = ZERO_MS * 48
    this.log = new BusLog({
      mode, happened, returned: returned ?? { since: wall - DAY, at: wall, why: 'down', resume: 'catchUp' },
    })
    this.engine = new BusEngine({ bus: 'main', zeroWall: wall, log: this.log, openSource: (pcm) => this.open(pcm), newId: () => `row${id++}`, trouble: () => undefined })
  }

  /** Listens to its bus from now on, with a reel that is there. */
  withFallback(lastResort: LastResort = 'reel'): this {
    const reel = new Reel()
    while (reel.makeSome());
    this.fallback = new FallbackController({ engine: this.engine, openSource: (pcm) => this.open(pcm), reel, lastResort: () => lastResort, tell: (event) => void this.told.push(event) })
    return this
  }
  setPlan(plays: readonly Play[], more: Parameters<typeof programmeOf>[2] = {}): void {
    this.log.use(programmeOf(plays, ZERO_MS, more))
    this.engine.change()
    this.engine.settle()
  }
  skip(lineId: string): void {
    this.log.order({ id: `skip ${lineId}`, at: this.engine.wall, kind: 'skip', lineId, rev: null, operator: 'Lan' })
    this.engine.change()
    this.engine.settle()
  }
  /** A key, as if it came this moment. */
  order(order: PlayoutOrder extends infer O ? (O extends PlayoutOrder ? Omit<O, 'id' | 'at'> : never) : never): void {
    this.log.order({ ...order, id: `order${this.orders++}`, at: this.engine.wall, operator: 'Lan' })
    this.engine.change()
    this.engine.settle()
  }
  setMode(mode: PlayoutMode): void {
    this.log.setMode(mode, this.engine.wall)
    this.engine.change()
    this.engine.settle()
  }
  openLive(sid: string, channels: 1 | 2): LiveSession {
    const session = new LiveSession(sid, channels, 'Trực tiếp', 5)
    this.engine.addLayer(session, { title: 'Trực tiếp', startSource: 'manual', playSource: 'live' })
    return session
  }

  private open(pcm: PcmFile): PcmSource {
    this.opened++
    const good = (): number => Math.min(pcm.length, this.broken.get(pcm.path) ?? pcm.length)
    const isReady = (): boolean => !this.slow.has(pcm.path) && good() > 0
    const close = (): void => void this.closed++
    const level = Number(pcm.path)
    const hung = (): boolean => this.hung.has(pcm.path)
    return {
      channels: 2, close,
      get ready() { return isReady() },
      get failure() { return good() < pcm.length ? new Error('broken') : null },
      get readableUntil() { return good() },
      read(offset, frames, into) {
        if (hung()) {
          for (const channel of into) channel.fill(0, 0, frames)
          return frames
        }
        for (let i = 0; i < frames; i++) {
          const there = offset + i < good()
          const [l, r] = into
          if (l !== undefined) l[i] = there ? level / LEVEL : 0
          // What is hardly heard on the left is not heard on the right.
          if (r !== undefined) r[i] = there && level >= 1 ? (offset + i + 1) / COUNT : 0
        }
        return Math.max(0, offset + frames - good())
      },
    }
  }

  /** Renders until bus sample `until`. */
  run(end: number): this {
    const until = Math.round(end)
    const out: [Float32Array, Float32Array] = [new Float32Array(BLOCK_FRAMES), new Float32Array(BLOCK_FRAMES)]
    while (this.engine.position < until) {
      const frames = Math.min(this.engine.nextFrames(), until - this.engine.position)
      this.engine.render(frames, out)
      for (let i = 0; i < frames; i++) {
        this.left.push((out[0][i] ?? 0) * LEVEL)
        this.right.push((out[1][i] ?? 0) * COUNT)
      }
      this.fallback?.hear(out[0].subarray(0, frames), out[1].subarray(0, frames), frames)
      this.engine.settle()
      this.fallback?.step()
      this.onsets.push(...this.engine.takeOnsets())
      this.endings.push(...this.engine.takeEndings())
    }
    return this
  }
  /** Both halves of the rows of a title, in order. */
  rowsOf(title: string): (StartedRow & Partial<EndedRow>)[] {
    return this.onsets.filter(({ row }) => row.title === title).map(({ row }) => {
      const end = this.endings.find(({ id }) => id === row.id)
      return { ...row, ...end, wall: row.wall, operator: row.operator ?? end?.operator ?? null }
    })
  }
  /** [title, reason, played] of what ended. */
  history(): unknown[] {
    const titles = new Map(this.onsets.map(({ row }) => [row.id, row.title]))
    return this.endings.map((end) => [titles.get(end.id), end.stopReason, end.playedSamples])
  }
}
