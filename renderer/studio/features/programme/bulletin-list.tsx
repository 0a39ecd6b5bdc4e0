import { useEffect } from 'react'
import { Button, Group, Table } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import type { BulletinSummary } from '#contract/programme.ts'
import { useT } from '../../i18n/index.ts'
import { broadcastDateText, dayTimeText, lengthText } from '../../i18n/formats.ts'
import { EmptyNote, Panel, StateBadge, type Tone } from '../../ui/index.ts'
import { registerActions } from '../../app/actions/index.ts'
import { showError } from '../../app/errors/index.ts'
import { useMay, useStationQuery } from '../../app/station-client/index.ts'
import { listActions } from './actions.ts'
import { BulletinForm } from './bulletin-form.tsx'
import { removeBulletin } from './changes.ts'
import { ProgrammeHeader } from './programme-header.tsx'
import { showProgramme } from './programme-store.ts'
import { SumBadge } from './sum-badge.tsx'
import { clockOf } from './times.ts'

const stateTone: Readonly<Record<NonNullable<BulletinSummary['itemState']>, Tone>> = { draft: 'idle', edited: 'info', submitted: 'wait', approved: 'ok', returned: 'warn', withdrawn: 'bad' }

export function BulletinList() {
  const t = useT()
  const may = useMay('recorder')
  const { data } = useStationQuery('programme.list', {}, { events: ['programme.changed', 'library.changed'] })
  useEffect(() => registerActions(listActions), [])
  return (
    <>
      <ProgrammeHeader title={t('programme.title')} aside={may && <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => showProgramme({ dialog: 'new' })} data-testid="new-bulletin">{t('programme.list.create')}</Button>} />
      <Panel flush className="grow" label={t('programme.list.label')}>
        {data !== undefined && data.bulletins.length === 0 && <EmptyNote>{t('programme.list.empty')}</EmptyNote>}
        {data !== undefined && data.bulletins.length > 0 && (
          <Table highlightOnHover stickyHeader aria-label={t('programme.list.label')}>
            <Table.Thead><Table.Tr>
              <Table.Th>{t('programme.list.name')}</Table.Th><Table.Th>{t('programme.list.slot')}</Table.Th><Table.Th>{t('programme.list.stories')}</Table.Th><Table.Th>{t('programme.list.length')}</Table.Th>
              <Table.Th>{t('programme.list.state')}</Table.Th><Table.Th>{t('programme.list.changed')}</Table.Th><Table.Th>{t('programme.list.steps')}</Table.Th>
            </Table.Tr></Table.Thead>
            <Table.Tbody>{data.bulletins.map((bulletin) => <Row key={bulletin.id} bulletin={bulletin} />)}</Table.Tbody>
          </Table>
        )}
      </Panel>
      <BulletinForm />
    </>
  )
}

function Row(props: { bulletin: BulletinSummary }) {
  const t = useT()
  const { bulletin } = props
  const mayRemove = useMay('editor')
  const open = (): void => showProgramme({ bulletinId: bulletin.id, storyId: null })
  const { startsAtSec, lengthSamples } = bulletin.slot
  return (
    <Table.Tr onDoubleClick={open} data-testid="bulletin-row">
      <Table.Td><button type="button" className="link-button" onClick={open} data-testid="open-bulletin">{bulletin.title}</button></Table.Td>
      <Table.Td>{[bulletin.broadcastDate === null ? null : broadcastDateText(bulletin.broadcastDate), startsAtSec === null ? null : clockOf(startsAtSec).slice(0, 5), lengthSamples === null ? null : lengthText(lengthSamples)].filter((part) => part !== null).join(' · ') || '—'}</Table.Td>
      <Table.Td>{bulletin.stories}</Table.Td>
      <Table.Td><Group gap={6} wrap="nowrap"><span>{bulletin.estimated ? '≈ ' : ''}{lengthText(bulletin.lengthSamples)}</span><SumBadge lengthSamples={bulletin.lengthSamples} slotSamples={lengthSamples} /></Group></Table.Td>
      <Table.Td>{bulletin.itemState === null ? <StateBadge tone={bulletin.projectId === null ? 'wait' : 'info'}>{t(bulletin.projectId === null ? 'programme.states.writing' : 'programme.states.assembled')}</StateBadge> : <StateBadge tone={stateTone[bulletin.itemState]}>{t(`library.states.${bulletin.itemState}`)}</StateBadge>}</Table.Td>
      <Table.Td>{dayTimeText(bulletin.changedAt)}</Table.Td>
      <Table.Td>
        <Group gap={4} wrap="nowrap">
          <Button size="compact-xs" onClick={open} aria-label={t('programme.list.openNamed', { title: bulletin.title })}>{t('programme.list.open')}</Button>
          {mayRemove && <Button size="compact-xs" variant="default" onClick={() => void removeBulletin(bulletin).catch(showError)} aria-label={t('programme.list.removeNamed', { title: bulletin.title })}>{t('programme.list.remove')}</Button>}
        </Group>
      </Table.Td>
    </Table.Tr>
  )
}
