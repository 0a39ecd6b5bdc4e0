import { useEffect, useState } from 'react'
import { Alert, Button, PasswordInput, Stack, Text, TextInput, Title } from '@mantine/core'
import { Password, UserName } from '#contract/accounts.ts'
import type { ProcedureOutput } from '#contract/index.ts'
import { useT } from '../../i18n/index.ts'
import { errorTextOf } from '../errors/index.ts'
import { call, enter } from '../station-client/index.ts'

let demoEntered = false

/** First run: the administrator is made here. Later: people sign in. */
export function Gate() {
  const [first, setFirst] = useState<ProcedureOutput<'accounts.status'> | null>(null)
  const [problem, setProblem] = useState<unknown>(null)
  useEffect(() => {
    const look = async (): Promise<void> => {
      const status = await call('accounts.status', {})
      // A demo opens its own door once; whoever signs out of it sees the form.
      if (status.demoSignIn !== null && !demoEntered) {
        demoEntered = true
        enter(await call('accounts.signIn', status.demoSignIn))
        return
      }
      setFirst(status)
    }
    look().catch(setProblem)
  }, [])
  return (
    <main className="gate">
      <div className="gate-card">
        {problem !== null && <Problem error={problem} />}
        {first !== null && (first.needsAdministrator ? <FirstRun /> : <SignIn stationName={first.stationName} />)}
      </div>
    </main>
  )
}

function Problem(props: { error: unknown }) {
  const text = errorTextOf(props.error)
  return <Alert color="red" title={text.happened} mb="sm" role="alert" data-testid="gate-error">{text.safe} {text.todo}</Alert>
}

function SignIn(props: { stationName: string }) {
  const t = useT()
  const [userName, setUserName] = useState('')
  const [password, setPassword] = useState('')
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<unknown>(null)
  const submit = async (): Promise<void> => {
    setBusy(true)
    setProblem(null)
    try {
      enter(await call('accounts.signIn', { userName, password }))
    } catch (error) {
      setProblem(error)
    } finally {
      setBusy(false)
    }
  }
  return (
    <form onSubmit={(event) => { event.preventDefault(); void submit() }}>
      <Stack gap="sm">
        <div><Title order={1} size="h3">VangXa Studio</Title><Text size="sm" className="dim">{props.stationName}</Text></div>
        {problem !== null && <Problem error={problem} />}
        <TextInput label={t('session.userName')} value={userName} onChange={(event) => setUserName(event.currentTarget.value)} autoFocus autoComplete="username" required size="sm" data-testid="user-name" />
        <PasswordInput label={t('session.password')} value={password} onChange={(event) => setPassword(event.currentTarget.value)} autoComplete="current-password" required size="sm" data-testid="password" visibilityToggleButtonProps={{ 'aria-label': t('session.showPassword') }} />
        <Button type="submit" loading={busy} size="sm" data-testid="sign-in">{t('session.signIn')}</Button>
      </Stack>
    </form>
  )
}

function FirstRun() {
  const t = useT()
  const [form, setForm] = useState({ stationName: '', fullName: '', userName: 'admin', password: '', again: '' })
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<unknown>(null)
  const set = (name: keyof typeof form) => (event: { currentTarget: { value: string } }) => {
    const { value } = event.currentTarget
    setForm((before) => ({ ...before, [name]: value }))
  }
  const passwordOk = Password.safeParse(form.password).success
  const nameOk = UserName.safeParse(form.userName).success
  const complete = form.stationName.trim() !== '' && form.fullName.trim() !== '' && nameOk && passwordOk && form.password === form.again
  const submit = async (): Promise<void> => {
    if (!complete) return
    setBusy(true)
    setProblem(null)
    try {
      enter(await call('accounts.createAdministrator', { stationName: form.stationName, fullName: form.fullName, userName: form.userName, password: form.password }))
    } catch (error) {
      setProblem(error)
    } finally {
      setBusy(false)
    }
  }
  return (
    <form onSubmit={(event) => { event.preventDefault(); void submit() }}>
      <Stack gap="sm">
        <div><Title order={1} size="h3">{t('session.firstRun.title')}</Title><Text size="sm" className="dim">{t('session.firstRun.intro')}</Text></div>
        {problem !== null && <Problem error={problem} />}
        <TextInput label={t('session.firstRun.stationName')} placeholder={t('session.firstRun.stationExample')} value={form.stationName} onChange={set('stationName')} autoFocus required size="sm" data-testid="station-name" />
        <TextInput label={t('session.firstRun.fullName')} value={form.fullName} onChange={set('fullName')} autoComplete="name" required size="sm" data-testid="full-name" />
        <TextInput label={t('session.userName')} description={t('session.firstRun.userNameRule')} value={form.userName} onChange={set('userName')} error={nameOk ? null : t('session.firstRun.userNameRule')} required size="sm" data-testid="user-name" />
        <PasswordInput label={t('session.password')} description={t('session.firstRun.passwordRule')} value={form.password} onChange={set('password')} autoComplete="new-password" required size="sm" data-testid="password" visibilityToggleButtonProps={{ 'aria-label': t('session.showPassword') }} />
        <PasswordInput label={t('session.firstRun.again')} value={form.again} onChange={set('again')} error={form.again !== '' && form.again !== form.password ? t('session.firstRun.differs') : null} autoComplete="new-password" required size="sm" data-testid="password-again" visibilityToggleButtonProps={{ 'aria-label': t('session.showPassword') }} />
        <Button type="submit" loading={busy} disabled={!complete} size="sm" data-testid="create-administrator">{t('session.firstRun.create')}</Button>
      </Stack>
    </form>
  )
}
