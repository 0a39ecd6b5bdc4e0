import type { DevicesRoom, ItemUses, LogRoom } from '../faces.ts'

/** Devices that get an item pushed ahead by the plan of now. Their manifests follow the plan: an item that leaves it leaves them. */
export function devicesWith(log: Pick<LogRoom, 'plan'>, devices: Pick<DevicesRoom, 'devices' | 'resolve'>): ItemUses {
  return {
    room: 'devices', followsPlan: true, replace: () => [],
    usesOf(itemId) {
      const plays = log.plan().plays.filter((play) => play.itemId === itemId)
      if (plays.length === 0) return []
      const known = devices.devices()
      const everywhere = plays.some((play) => play.targetUnitIds.length === 0)
      const reached = everywhere ? null : new Set(plays.flatMap((play) => devices.resolve({ unitIds: [...play.targetUnitIds], deviceIds: [] }).deviceIds))
      return known.flatMap(({ id, name }) => (reached === null || reached.has(id) ? [{ id, title: name, rev: 0 }] : []))
    },
  }
}
