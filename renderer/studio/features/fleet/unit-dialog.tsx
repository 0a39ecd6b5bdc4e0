import { useState } from 'react'
import { Button, Group, Modal, Select, Stack, TextInput } from '@mantine/core'
import type { Unit } from '#contract/devices.ts'
import { useT } from '../../i18n/index.ts'
import { call } from '../../app/station-client/index.ts'
import { showError } from '../../app/errors/index.ts'

export interface UnitDraft {
  /** null = a new unit. */
  readonly unit: Unit | null
  readonly parentId: string | null
}

export function UnitDialog(props: { draft: UnitDraft; units: readonly Unit[]; onClose: () => void }) {
  const t = useT()
  const { unit } = props.draft
  const [name, setName] = useState(unit?.name ?? '')
  const [level, setLevel] = useState(unit?.level ?? '')
  const [code, setCode] = useState(unit?.code ?? '')
  const [parentId, setParentId] = useState(props.draft.parentId)
  const save = async (): Promise<void> => {
    try {
      if (unit === null) await call('devices.createUnit', { parentId, name, level, code })
      else await call('devices.updateUnit', { unitId: unit.id, rev: unit.rev, name, level, code, parentId })
      props.onClose()
    } catch (error) {
      showError(error)
    }
  }
  const remove = async (): Promise<void> => {
    if (unit === null) return
    try {
      await call('devices.removeUnit', { unitId: unit.id, rev: unit.rev })
      props.onClose()
    } catch (error) {
      showError(error)
    }
  }
  return (
    <Modal opened onClose={props.onClose} title={t(unit === null ? 'fleet.unit.add' : 'fleet.unit.edit')} closeButtonProps={{ 'aria-label': t('app.close') }}>
      <form onSubmit={(event) => { event.preventDefault(); void save() }}>
        <Stack gap="sm">
          <TextInput label={t('fleet.unit.name')} value={name} onChange={(event) => setName(event.currentTarget.value)} required data-autofocus data-testid="unit-name" />
          <Group grow>
            <TextInput label={t('fleet.unit.level')} placeholder={t('fleet.unit.levelExample')} value={level} onChange={(event) => setLevel(event.currentTarget.value)} />
            <TextInput label={t('fleet.unit.code')} value={code} onChange={(event) => setCode(event.currentTarget.value)} />
          </Group>
          <Select label={t('fleet.unit.parent')} clearable clearButtonProps={{ 'aria-label': t('fleet.unit.noParent') }} data={props.units.filter((other) => other.id !== unit?.id).map((other) => ({ value: other.id, label: other.name }))} value={parentId} onChange={setParentId} />
          <Group justify="space-between">
            <Button type="submit" disabled={name.trim() === ''} data-testid="unit-save">{t('app.save')}</Button>
            {unit !== null && <Button color="red" variant="light" onClick={() => void remove()}>{t('fleet.unit.remove')}</Button>}
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
