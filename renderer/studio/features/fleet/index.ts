export { FleetPage } from './fleet-page.tsx'
export { DeviceStateBadge } from './device-state.tsx'
export { TargetTree } from './target-tree.tsx'
export { countTargets, devicesUnder, unitTree, type UnitNode } from './unit-tree.ts'
