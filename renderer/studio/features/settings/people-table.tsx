import { useState } from 'react'
import { Button, Checkbox, Group, MultiSelect, PasswordInput, Stack, Table, TextInput } from '@mantine/core'
import { Password, UserName, type Person } from '#contract/accounts.ts'
import { Role, roles } from '#contract/roles.ts'
import { useT } from '../../i18n/index.ts'
import { call, useStationQuery } from '../../app/station-client/index.ts'
import { showDone, showError } from '../../app/errors/index.ts'

function useRoleOptions(): { value: string; label: string }[] {
  const t = useT()
  return roles.map((role) => ({ value: role, label: t(`settings.roles.${role}`) }))
}
const rolesOf = (values: readonly string[]): Role[] => values.flatMap((value) => {
  const role = Role.safeParse(value)
  return role.success ? [role.data] : []
})

export function PeopleTable() {
  const t = useT()
  const people = useStationQuery('accounts.list', {}, { events: ['accounts.changed'] })
  return (
    <Stack gap="md">
      <Table>
        <Table.Thead><Table.Tr><Table.Th>{t('settings.people.fullName')}</Table.Th><Table.Th>{t('session.userName')}</Table.Th><Table.Th>{t('settings.people.roles')}</Table.Th><Table.Th>{t('settings.people.active')}</Table.Th></Table.Tr></Table.Thead>
        <Table.Tbody>{(people.data?.people ?? []).map((person) => <PersonRow key={`${person.id}-${person.rev}`} person={person} />)}</Table.Tbody>
      </Table>
      <NewPerson />
    </Stack>
  )
}

function PersonRow(props: { person: Person }) {
  const t = useT()
  const { person } = props
  const options = useRoleOptions()
  const update = (part: Partial<Pick<Person, 'roles' | 'active'>>): void => {
    const { id: personId, rev, fullName, roles: held, active } = { ...person, ...part }
    void call('accounts.update', { personId, rev, fullName, roles: held, active }).catch(showError)
  }
  return (
    <Table.Tr>
      <Table.Td>{person.fullName}</Table.Td>
      <Table.Td>{person.userName}</Table.Td>
      <Table.Td><MultiSelect aria-label={t('settings.people.rolesOf', { name: person.fullName })} data={options} value={person.roles} onChange={(values) => values.length > 0 && update({ roles: rolesOf(values) })} /></Table.Td>
      <Table.Td><Checkbox aria-label={t('settings.people.activeOf', { name: person.fullName })} checked={person.active} onChange={(event) => update({ active: event.currentTarget.checked })} /></Table.Td>
    </Table.Tr>
  )
}

function NewPerson() {
  const t = useT()
  const options = useRoleOptions()
  const empty = { fullName: '', userName: '', password: '', roles: ['viewer'] }
  const [form, setForm] = useState(empty)
  const good = form.fullName.trim() !== '' && UserName.safeParse(form.userName).success && Password.safeParse(form.password).success && form.roles.length > 0
  const create = async (): Promise<void> => {
    try {
      await call('accounts.create', { ...form, roles: rolesOf(form.roles) })
      setForm(empty)
      showDone(t('settings.people.created'))
    } catch (error) {
      showError(error)
    }
  }
  return (
    <form onSubmit={(event) => { event.preventDefault(); void create() }}>
      <Group align="flex-end">
        <TextInput label={t('settings.people.fullName')} value={form.fullName} onChange={(event) => setForm({ ...form, fullName: event.currentTarget.value })} />
        <TextInput label={t('session.userName')} value={form.userName} onChange={(event) => setForm({ ...form, userName: event.currentTarget.value })} />
        <PasswordInput label={t('session.password')} w={180} value={form.password} onChange={(event) => setForm({ ...form, password: event.currentTarget.value })} autoComplete="new-password" visibilityToggleButtonProps={{ 'aria-label': t('session.showPassword') }} />
        <MultiSelect label={t('settings.people.roles')} w={260} data={options} value={form.roles} onChange={(values) => setForm({ ...form, roles: values })} />
        <Button type="submit" disabled={!good}>{t('settings.people.add')}</Button>
      </Group>
    </form>
  )
}
