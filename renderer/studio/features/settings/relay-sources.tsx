import { useState } from 'react'
import { Button, Group, Stack, Text } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import type { RelayStation } from '#contract/relay.ts'
import { useT } from '../../i18n/index.ts'
import { clockText, dayText } from '../../i18n/formats.ts'
import { StateBadge } from '../../ui/index.ts'
import { call, useMay, useStationQuery } from '../../app/station-client/index.ts'
import { showDone, showError } from '../../app/errors/index.ts'
import { RelaySourceForm } from './relay-source-form.tsx'

/** Stations and files the air may relay, and who let them. */
export function RelaySources() {
  const t = useT()
  const list = useStationQuery('relay.list', {}, { events: ['relay.changed'] })
  const mayEdit = useMay('scheduler')
  const [open, setOpen] = useState<string | null>(null)
  const sources = list.data?.sources ?? []
  return (
    <Stack gap="xs" maw={860} data-testid="relay-sources">
      <Text size="sm" className="dim">{t('settings.relay.intro')}</Text>
      {list.data !== undefined && sources.length === 0 && <Text size="sm">{t('settings.relay.none')}</Text>}
      {sources.map((source) => open === source.id
        ? <RelaySourceForm key={`${source.id} ${source.rev}`} source={source} onDone={() => setOpen(null)} />
        : <SourceRow key={source.id} source={source} mayEdit={mayEdit} onEdit={() => setOpen(source.id)} />)}
      {open === 'new' && <RelaySourceForm source={null} onDone={() => setOpen(null)} />}
      {mayEdit && open === null && <Group><Button variant="default" leftSection={<IconPlus size={15} aria-hidden />} onClick={() => setOpen('new')} data-testid="relay-new">{t('settings.relay.new')}</Button></Group>}
    </Stack>
  )
}

function SourceRow(props: { source: RelayStation; mayEdit: boolean; onEdit: () => void }) {
  const t = useT()
  const { source } = props
  const { id, rev, title, addresses, approval } = source
  const mayApprove = useMay('approver')
  const [first] = addresses
  const where = first === undefined ? '' : first.kind === 'stream' ? first.url : first.path
  const approve = (): void => void call('relay.approve', { id, rev, approved: approval === null }).catch(showError)
  const remove = (): void => void call('relay.remove', { id, rev }).then(() => showDone(t('settings.relay.removed', { title })), showError)
  return (
    <Group wrap="nowrap" gap="sm" data-testid="relay-source">
      <Stack gap={0} flex={1} miw={0}>
        <Text size="sm" fw={600} truncate>{title}</Text>
        <Text size="xs" className="dim" truncate title={where}>{where}{addresses.length > 1 && ` ${t('settings.relay.more', { count: addresses.length - 1 })}`}</Text>
      </Stack>
      <StateBadge tone={approval === null ? 'warn' : 'ok'} data-testid="relay-approval" {...(approval === null ? {} : { title: t('settings.relay.approvedBy', { name: approval.by, time: `${clockText(approval.at)} ${dayText(approval.at)}` }) })}>{t(approval === null ? 'settings.relay.notApproved' : 'settings.relay.approved')}</StateBadge>
      {mayApprove && <Button size="xs" variant="default" onClick={approve} data-testid="relay-approve">{t(approval === null ? 'settings.relay.approve' : 'settings.relay.withdraw')}</Button>}
      {props.mayEdit && <Button size="xs" variant="default" onClick={props.onEdit} data-testid="relay-edit">{t('settings.relay.edit')}</Button>}
      {props.mayEdit && <Button size="xs" variant="default" onClick={remove}>{t('settings.relay.remove')}</Button>}
    </Group>
  )
}
