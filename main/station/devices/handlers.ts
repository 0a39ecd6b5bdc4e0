import { AppError } from '#contract/errors.ts'
import type { Caller, Handlers, StationContext } from '../context.ts'
import type { Registry } from './fleet/registry.ts'
import type { UnitTree } from './fleet/units.ts'
import type { PairingDesk } from './listener/pairing.ts'

export interface HandlerDeps {
  readonly ctx: Pick<StationContext, 'audit' | 'events' | 'logger'>
  readonly units: UnitTree
  readonly registry: Registry
  readonly pairing: PairingDesk
  changed(): Promise<void>
  devicesUrl(): string
  clearDevice(id: string): void
}

/** What windows may ask of the fleet. */
export function deviceHandlers(deps: HandlerDeps): Handlers {
  const { ctx, units, registry, pairing } = deps
  const note = (caller: Caller, action: string, subject: string, detail: Record<string, unknown> = {}): void => ctx.audit.append(caller, action, subject, detail)
  const unitsChanged = async (): Promise<void> => {
    ctx.events.emit('devices.unitsChanged', {})
    await deps.changed()
  }
  return {
    'devices.fleet': () => ({ units: units.list(), devices: registry.list().map((device) => registry.describe(device.id)) }),
    'devices.createUnit': async (input, caller) => {
      const unit = units.create(input)
      note(caller, 'unit.create', unit.id, { name: unit.name, group: unit.group, parentId: unit.parentId })
      await unitsChanged()
      return unit
    },
    'devices.updateUnit': async (input, caller) => {
      const unit = units.update(input)
      note(caller, 'unit.update', unit.id, { name: unit.name, parentId: unit.parentId })
      await unitsChanged()
      return unit
    },
    'devices.removeUnit': async ({ unitId, rev }, caller) => {
      const unit = units.require(unitId)
      if (unit.rev !== rev) throw new AppError('stale')
      const held = registry.rows.all().filter((device) => device.unitId === unitId)
      // Former devices keep their history: they go to the unit above.
      if (held.some((device) => device.revokedAt === null) || (held.length > 0 && unit.parentId === null)) throw new AppError('busy')
      for (const device of held) registry.rows.update(device.id, { name: device.name, unitId: unit.parentId ?? unitId, mode: device.mode, volumePct: device.volumePct })
      units.remove(unitId, rev)
      note(caller, 'unit.remove', unitId, { name: unit.name })
      await unitsChanged()
      return { ok: true }
    },
    'devices.expect': ({ label, name, unitId }, caller) => {
      units.require(unitId)
      const { dev } = pairing.expect(label, name, unitId)
      note(caller, 'device.expect', dev, { name, unitId })
      return { id: dev, pairUrl: deps.devicesUrl() }
    },
    'devices.pairings': () => ({ pairings: pairing.list() }),
    'devices.confirm': async ({ id, digits }, caller) => {
      await pairing.confirm(id, digits)
      note(caller, 'device.pair', id)
      ctx.logger.info('a device was paired', { id })
      return { ok: true }
    },
    'devices.refuse': ({ id }, caller) => {
      pairing.refuse(id)
      note(caller, 'device.refuse', id)
      return { ok: true }
    },
    'devices.update': async ({ id, rev, name, unitId, mode, volumePct }, caller) => {
      const device = registry.require(id)
      if (device.rev !== rev) throw new AppError('stale')
      if (unitId !== undefined) units.require(unitId)
      registry.rows.update(id, { name: name ?? device.name, unitId: unitId ?? device.unitId, mode: mode ?? device.mode, volumePct: volumePct ?? device.volumePct })
      note(caller, 'device.update', id, { ...(name === undefined ? {} : { name }), ...(unitId === undefined ? {} : { unitId }), ...(mode === undefined ? {} : { mode }), ...(volumePct === undefined ? {} : { volumePct }) })
      await deps.changed()
      return registry.describe(id)
    },
    'devices.revoke': async ({ id, rev }, caller) => {
      const device = registry.require(id)
      if (device.rev !== rev) throw new AppError('stale')
      registry.rows.revoke(id)
      note(caller, 'device.revoke', id, { name: device.name })
      deps.clearDevice(id)
      await deps.changed()
      ctx.events.emit('devices.unitsChanged', {})
      return { ok: true }
    },
    'devices.history': ({ id, limit }) => ({ reports: registry.rows.reports(id, limit) }),
  }
}
