import { useState } from 'react'
import { Button, Checkbox, Group, PasswordInput, Select, Stack, TextInput } from '@mantine/core'
import { Pin } from '#contract/accounts.ts'
import type { Device, Targets, Unit } from '#contract/devices.ts'
import { useT, translateCode } from '../../i18n/index.ts'
import { Panel } from '../../ui/index.ts'
import { showError } from '../../app/errors/index.ts'
import { call, useMay, useStationQuery } from '../../app/station-client/index.ts'
import { countTargets, unitTree } from '../fleet/index.ts'

const risks = [1, 2, 3, 4, 5] as const

/** Siren at once, then the recorded message. The button names its effect; a drill looks and reads differently. */
export function AlertPanel(props: { targets: Targets; units: readonly Unit[]; devices: readonly Device[]; sirens: readonly string[]; hazards: readonly string[] }) {
  const t = useT()
  const mayFire = useMay('emergency')
  const messages = useStationQuery('library.list', { kinds: ['message', 'speech', 'recording', 'programme'], states: ['approved'], limit: 200 }, { events: ['library.changed'] })
  const [form, setForm] = useState({ title: '', hazard: null as string | null, risk: '4', siren: null as string | null, messageItemId: null as string | null, pin: '', drill: false })
  const [busy, setBusy] = useState(false)
  const set = (part: Partial<typeof form>): void => setForm((before) => ({ ...before, ...part }))
  const count = countTargets(unitTree(props.units, props.devices), props.targets, 'radio')
  const items = [...(messages.data?.items ?? [])].sort((a, b) => Number(b.kind === 'message') - Number(a.kind === 'message'))
  const hazard = form.hazard ?? props.hazards[0] ?? ''
  const siren = form.siren ?? props.sirens[0] ?? ''
  const ready = mayFire && count.devices > 0 && Pin.safeParse(form.pin).success && form.title.trim() !== '' && hazard !== '' && siren !== ''
  const fire = async (): Promise<void> => {
    setBusy(true)
    try {
      await call('alerts.fire', { pin: form.pin, title: form.title.trim(), hazard, risk: Number(form.risk), siren, messageItemId: form.messageItemId, targets: props.targets, repeat: 3, drill: form.drill })
      set({ pin: '' })
    } catch (error) {
      showError(error)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Panel title={t('emergency.alert.title')} className={form.drill ? 'drill' : 'alert-panel'} data-testid="alert-panel">
      <form onSubmit={(event) => { event.preventDefault(); if (ready) void fire() }}>
        <Stack gap="xs">
          <TextInput label={t('emergency.alert.headline')} placeholder={t('emergency.alert.headlineExample')} value={form.title} onChange={(event) => set({ title: event.currentTarget.value })} data-testid="alert-title" />
          <Group grow>
            <Select label={t('emergency.alert.hazard')} data={props.hazards.map((value) => ({ value, label: translateCode(`emergency.hazards.${value}`) ?? value }))} value={hazard} onChange={(value) => set({ hazard: value })} allowDeselect={false} />
            <Select label={t('emergency.alert.risk')} data={risks.map((risk) => ({ value: String(risk), label: t(`emergency.risks.r${risk}`) }))} value={form.risk} onChange={(value) => value !== null && set({ risk: value })} allowDeselect={false} />
          </Group>
          <Group grow>
            <Select label={t('emergency.alert.siren')} data={props.sirens.map((value) => ({ value, label: translateCode(`emergency.sirens.${value}`) ?? value }))} value={siren} onChange={(value) => set({ siren: value })} allowDeselect={false} />
            <Select label={t('emergency.alert.message')} data={items.map((item) => ({ value: item.id, label: item.title }))} value={form.messageItemId} onChange={(value) => set({ messageItemId: value })} placeholder={t('emergency.alert.generic')} clearable clearButtonProps={{ 'aria-label': t('emergency.alert.generic') }} searchable data-testid="alert-message" />
          </Group>
          <Checkbox label={t('emergency.alert.drill')} checked={form.drill} onChange={(event) => set({ drill: event.currentTarget.checked })} data-testid="alert-drill" />
          <PasswordInput label={t('emergency.alert.pin')} value={form.pin} onChange={(event) => set({ pin: event.currentTarget.value })} inputMode="numeric" autoComplete="off" data-testid="alert-pin" visibilityToggleButtonProps={{ 'aria-label': t('session.showPassword') }} />
          <Button type="submit" size="md" color={form.drill ? 'blue' : 'red'} disabled={!ready} loading={busy} data-testid="alert-fire">
            {t(form.drill ? 'emergency.alert.fireDrill' : 'emergency.alert.fire', { hamlets: count.hamlets, devices: count.devices })}
          </Button>
        </Stack>
      </form>
    </Panel>
  )
}
