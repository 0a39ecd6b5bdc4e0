import { AppError } from '#contract/errors.ts'
import type { RelayFields, RelayStation } from '#contract/relay.ts'
import { addDays, dateAt } from '#common/timing/zone.ts'
import type { StationContext } from '../context.ts'
import type { AirRoom, MediaRoom, RelayOnAir, RelayRoom } from '../faces.ts'
import { editionOf } from './editions.ts'
import { offsetOf } from '../foundation/zones.ts'
import { openFeed } from './feed.ts'
import { runRecordings } from './recordings.ts'
import { openScheduleStore } from './schedules.ts'
import { openRelayStore } from './sources.ts'

const SHOWN_DAYS = 14

/** Stations and files the air may relay: who they are, who let them, and how they are listened to. Open it before the log, which asks it from its first plan on. */
export function openRelay(ground: StationContext, deps: { readonly air: Pick<AirRoom, 'relayWith'>; readonly media: Pick<MediaRoom, 'liveDecoder'> }): RelayRoom {
  const ctx = { ...ground, scope: ground.scope.child('relay'), logger: ground.logger.child('relay') }
  const { air, media } = deps
  const store = openRelayStore(ctx)
  const schedules = openScheduleStore(ctx)
  const listeners = new Set<() => void>()
  const told = (id: string): { ok: true } => {
    ctx.events.emit('relay.changed', { id })
    for (const run of listeners) run()
    return { ok: true }
  }

  air.relayWith((relay, startAt, listener) => openFeed(relay, startAt, { clock: ctx.clock, decoder: (options) => media.liveDecoder(options), offsetMin: offsetOf(ctx.settings.get().zone), root: ctx.folders.root }, listener))

  return {
    sources: {
      get(id) {
        const one = store.get(id)
        return one === null ? null : { title: one.title, approved: one.approval !== null, relay: onAirOf(one) }
      },
      holding(addresses) {
        const holds = ({ addresses: own }: RelayStation): boolean => addresses.every((wanted) => own.some((one) => JSON.stringify(one) === JSON.stringify(wanted)))
        const found = store.list().filter(holds)
        const one = found.find(({ approval }) => approval !== null) ?? found[0]
        return one === undefined ? null : { title: one.title, approved: one.approval !== null, relay: { ...onAirOf(one), addresses } }
      },
      editionOf: (scheduleId, broadcastDate) => editionOf(schedules, scheduleId, broadcastDate),
      editionItems: (dates) => schedules.list().flatMap(({ id }) => dates.flatMap((date) => editionOf(schedules, id, date)?.itemId ?? [])),
    },
    recordWith(parts) {
      runRecordings(ctx, { ...parts, store: schedules, sourceOf: (id) => store.get(id), changed: (id) => void told(id) })
    },
    onChange(run) {
      listeners.add(run)
      return () => void listeners.delete(run)
    },
    handlers: {
      'relay.list': () => ({ sources: [...store.list()] }),
      'relay.add': (fields, caller) => {
        check(fields)
        const id = store.add(fields)
        ctx.audit.append(caller, 'relay.add', id, { ...fields })
        told(id)
        return { id }
      },
      'relay.change': ({ id, rev, fields }, caller) => {
        check(fields)
        store.change(id, rev, fields)
        ctx.audit.append(caller, 'relay.change', id, { ...fields })
        return told(id)
      },
      'relay.schedules': () => ({ schedules: [...schedules.list()], recordings: [...schedules.recordings(addDays(dateAt(ctx.clock.now(), offsetOf(ctx.settings.get().zone)), -SHOWN_DAYS))] }),
      'relay.addSchedule': (fields, caller) => {
        const id = schedules.add(fields)
        ctx.audit.append(caller, 'relay.addSchedule', id, { ...fields })
        told(id)
        return { id }
      },
      'relay.changeSchedule': ({ id, rev, fields }, caller) => {
        schedules.change(id, rev, fields)
        ctx.audit.append(caller, 'relay.changeSchedule', id, { ...fields })
        return told(id)
      },
      'relay.removeSchedule': ({ id, rev }, caller) => {
        schedules.remove(id, rev)
        ctx.audit.append(caller, 'relay.removeSchedule', id)
        return told(id)
      },
      'relay.remove': ({ id, rev }, caller) => {
        store.remove(id, rev)
        ctx.audit.append(caller, 'relay.remove', id)
        return told(id)
      },
      'relay.approve': ({ id, rev, approved }, caller) => {
        store.approve(id, rev, approved ? caller : null)
        ctx.audit.append(caller, 'relay.approve', id, { approved })
        return told(id)
      },
    },
  }
}

/** Every signed-in person sees the addresses: a password has no place in one. */
function check({ addresses }: RelayFields): void {
  if (addresses.some((one) => one.kind === 'stream' && (new URL(one.url).username !== '' || new URL(one.url).password !== ''))) throw new AppError('invalid-input', { data: { field: 'addresses' } })
}

function onAirOf({ id, title, addresses, preConnectMs, bufferMs, holdOffMs, silenceDbfs, silenceMs, returnMs }: RelayStation): RelayOnAir {
  return { sourceId: id, title, addresses, preConnectMs, bufferMs, holdOffMs, silenceDbfs, silenceMs, returnMs }
}
