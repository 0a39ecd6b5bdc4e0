import { useEffect, useState } from 'react'
import { Button, Group, Table } from '@mantine/core'
import type { BoardNotice } from '#contract/screens.ts'
import { useT } from '../../i18n/index.ts'
import { dayTimeText } from '../../i18n/formats.ts'
import { EmptyNote, PageHeader, Panel, StateBadge, type Tone } from '../../ui/index.ts'
import { registerActions } from '../../app/actions/index.ts'
import { showError } from '../../app/errors/index.ts'
import { call, useMay, useStationQuery } from '../../app/station-client/index.ts'
import { DeviceStateBadge } from '../fleet/index.ts'
import { NoticeForm } from './notice-form.tsx'

const tones: Record<BoardNotice['state'], Tone> = { draft: 'wait', approved: 'info', shown: 'ok', ended: 'idle' }

export function BoardsPage() {
  const t = useT()
  const list = useStationQuery('screens.list', {}, { events: ['screens.changed'] })
  const fleet = useStationQuery('devices.fleet', {}, { events: ['devices.changed', 'devices.unitsChanged'] })
  const [editing, setEditing] = useState<BoardNotice | 'new' | null>(null)
  const editor = useMay('editor')
  useEffect(() => registerActions([{ id: 'boards.new', labelKey: 'boards.new', shortcut: 'Ctrl+KeyB', role: 'editor', page: 'boards', run: () => setEditing('new') }]), [])
  const screens = (fleet.data?.devices ?? []).filter((device) => device.kind === 'screen')
  const notices = [...(list.data?.notices ?? [])].sort((a, b) => b.fromAt - a.fromAt)
  const openScreen = (): void => {
    if (list.data !== undefined) void window.vangxa.openScreenWindow(list.data.screenUrl).catch(showError)
  }
  return (
    <div className="page">
      <PageHeader title={t('app.pages.boards')} aside={<>
        <Button variant="default" onClick={openScreen} disabled={list.data === undefined} data-testid="open-screen">{t('boards.openScreen')}</Button>
        {editor && <Button onClick={() => setEditing('new')} data-testid="new-notice">{t('boards.new')}</Button>}
      </>} />
      <div className="row-grid" style={{ gridTemplateColumns: '1fr 460px' }}>
        <div style={{ display: 'flex', flexDirection: 'column', gap: 8, minHeight: 0 }}>
          <Panel title={t('boards.notices', { count: notices.length })} flush className="grow">
            {notices.length === 0 ? <EmptyNote>{t('boards.none')}</EmptyNote> : (
              <Table stickyHeader>
                <Table.Thead><Table.Tr><Table.Th>{t('boards.title')}</Table.Th><Table.Th>{t('boards.state')}</Table.Th><Table.Th>{t('boards.from')}</Table.Th><Table.Th>{t('boards.to')}</Table.Th><Table.Th>{t('boards.steps')}</Table.Th></Table.Tr></Table.Thead>
                <Table.Tbody>{notices.map((notice) => <NoticeRow key={notice.id} notice={notice} onEdit={() => setEditing(notice)} />)}</Table.Tbody>
              </Table>
            )}
          </Panel>
          <Panel title={t('boards.screens', { count: screens.length })} flush>
            {screens.length === 0 ? <EmptyNote>{t('boards.noScreens')}</EmptyNote> : (
              <Table><Table.Tbody>{screens.map((screen) => <Table.Tr key={screen.id} data-testid={`screen-${screen.id}`}><Table.Td>{screen.name}</Table.Td><Table.Td><DeviceStateBadge device={screen} /></Table.Td><Table.Td>{screen.playing ?? '—'}</Table.Td></Table.Tr>)}</Table.Tbody></Table>
            )}
          </Panel>
        </div>
        <Panel title={t(editing === null ? 'boards.preview' : editing === 'new' ? 'boards.new' : 'boards.edit')}>
          {editing === null ? <EmptyNote>{t('boards.choose')}</EmptyNote> : <NoticeForm key={editing === 'new' ? 'new' : `${editing.id}-${editing.rev}`} notice={editing === 'new' ? null : editing} units={fleet.data?.units ?? []} devices={fleet.data?.devices ?? []} onDone={() => setEditing(null)} />}
        </Panel>
      </div>
    </div>
  )
}

function NoticeRow(props: { notice: BoardNotice; onEdit: () => void }) {
  const t = useT()
  const { notice } = props
  const approver = useMay('approver')
  const editor = useMay('editor')
  const step = (procedure: 'screens.approve' | 'screens.end' | 'screens.remove') => (): void => void call(procedure, { noticeId: notice.id, rev: notice.rev }).catch(showError)
  return (
    <Table.Tr data-testid={`notice-${notice.id}`} data-state={notice.state}>
      <Table.Td><button type="button" className="link-button" onClick={props.onEdit}>{notice.title}</button></Table.Td>
      <Table.Td><StateBadge tone={tones[notice.state]}>{t(`boards.states.${notice.state}`)}</StateBadge></Table.Td>
      <Table.Td>{dayTimeText(notice.fromAt)}</Table.Td>
      <Table.Td>{dayTimeText(notice.toAt)}</Table.Td>
      <Table.Td>
        <Group gap={4}>
          {approver && notice.state === 'draft' && <Button size="compact-xs" onClick={step('screens.approve')} data-testid="approve-notice">{t('boards.approve')}</Button>}
          {editor && (notice.state === 'shown' || notice.state === 'approved') && <Button size="compact-xs" variant="default" onClick={step('screens.end')} data-testid="end-notice">{t('boards.end')}</Button>}
          {editor && (notice.state === 'draft' || notice.state === 'ended') && <Button size="compact-xs" variant="subtle" color="red" onClick={step('screens.remove')}>{t('boards.remove')}</Button>}
        </Group>
      </Table.Td>
    </Table.Tr>
  )
}
