import type { Alert } from '#contract/devices.ts'
import { AppError } from '#contract/errors.ts'
import type { Caller, Room, StationContext } from '../context.ts'
import type { DevicesRoom, LibraryRoom, MediaRoom, OutgoingLetter } from '../faces.ts'
import { AlertRun } from './alert-run.ts'
import { AlertRows } from './alert-rows.ts'
import { keepMessagesReady, prepareMessage } from './message.ts'

export interface AlertsDeps {
  readonly devices: DevicesRoom
  readonly library: Pick<LibraryRoom, 'get' | 'approvedPcmOf' | 'list'>
  readonly media: Pick<MediaRoom, 'encode'>
}
export type AlertsRoom = Room
type Sign = (letter: OutgoingLetter) => Promise<{ id: string; iat: number; exp: number }>

const HISTORY = 20

/** Emergency: stored siren at once, then an approved message, on every chosen pole, above everything else (BS1 6 alert, 8). */
export function openAlerts(ctx: StationContext, deps: AlertsDeps): AlertsRoom {
  const rows = new AlertRows(ctx)
  const running = new Map<string, AlertRun>()
  const { devices } = deps

  const changed = (alert: Alert, run: AlertRun): void => {
    rows.save(alert, run.memory())
    ctx.events.emit('alerts.changed', alert)
    if (alert.state === 'ended') running.delete(alert.aid)
  }
  const parts = { devices, changed }
  // Without a PIN nobody signs: an alert of the station before this start ends with its lease, and can be stopped until then.
  for (const saved of rows.running()) {
    const run = new AlertRun(ctx, parts, saved.alert, saved.memory)
    if (saved.memory.leaseUntil * 1000 > ctx.clock.now()) {
      running.set(saved.alert.aid, run)
      run.watchLease()
    } else run.lapse()
  }
  const messages = { ...deps, clock: ctx.clock }
  keepMessagesReady(ctx, messages)
  devices.onProgress((subject, progress) => running.get(subject)?.progress(progress))

  const personOf = (caller: Caller): string => {
    if (caller.personId === null) throw new AppError('not-signed-in')
    return caller.personId
  }

  return {
    handlers: {
      'alerts.list': () => ({ alerts: [...[...running.values()].map((run) => run.alert()), ...rows.ended(HISTORY)], sirens: [...devices.stored().sirens], hazards: [...devices.stored().hazards] }),
      'alerts.fire': async (input, caller) => {
        const personId = personOf(caller)
        if (!devices.stored().sirens.includes(input.siren)) throw new AppError('invalid-input', { data: { field: 'siren' } })
        const { deviceIds, groups } = devices.resolve(input.targets)
        if (deviceIds.length === 0) throw new AppError('no-target')
        const message = input.messageItemId === null ? null : await prepareMessage(messages, input.messageItemId)
        const aid = ctx.newId()
        const aud = [...groups.map((group) => `g/${group}`), ...input.targets.deviceIds.map((id) => `d/${id}`)]
        const now = Math.floor(ctx.clock.now())
        const claims = {
          aid, hazard: input.hazard, risk: input.risk, siren: input.siren, repeat: input.repeat, gapSec: 2, volume: { mode: input.drill ? 'min' : 'force' }, after: 'join',
          ...(message === null ? {} : { audio: [message] }),
          cap: {
            identifier: `vangxa.${aid}`, sender: ctx.settings.get().stationName.slice(0, 256), sent: new Date(now).toISOString(), status: input.drill ? 'Exercise' : 'Actual', msgType: 'Alert', scope: 'Public',
            urgency: 'Immediate', severity: input.risk >= 4 ? 'Extreme' : 'Severe', certainty: 'Observed', headline: input.title, lang: 'vi-VN',
          },
          panel: { template: input.drill ? 'drill' : 'emergency', risk: input.risk, title: [{ lang: 'vi-VN', text: input.title }], text: [{ lang: 'vi-VN', text: input.title }] },
        }
        const alert: Alert = {
          aid, title: input.title, hazard: input.hazard, risk: input.risk, siren: input.siren, messageItemId: input.messageItemId, state: 'running', drill: input.drill, prio: input.drill ? 6 : 9, startedAt: now, endedAt: null,
          online: devices.online(deviceIds).length, sounding: 0, devices: deviceIds.map((id) => ({ id, step: 'addressed', code: 'ok', at: null, proofLevel: null })), by: caller.name,
        }
        const run = new AlertRun(ctx, parts, alert, { claims, aud, leaseUntil: 0 })
        running.set(aid, run)
        try {
          await devices.withEmergencyKey(personId, input.pin, async (sign: Sign) => {
            ctx.audit.append(caller, input.drill ? 'alert.drill' : 'alert.fire', aid, { title: input.title, hazard: input.hazard, risk: input.risk, siren: input.siren, message: input.messageItemId, aud, devices: deviceIds.length })
            await run.fire(sign)
          })
        } catch (error) {
          running.delete(aid)
          throw error
        }
        return run.alert()
      },
      'alerts.stop': async ({ aid, pin }, caller) => {
        const run = running.get(aid)
        if (run === undefined) throw new AppError('not-found')
        await devices.withEmergencyKey(personOf(caller), pin, async (sign: Sign) => {
          ctx.audit.append(caller, 'alert.stop', aid)
          await run.stop(sign)
        })
        return run.alert()
      },
    },
  }
}
