import { useState } from 'react'
import { Button, Group, PasswordInput, Stack, Text } from '@mantine/core'
import { Pin } from '#contract/accounts.ts'
import type { Alert, Device } from '#contract/devices.ts'
import { useT } from '../../i18n/index.ts'
import { dayTimeText } from '../../i18n/formats.ts'
import { EmptyNote, Panel, StateBadge } from '../../ui/index.ts'
import { showError } from '../../app/errors/index.ts'
import { call } from '../../app/station-client/index.ts'
import { HeardList } from './heard-list.tsx'

export function RunningAlerts(props: { alerts: readonly Alert[]; devices: readonly Device[] }) {
  const t = useT()
  const sorted = [...props.alerts].sort((a, b) => b.startedAt - a.startedAt).slice(0, 5)
  return (
    <Panel title={t('emergency.alerts')} className="grow" data-testid="alerts">
      {sorted.length === 0 ? <EmptyNote>{t('emergency.none')}</EmptyNote> : <Stack gap="md">{sorted.map((alert) => <AlertCard key={alert.aid} alert={alert} devices={props.devices} />)}</Stack>}
    </Panel>
  )
}

function AlertCard(props: { alert: Alert; devices: readonly Device[] }) {
  const t = useT()
  const { alert } = props
  const [pin, setPin] = useState('')
  const stop = async (): Promise<void> => {
    try {
      await call('alerts.stop', { aid: alert.aid, pin })
      setPin('')
    } catch (error) {
      showError(error)
    }
  }
  return (
    <section aria-label={alert.title} data-testid="alert-card" data-state={alert.state}>
      <Group gap={6}>
        <StateBadge tone={alert.state === 'ended' ? 'idle' : alert.drill ? 'info' : 'air'}>{t(alert.state === 'ended' ? 'emergency.ended' : alert.drill ? 'emergency.drillRunning' : 'emergency.sounding')}</StateBadge>
        <Text fw={600} size="sm">{alert.title}</Text>
        <Text size="sm" className="dim">{dayTimeText(alert.startedAt)} · {t('emergency.live.sounding', { sounding: alert.sounding, online: alert.online })}</Text>
      </Group>
      {alert.state === 'running' && (
        <form onSubmit={(event) => { event.preventDefault(); void stop() }}>
          <Group align="flex-end" my={6}>
            <PasswordInput label={t('emergency.alert.pin')} value={pin} onChange={(event) => setPin(event.currentTarget.value)} w={150} autoComplete="off" data-testid="stop-pin" visibilityToggleButtonProps={{ 'aria-label': t('session.showPassword') }} />
            <Button type="submit" color="dark" disabled={!Pin.safeParse(pin).success} data-testid="alert-stop">{t('emergency.alert.stop')}</Button>
          </Group>
        </form>
      )}
      <HeardList progress={alert.devices} devices={props.devices} />
    </section>
  )
}
