import type { LiveSession } from '#contract/devices.ts'
import { AppError } from '#contract/errors.ts'
import type { Room, StationContext } from '../context.ts'
import type { AirRoom, DevicesRoom } from '../faces.ts'
import { LiveRun } from './live-run.ts'
import { LiveRows } from './live-rows.ts'

export interface LiveDeps {
  readonly devices: DevicesRoom
  /** The studio bus hears the session too, where there is an air. */
  readonly air?: Pick<AirRoom, 'live'>
}
export type LiveRoom = Room

/** Ended sessions shown to people. */
const HISTORY = 20
const MAX_AT_ONCE = 4

/** Push-to-talk: live sessions from the studio's microphone to chosen units (BS1 10). */
export function openLive(ctx: StationContext, deps: LiveDeps): LiveRoom {
  const rows = new LiveRows(ctx)
  const running = new Map<string, LiveRun>()
  // A station that died in a session does not speak again by itself: the leases have ended or will within minutes.
  rows.endAll(Math.floor(ctx.clock.now()))

  deps.devices.onProgress((subject, progress) => running.get(subject)?.progress(progress))
  ctx.scope.add(async () => {
    await Promise.all([...running.values()].map((run) => run.stop({ personId: null, name: 'station' }, 'now')))
  })

  const changed = (session: LiveSession): void => {
    rows.save(session)
    ctx.events.emit('live.changed', session)
    if (session.state === 'ended') running.delete(session.sid)
  }
  const require = (sid: string): LiveRun => {
    const run = running.get(sid)
    if (run === undefined) throw new AppError('not-found')
    return run
  }

  return {
    handlers: {
      'live.prepare': async ({ title, targets, urgent }, caller) => {
        if (running.size >= MAX_AT_ONCE) throw new AppError('busy')
        const { deviceIds: resolved, groups } = deps.devices.resolve(targets)
        // Screens under the same units hear nothing: they would stand in the list as never ready.
        const screens = new Set(deps.devices.devices().flatMap((device) => (device.kind === 'screen' ? [device.id] : [])))
        const deviceIds = resolved.filter((id) => !screens.has(id))
        if (deviceIds.length === 0) throw new AppError('no-target')
        const aud = [...groups.map((group) => `g/${group}`), ...targets.deviceIds.map((id) => `d/${id}`)]
        const run = new LiveRun(ctx, { ...deps, changed }, { sid: ctx.newId(), title, prio: urgent ? 6 : 5, aud, deviceIds, by: caller.name })
        running.set(run.sid, run)
        ctx.audit.append(caller, 'live.prepare', run.sid, { title, aud, devices: deviceIds.length, prio: urgent ? 6 : 5 })
        try {
          await run.prepare()
        } catch (error) {
          await run.stop(caller, 'now')
          throw error
        }
        return run.session()
      },
      'live.start': async ({ sid }, caller) => {
        const run = require(sid)
        await run.start()
        ctx.audit.append(caller, 'live.start', sid)
        return run.session()
      },
      'live.stop': async ({ sid }, caller) => {
        const run = require(sid)
        ctx.audit.append(caller, 'live.stop', sid)
        void run.stop(caller, 'tail')
        return run.session()
      },
      'live.list': () => ({ sessions: [...[...running.values()].map((run) => run.session()), ...rows.ended(HISTORY)] }),
    },
  }
}
