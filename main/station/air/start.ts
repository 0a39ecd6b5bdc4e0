import type { Worker } from 'node:worker_threads'
import type { StationContext } from '../context.ts'
import { openHost } from './host.ts'
import type { AirHost, HostListener } from './host.ts'
import type { FromAir } from './messages.ts'

/** What the air needs to sound at all. A damaged database takes nothing of it away. */
export type AirGround = Pick<StationContext, 'folders' | 'clock' | 'logger' | 'scope' | 'boot'>

export interface StartedAir {
  readonly host: AirHost
  /** From here on the listener hears the air, and first what was kept for it. */
  listen(listener: HostListener): void
}

/**
 * The start of the air: from air/plan.json alone, before the database and the rooms. What may not be lost is kept until somebody listens; meters,
 * states and the like are not.
 */
export function startAir(ground: AirGround, options: { readonly loaded?: Worker | undefined; readonly thread?: URL | undefined } = {}): StartedAir {
  const kept: ((listener: HostListener) => void)[] = []
  let listener: HostListener | null = null
  const keep = (tell: (listener: HostListener) => void): void => {
    if (listener === null) kept.push(tell)
    else tell(listener)
  }
  const host = openHost({ ...ground, scope: ground.scope.child('air'), logger: ground.logger.child('air') }, {
    asRun: (entry) => keep((to) => to.asRun(entry)),
    fallback: (bus, event) => keep((to) => to.fallback(bus, event)),
    stretchWanted: (wanted: Extract<FromAir, { kind: 'stretchWanted' }>) => keep((to) => to.stretchWanted(wanted)),
    heard: (heard) => listener?.heard(heard),
    changed: () => listener?.changed(),
    liveEnded: (sid) => listener?.liveEnded(sid),
    lost: () => listener?.lost(),
  }, options)
  return {
    host,
    listen(to) {
      listener = to
      for (const tell of kept.splice(0)) tell(to)
    },
  }
}
