import { useState } from 'react'
import { Alert, Button, Group, Loader, Modal, Select, Stack, Text, TextInput } from '@mantine/core'
import type { PendingPairing, Unit } from '#contract/devices.ts'
import { useT } from '../../i18n/index.ts'
import { call, useStationEvent, useStationQuery } from '../../app/station-client/index.ts'
import { showError } from '../../app/errors/index.ts'

/** Label → the device calls in → six digits on both sides → confirm. Nothing is trusted before the person has compared the digits. */
export function PairingDialog(props: { units: readonly Unit[]; initialUnitId: string | null; onClose: () => void }) {
  const t = useT()
  const [label, setLabel] = useState('')
  const [name, setName] = useState('')
  const [unitId, setUnitId] = useState(props.initialUnitId)
  const [expected, setExpected] = useState<{ id: string; pairUrl: string } | null>(null)
  const [pushed, setPushed] = useState<PendingPairing | null>(null)
  const pairings = useStationQuery('devices.pairings', {}, { events: ['devices.pairing'] })
  useStationEvent('devices.pairing', (pairing) => pairing.id === expected?.id && setPushed(pairing))
  const current = pushed ?? pairings.data?.pairings.find((pairing) => pairing.id === expected?.id) ?? null
  const expect = async (): Promise<void> => {
    if (unitId === null) return
    try {
      setExpected(await call('devices.expect', { label: label.trim(), name, unitId }))
    } catch (error) {
      showError(error)
    }
  }
  const answer = async (same: boolean): Promise<void> => {
    if (current === null) return
    try {
      if (same && current.digits !== null) await call('devices.confirm', { id: current.id, digits: current.digits })
      else await call('devices.refuse', { id: current.id })
      if (!same) props.onClose()
    } catch (error) {
      showError(error)
    }
  }
  return (
    <Modal opened onClose={props.onClose} title={t('fleet.pair.title')} size={520} closeButtonProps={{ 'aria-label': t('app.close') }}>
      {expected === null ? (
        <form onSubmit={(event) => { event.preventDefault(); void expect() }}>
          <Stack gap="sm">
            <TextInput label={t('fleet.pair.label')} description={t('fleet.pair.labelWhere')} placeholder="BS1:SPK-000123:…" value={label} onChange={(event) => setLabel(event.currentTarget.value)} required data-autofocus data-testid="pair-label" />
            <TextInput label={t('fleet.columns.name')} value={name} onChange={(event) => setName(event.currentTarget.value)} required data-testid="pair-name" />
            <Select label={t('fleet.columns.unit')} data={props.units.map((unit) => ({ value: unit.id, label: unit.name }))} value={unitId} onChange={setUnitId} searchable required data-testid="pair-unit" />
            <Button type="submit" disabled={label.trim() === '' || name.trim() === '' || unitId === null} data-testid="pair-expect">{t('fleet.pair.wait')}</Button>
          </Stack>
        </form>
      ) : (
        <Stack gap="sm" role="status">
          {(current === null || current.step === 'waiting') && <Group><Loader size="sm" aria-label={t('fleet.pair.waiting')} /><div><Text>{t('fleet.pair.waiting')}</Text><Text size="sm" className="dim">{t('fleet.pair.address', { url: expected.pairUrl })}</Text></div></Group>}
          {current?.step === 'digits' && (
            <>
              <Text>{t('fleet.pair.compare')}</Text>
              <Text ta="center" fz={46} fw={700} lts={10} data-testid="pair-digits">{current.digits}</Text>
              <Group grow><Button onClick={() => void answer(true)} data-testid="pair-confirm">{t('fleet.pair.same')}</Button><Button variant="default" onClick={() => void answer(false)}>{t('fleet.pair.differs')}</Button></Group>
            </>
          )}
          {current?.step === 'confirmed' && <><Alert color="teal" title={t('fleet.pair.done')} data-testid="pair-done" /><Button onClick={props.onClose}>{t('app.close')}</Button></>}
          {current?.step === 'refused' && <Alert color="red" title={t('fleet.pair.refused')} />}
        </Stack>
      )}
    </Modal>
  )
}
