import { ActionIcon } from '@mantine/core'
import { IconPencil } from '@tabler/icons-react'
import type { Unit } from '#contract/devices.ts'
import { useT } from '../../i18n/index.ts'
import { devicesUnder, flatten, isOnline, type UnitNode } from './unit-tree.ts'

export function UnitList(props: { roots: readonly UnitNode[]; selected: string | null; onSelect: (unitId: string | null) => void; onEdit: ((unit: Unit) => void) | null }) {
  const t = useT()
  return (
    <ul className="unit-list">
      <li><button type="button" aria-current={props.selected === null} onClick={() => props.onSelect(null)}>{t('fleet.allUnits')}</button></li>
      {flatten(props.roots).map((node) => {
        const devices = devicesUnder(node)
        return (
          <li key={node.unit.id}>
            <button type="button" aria-current={props.selected === node.unit.id} onClick={() => props.onSelect(node.unit.id)} style={{ paddingInlineStart: 10 + node.depth * 16 }} data-testid={`unit-${node.unit.code}`}>
              <span>{node.unit.name}</span>
              <span className="dim">{devices.length > 0 && t('fleet.onlineOf', { online: devices.filter(isOnline).length, total: devices.length })}</span>
            </button>
            {props.onEdit !== null && <ActionIcon variant="subtle" size="sm" aria-label={t('fleet.unit.editNamed', { name: node.unit.name })} onClick={() => props.onEdit?.(node.unit)}><IconPencil size={14} /></ActionIcon>}
          </li>
        )
      })}
    </ul>
  )
}
