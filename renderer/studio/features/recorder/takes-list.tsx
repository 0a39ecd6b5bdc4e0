import { Button, Table } from '@mantine/core'
import type { RecordedTake } from '#contract/recorder.ts'
import { translateCode, useT } from '../../i18n/index.ts'
import { dayTimeText, lengthText } from '../../i18n/formats.ts'
import { EmptyNote, StateBadge, type Tone } from '../../ui/index.ts'
import { go } from '../../app/navigation/index.ts'
import { showError } from '../../app/errors/index.ts'
import { call, useMay, useStationQuery } from '../../app/station-client/index.ts'

const stateTone: Readonly<Record<RecordedTake['state'], Tone>> = { recording: 'air', paused: 'warn', closing: 'wait', saved: 'ok', recovered: 'warn', discarded: 'idle' }

export function TakesList() {
  const t = useT()
  const takes = useStationQuery('recorder.takes', {}, { events: ['recorder.changed'] }).data?.takes ?? []
  if (takes.length === 0) return <EmptyNote>{t('recorder.takes.none')}</EmptyNote>
  return (
    <Table stickyHeader>
      <Table.Thead><Table.Tr><Table.Th>{t('recorder.takes.name')}</Table.Th><Table.Th>{t('recorder.takes.length')}</Table.Th><Table.Th>{t('recorder.takes.state')}</Table.Th></Table.Tr></Table.Thead>
      <Table.Tbody>{takes.map((take) => <Row key={take.id} take={take} />)}</Table.Tbody>
    </Table>
  )
}

function Row(props: { take: RecordedTake }) {
  const t = useT()
  const { take } = props
  const { itemId } = take
  const mayRecord = useMay('recorder')
  const mayEdit = useMay('editor')
  const closed = take.handle === 0
  const act = (work: Promise<unknown>): void => void work.catch(showError)
  return (
    <Table.Tr data-testid="take" data-state={take.state} data-item={itemId ?? ''}>
      <Table.Td>
        <div className="recorder-take-title" title={take.title}>{take.title}</div>
        <div className="dim">{dayTimeText(take.startedAt)}{take.inputLabel === '' ? '' : ` · ${take.inputLabel}`}</div>
        {take.importError !== null && <div className="recorder-take-error">{translateCode(`errors.${take.importError.code}.happened`, take.importError.data) ?? take.importError.code} {t('recorder.takes.kept')}</div>}
        <div className="recorder-take-actions">
          {itemId !== null && <Button size="compact-xs" variant="default" onClick={() => go('library', { itemId })} data-testid="take-to-library">{t('recorder.takes.toLibrary')}</Button>}
          {itemId !== null && mayEdit && <Button size="compact-xs" variant="default" onClick={() => go('editor', { itemId })} data-testid="take-to-editor">{t('recorder.takes.toEditor')}</Button>}
          {mayRecord && closed && itemId === null && (take.importError !== null || take.state === 'discarded') && <Button size="compact-xs" variant="default" onClick={() => act(call('recorder.keep', { takeId: take.id }))}>{t(take.state === 'discarded' ? 'recorder.takes.restore' : 'recorder.takes.tryAgain')}</Button>}
          {mayRecord && closed && itemId === null && take.importError !== null && take.state !== 'discarded' && <Button size="compact-xs" variant="default" onClick={() => act(call('recorder.discard', { takeId: take.id }))}>{t('recorder.takes.discard')}</Button>}
        </div>
      </Table.Td>
      <Table.Td>{lengthText(take.durableFrames)}</Table.Td>
      <Table.Td>
        <StateBadge tone={take.importError === null ? stateTone[take.state] : 'bad'}>{t(take.importError === null ? `recorder.states.${take.state}` : 'recorder.states.refused')}</StateBadge>
        {take.faults.length > 0 && <div className="dim">{t('recorder.takes.faults', { count: take.faults.length })}</div>}
      </Table.Td>
    </Table.Tr>
  )
}
