import { useState } from 'react'
import { Button, Group, PasswordInput, Stack, Text, Title } from '@mantine/core'
import { Password, Pin } from '#contract/accounts.ts'
import { useT } from '../../i18n/index.ts'
import { call, useMay, useStation } from '../../app/station-client/index.ts'
import { showDone, showError } from '../../app/errors/index.ts'

export function AccountForms() {
  const t = useT()
  const session = useStation((state) => state.session)
  const mayHavePin = useMay('emergency')
  return (
    <Stack gap="lg">
      <Text>{t('settings.account.signedInAs', { fullName: session?.person.fullName ?? '', userName: session?.person.userName ?? '' })}</Text>
      <Group align="flex-start" gap="xl">
        <ChangePassword />
        {mayHavePin && <SetPin hasPin={session?.person.hasPin ?? false} />}
      </Group>
    </Stack>
  )
}

function ChangePassword() {
  const t = useT()
  const [oldPassword, setOld] = useState('')
  const [newPassword, setNew] = useState('')
  const good = Password.safeParse(newPassword).success && oldPassword !== ''
  const submit = async (): Promise<void> => {
    try {
      await call('accounts.changePassword', { oldPassword, newPassword })
      setOld('')
      setNew('')
      showDone(t('settings.account.passwordChanged'))
    } catch (error) {
      showError(error)
    }
  }
  return (
    <form onSubmit={(event) => { event.preventDefault(); void submit() }}>
      <Stack gap="xs" w={300}>
        <Title order={2} size="h5">{t('settings.account.changePassword')}</Title>
        <PasswordInput label={t('settings.account.oldPassword')} value={oldPassword} onChange={(event) => setOld(event.currentTarget.value)} autoComplete="current-password" visibilityToggleButtonProps={{ 'aria-label': t('session.showPassword') }} />
        <PasswordInput label={t('settings.account.newPassword')} description={t('session.firstRun.passwordRule')} value={newPassword} onChange={(event) => setNew(event.currentTarget.value)} autoComplete="new-password" visibilityToggleButtonProps={{ 'aria-label': t('session.showPassword') }} />
        <Button type="submit" disabled={!good}>{t('settings.account.changePassword')}</Button>
      </Stack>
    </form>
  )
}

function SetPin(props: { hasPin: boolean }) {
  const t = useT()
  const [password, setPassword] = useState('')
  const [pin, setPin] = useState('')
  const [set, setSet] = useState(props.hasPin)
  const good = Pin.safeParse(pin).success && password !== ''
  const submit = async (): Promise<void> => {
    try {
      await call('accounts.setPin', { password, pin })
      setPassword('')
      setPin('')
      setSet(true)
      showDone(t('settings.account.pinSet'))
    } catch (error) {
      showError(error)
    }
  }
  return (
    <form onSubmit={(event) => { event.preventDefault(); void submit() }}>
      <Stack gap="xs" w={300}>
        <Title order={2} size="h5">{t('settings.account.pin')}</Title>
        <Text size="sm" className="dim">{t(set ? 'settings.account.pinIsSet' : 'settings.account.pinWhy')}</Text>
        <PasswordInput label={t('session.password')} value={password} onChange={(event) => setPassword(event.currentTarget.value)} autoComplete="current-password" data-testid="pin-password" visibilityToggleButtonProps={{ 'aria-label': t('session.showPassword') }} />
        <PasswordInput label={t('settings.account.newPin')} description={t('settings.account.pinRule')} value={pin} inputMode="numeric" onChange={(event) => setPin(event.currentTarget.value)} autoComplete="off" data-testid="new-pin" visibilityToggleButtonProps={{ 'aria-label': t('session.showPassword') }} />
        <Button type="submit" disabled={!good} data-testid="set-pin">{t('settings.account.setPin')}</Button>
      </Stack>
    </form>
  )
}
