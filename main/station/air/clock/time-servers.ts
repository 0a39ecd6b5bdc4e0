import type { Scope } from '../../context.ts'
import { querySntp } from './sntp.ts'
import type { SntpReply } from './sntp.ts'

/** Of so many probes the one with the shortest way counts. */
const BEST_OF = 8
const FIRST_PROBES_MS = 2_000
const PROBES_MS = 64_000
const TIMEOUT_MS = 1_500
/** An estimate older than this says nothing any more. */
const FORGOTTEN_MS = 20 * 60_000

/** What one server says: its time minus our monotonic clock, ms. */
export interface TimeSource {
  readonly server: string
  readonly offsetMs: number
  readonly roundTripMs: number
}

/** Asks time servers for the time: a few probes at once, then one each minute. One that does not answer is asked again, and costs nothing meanwhile. */
export class TimeServers {
  private readonly probes = new Map<string, SntpReply[]>()
  private readonly monotonicMs: () => number
  private readonly wallMs: () => number
  private readonly scope: Scope
  private current: readonly string[] = []
  private round = 0

  constructor(options: { readonly scope: Scope; readonly monotonicMs: () => number; readonly wallMs: () => number }) {
    this.scope = options.scope
    this.monotonicMs = options.monotonicMs
    this.wallMs = options.wallMs
  }

  get servers(): readonly string[] {
    return this.current
  }

  use(servers: readonly string[]): void {
    if (JSON.stringify(servers) === JSON.stringify(this.current)) return
    this.current = servers
    this.probes.clear()
    this.round++
    if (servers.length > 0) this.probe(this.round, 0)
  }

  /** Servers that have answered lately, the best way first. */
  sources(): TimeSource[] {
    const now = this.monotonicMs()
    return this.current.flatMap((server): TimeSource[] => {
      const fresh = (this.probes.get(server) ?? []).filter(({ monotonicMs }) => now - monotonicMs < FORGOTTEN_MS)
      const best = fresh.toSorted((a, b) => a.roundTripMs - b.roundTripMs)[0]
      return best === undefined ? [] : [{ server, offsetMs: best.serverMs - best.monotonicMs, roundTripMs: best.roundTripMs }]
    }).toSorted((a, b) => a.roundTripMs - b.roundTripMs)
  }

  private probe(round: number, count: number): void {
    if (round !== this.round || this.scope.disposed) return
    for (const server of this.current) {
      querySntp({ server, timeoutMs: TIMEOUT_MS, monotonicMs: this.monotonicMs, aboutMs: this.wallMs() }).then((reply) => {
        if (round !== this.round) return
        const kept = this.probes.get(server) ?? []
        kept.push(reply)
        this.probes.set(server, kept.slice(-BEST_OF))
      }, () => undefined)
    }
    this.scope.after(count < BEST_OF ? FIRST_PROBES_MS : PROBES_MS, () => this.probe(round, count + 1))
  }
}
