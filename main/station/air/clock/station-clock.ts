import { uptime } from 'node:os'
import type { AirClock } from '#contract/air.ts'
import type { Clock, Logger, Scope } from '../../context.ts'
import { monotonicMs } from '../pace.ts'
import { ClockWatch } from './clock-watch.ts'
import type { ClockReading, ClockVerdict } from './clock-watch.ts'
import { TimeServers } from './time-servers.ts'

/** No clock can be right that shows a time before this program was made. */
const MADE_AT_MS = Date.UTC(2025, 0, 1)
/** What was written last may be this much ahead of the machine, whose clock was slewed meanwhile. */
const FLOOR_MARGIN_MS = 5_000

export interface StationClock {
  readonly verdict: ClockVerdict
  /** Station time minus the monotonic clock, ms. */
  readonly offsetMs: number
  now(): number
  useServers(servers: readonly string[]): void
  /** A person says that the machine's clock (or the time servers) are right. */
  confirm(): void
  status(): AirClock
}

/** The time of the station: looks at the machine and the time servers each second. `changed` is called after each look that moved something or changed the trust. */
export function openStationClock(options: { readonly clock: Clock; readonly logger: Logger; readonly scope: Scope; readonly lastAliveMs: number | null }, changed: (verdict: ClockVerdict, before: ClockVerdict) => void): StationClock {
  const { clock, logger, scope, lastAliveMs } = options
  const floorMs = Math.max(MADE_AT_MS, lastAliveMs === null ? 0 : lastAliveMs - FLOOR_MARGIN_MS)
  const watch = new ClockWatch(reading(clock), { floorMs, resumeAtMs: lastAliveMs })
  const servers = new TimeServers({ scope, monotonicMs, wallMs: () => clock.now() })
  let verdict = watch.look(reading(clock))
  if (verdict.state === 'none') logger.warn('the clock of the machine cannot be right; the air goes on where it was', { wallMs: clock.now(), lastAliveMs })

  scope.every(1_000, () => {
    const before = verdict
    verdict = watch.look(reading(clock), servers.sources())
    if (before.trusted !== verdict.trusted) logger.warn(verdict.trusted ? 'the clock is trusted again' : 'the clock of the machine jumped; the air stays on its own', { differenceMs: Math.round(verdict.differenceMs) })
    changed(verdict, before)
  })

  return {
    get verdict() { return verdict },
    get offsetMs() { return watch.offsetMs },
    now: () => monotonicMs() + watch.offsetMs,
    useServers: (list) => servers.use(list),
    confirm: () => watch.confirm(),
    status() {
      const answering = servers.sources().length
      return {
        source: answering > 0 ? 'ntp' : 'system', state: verdict.state, trusted: verdict.trusted, offsetMs: verdict.differenceMs, servers: { asked: servers.servers.length, answering }, pendingStepMs: verdict.pendingStepMs,
      }
    },
  }
}

function reading(clock: Clock): ClockReading {
  // Only Linux counts sleep in the time since boot and leaves it out of the monotonic clock.
  return { wallMs: clock.now(), monotonicMs: monotonicMs(), uptimeMs: process.platform === 'linux' ? uptime() * 1000 : null }
}
