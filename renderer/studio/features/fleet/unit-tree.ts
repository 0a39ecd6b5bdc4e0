import type { Device, Targets, Unit } from '#contract/devices.ts'

export interface UnitNode {
  readonly unit: Unit
  readonly depth: number
  readonly children: readonly UnitNode[]
  /** Devices of this unit itself. */
  readonly devices: readonly Device[]
}

const byName = new Intl.Collator('vi', { numeric: true })

/** The free organisation tree; a unit whose parent is gone stands at the top instead of vanishing. */
export function unitTree(units: readonly Unit[], devices: readonly Device[]): UnitNode[] {
  const known = new Set(units.map((unit) => unit.id))
  const below = (parentId: string | null, depth: number): UnitNode[] => units
    .filter((unit) => (unit.parentId !== null && known.has(unit.parentId) ? unit.parentId : null) === parentId)
    .sort((a, b) => a.order - b.order || byName.compare(a.name, b.name))
    .map((unit) => ({ unit, depth, children: below(unit.id, depth + 1), devices: devices.filter((device) => device.unitId === unit.id) }))
  return below(null, 0)
}

export function flatten(nodes: readonly UnitNode[]): UnitNode[] {
  return nodes.flatMap((node) => [node, ...flatten(node.children)])
}

export function devicesUnder(node: UnitNode): Device[] {
  return [...node.devices, ...node.children.flatMap(devicesUnder)]
}

export const isOnline = (device: Device): boolean => device.state !== 'offline' && device.state !== 'unknown' && device.state !== 'disabled'

export interface TargetCount {
  readonly communes: number
  readonly hamlets: number
  readonly devices: number
  readonly online: number
  readonly deviceIds: readonly string[]
}
/** What a choice of units and devices reaches: shown before anything is sent. Disabled devices are never reached. */
export function countTargets(roots: readonly UnitNode[], targets: Targets, kind: Device['kind']): TargetCount {
  const chosen = new Set(targets.unitIds)
  const hit = new Map<string, Device>()
  let communes = 0
  let hamlets = 0
  const walk = (node: UnitNode, inside: boolean): void => {
    const in_ = inside || chosen.has(node.unit.id)
    if (in_ && node.children.length === 0) hamlets += 1
    else if (in_ && node.children.every((child) => child.children.length === 0)) communes += 1
    for (const device of node.devices) if (in_ || targets.deviceIds.includes(device.id)) hit.set(device.id, device)
    for (const child of node.children) walk(child, in_)
  }
  for (const root of roots) walk(root, false)
  const reached = [...hit.values()].filter((device) => device.kind === kind && device.mode === 'active')
  return { communes, hamlets, devices: reached.length, online: reached.filter(isOnline).length, deviceIds: reached.map((device) => device.id) }
}
