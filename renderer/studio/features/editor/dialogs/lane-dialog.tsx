import { useState } from 'react'
import { Button, Group, Modal, SegmentedControl, Stack, Text, TextInput } from '@mantine/core'
import type { Lane, LaneRole } from '#common/edl/index.ts'
import { useT } from '../../../i18n/index.ts'
import { showEditor, useEditor } from '../editor-store.ts'
import { NumberField } from '../parts/number-field.tsx'
import { applyAll } from '../session.ts'
import type { SingleCommand } from '../session.ts'

const roles: readonly LaneRole[] = ['voice', 'bed', 'other']

/** Name, role and level of the chosen lane; the tools look for speech and beds by the role. */
export function LaneDialog() {
  const t = useT()
  const lane = useEditor((state) => (state.dialog === 'lane' ? state.project?.edl.lanes.find((one) => state.laneIds.includes(one.id)) ?? state.project?.edl.lanes[0] : undefined))
  const close = (): void => showEditor({ dialog: 'none' })
  return (
    <Modal opened={lane !== undefined} onClose={close} title={t('editor.lane.title')} closeButtonProps={{ 'aria-label': t('app.close') }}>
      {lane !== undefined && <LaneForm lane={lane} onClose={close} />}
    </Modal>
  )
}

function LaneForm(props: { lane: Lane; onClose: () => void }) {
  const t = useT()
  const { lane } = props
  const [name, setName] = useState(lane.name)
  const [role, setRole] = useState(lane.role)
  const [gainDb, setGainDb] = useState(lane.gainDb)
  const save = async (): Promise<void> => {
    const wanted = name.trim()
    const commands: SingleCommand[] = []
    if (wanted !== '' && wanted !== lane.name) commands.push({ op: 'renameLane', laneId: lane.id, name: wanted })
    if (role !== lane.role) commands.push({ op: 'setRole', laneId: lane.id, role })
    if (gainDb !== lane.gainDb) commands.push({ op: 'setLane', laneId: lane.id, gainDb, mute: lane.mute, solo: lane.solo })
    if (commands.length === 0 || (await applyAll(commands, 'setLane'))) props.onClose()
  }
  return (
    <form onSubmit={(event) => {
      event.preventDefault()
      void save()
    }}>
      <Stack gap="sm">
        <TextInput label={t('editor.lane.name')} value={name} maxLength={80} required data-autofocus onChange={(event) => setName(event.currentTarget.value)} data-testid="lane-name" />
        <div>
          <Text size="xs" fw={500} id="lane-role">{t('editor.lane.role')}</Text>
          <SegmentedControl fullWidth size="xs" aria-labelledby="lane-role" value={role} onChange={(value) => setRole(roles.find((one) => one === value) ?? 'other')} data={roles.map((value) => ({ value, label: t(`editor.lane.roles.${value}`) }))} data-testid="lane-role" />
        </div>
        <NumberField label={t('editor.lane.gain')} value={gainDb} min={-60} max={24} step={0.5} decimals={1} suffix=" dB" onCommit={setGainDb} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={props.onClose}>{t('app.cancel')}</Button>
          <Button type="submit" disabled={name.trim() === ''} data-testid="lane-save">{t('app.save')}</Button>
        </Group>
      </Stack>
    </form>
  )
}
