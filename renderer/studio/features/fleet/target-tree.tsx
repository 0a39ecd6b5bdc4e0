import { Checkbox } from '@mantine/core'
import type { Device, Targets, Unit } from '#contract/devices.ts'
import { useT } from '../../i18n/index.ts'
import { countTargets, devicesUnder, flatten, isOnline, unitTree, type UnitNode } from './unit-tree.ts'

/** Choice of communes, hamlets and single devices. A chosen unit brings everything below it. */
export function TargetTree(props: { units: readonly Unit[]; devices: readonly Device[]; kind: Device['kind']; value: Targets; onChange: (targets: Targets) => void; disabled?: boolean }) {
  const t = useT()
  const roots = unitTree(props.units, props.devices)
  const chosen = new Set(props.value.unitIds)
  const setUnit = (node: UnitNode, on: boolean): void => {
    const inside = new Set(flatten([node]).map((child) => child.unit.id))
    const rest = props.value.unitIds.filter((id) => !inside.has(id))
    props.onChange({ unitIds: on ? [...rest, node.unit.id] : rest, deviceIds: props.value.deviceIds.filter((id) => !devicesUnder(node).some((device) => device.id === id)) })
  }
  const row = (node: UnitNode, inherited: boolean): React.ReactNode => {
    const own = chosen.has(node.unit.id)
    const devices = devicesUnder(node).filter((device) => device.kind === props.kind)
    const some = !own && !inherited && flatten(node.children).some((child) => chosen.has(child.unit.id))
    return (
      <li key={node.unit.id}>
        <Checkbox
          my={3} disabled={props.disabled === true || inherited} checked={own || inherited} indeterminate={some}
          onChange={(event) => setUnit(node, event.currentTarget.checked)} data-testid={`target-${node.unit.code}`}
          label={<>{node.unit.name} <span className="dim">{t('fleet.onlineOf', { online: devices.filter(isOnline).length, total: devices.length })}</span></>}
        />
        {node.children.length > 0 && <ul style={{ listStyle: 'none', margin: 0, paddingInlineStart: 22 }}>{node.children.map((child) => row(child, own || inherited))}</ul>}
      </li>
    )
  }
  const count = countTargets(roots, props.value, props.kind)
  return (
    <fieldset style={{ border: 0, margin: 0, padding: 0 }}>
      <legend className="visually-hidden">{t('fleet.chooseTargets')}</legend>
      <ul style={{ listStyle: 'none', margin: 0, padding: 0 }}>{roots.map((node) => row(node, false))}</ul>
      <p role="status" data-testid="target-count" style={{ fontWeight: 600, marginBlock: '8px 0' }}>{t('fleet.reaches', { hamlets: count.hamlets, devices: count.devices, online: count.online })}</p>
    </fieldset>
  )
}
