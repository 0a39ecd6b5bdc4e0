import { MultiSelect } from '@mantine/core'
import { useT } from '../../../i18n/index.ts'
import { usePlan } from '../plan-context.ts'

/** Units that hear it; none chosen = everybody. */
export function UnitsField(props: { label: string; value: readonly string[]; disabled: boolean; onKeep: (unitIds: string[]) => void }) {
  const t = useT()
  const { units } = usePlan()
  return <MultiSelect label={props.label} value={[...props.value]} placeholder={props.value.length === 0 ? t('planning.clocks.everywhere') : undefined} searchable disabled={props.disabled} style={{ flex: 1, minWidth: 160 }} data={units.map(({ id, name }) => ({ value: id, label: name }))} onChange={props.onKeep} />
}
