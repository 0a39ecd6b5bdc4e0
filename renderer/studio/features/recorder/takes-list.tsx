import { memo, useEffect, useState } from 'react'
import { Button, Checkbox, Table } from '@mantine/core'
import type { RecordedTake } from '#contract/recorder.ts'
import { translateCode, useT } from '../../i18n/index.ts'
import { dayTimeText, lengthText } from '../../i18n/formats.ts'
import { EmptyNote, StateBadge, type Tone } from '../../ui/index.ts'
import { go } from '../../app/navigation/index.ts'
import { showError } from '../../app/errors/index.ts'
import { call, queryClient, useMay, useStationEvent, useStationQuery } from '../../app/station-client/index.ts'
import { pageDeeds } from './page-deeds.ts'
import { changeSettings } from './recorder-settings.ts'
import { scriptOf, setScript } from './scripts.ts'
import { CompareBar } from './take-compare.tsx'
import { playTakes, stopTakes, useTakePlayer } from './take-player.ts'

const stateTone: Readonly<Record<RecordedTake['state'], Tone>> = { recording: 'air', paused: 'warn', closing: 'wait', saved: 'ok', recovered: 'warn', discarded: 'idle' }

const TAKES_KEY = ['recorder.takes', '{}']

/** Read once; a take that runs tells itself twice a second and is changed in place. One that is new, or has another place in the list, is read with the list. */
function useTakes(): readonly RecordedTake[] {
  useStationEvent('recorder.changed', (take) => {
    const known = queryClient.getQueryData<{ takes: RecordedTake[] }>(TAKES_KEY)?.takes.some((one) => one.id === take.id && one.state === take.state && one.part === take.part) === true
    if (!known) void queryClient.invalidateQueries({ queryKey: TAKES_KEY })
    else queryClient.setQueryData<{ takes: RecordedTake[] }>(TAKES_KEY, (now) => now && { ...now, takes: now.takes.map((one) => (one.id === take.id ? take : one)) })
  })
  return useStationQuery('recorder.takes', {}, { events: ['library.changed'] }).data?.takes ?? none
}
const none: readonly RecordedTake[] = []

/** The takes of late, and a few of them side by side: choose, hear one after the other, keep one. */
export function TakesList() {
  const t = useT()
  const takes = useTakes()
  const [chosenIds, setChosenIds] = useState<ReadonlySet<string>>(new Set())
  const chosen = takes.filter((take) => chosenIds.has(take.id) && take.itemId !== null)
  const heard = chosen.flatMap((take) => take.itemId ?? []).join(',')
  useEffect(() => {
    if (heard === '') return
    pageDeeds.compare = () => (useTakePlayer.getState().queue.length > 0 ? stopTakes() : playTakes(heard.split(',')))
    return () => {
      pageDeeds.compare = null
    }
  }, [heard])
  useEffect(() => stopTakes, [])
  if (takes.length === 0) return <EmptyNote>{t('recorder.takes.none')}</EmptyNote>
  const choose = (takeId: string, on: boolean): void => setChosenIds((before) => {
    const next = new Set(before)
    if (on) next.add(takeId)
    else next.delete(takeId)
    return next
  })
  return (
    <>
      <CompareBar chosen={chosen} onDone={() => setChosenIds(new Set())} />
      <Table stickyHeader>
        <Table.Thead><Table.Tr><Table.Th w={30}><span className="visually-hidden">{t('recorder.compare.choose')}</span></Table.Th><Table.Th>{t('recorder.takes.name')}</Table.Th><Table.Th>{t('recorder.takes.length')}</Table.Th><Table.Th>{t('recorder.takes.state')}</Table.Th></Table.Tr></Table.Thead>
        <Table.Tbody>{takes.map((take) => <Row key={take.id} take={take} number={chosen.indexOf(take) + 1} chosen={chosenIds.has(take.id)} onChoose={(on) => choose(take.id, on)} />)}</Table.Tbody>
      </Table>
    </>
  )
}

const Row = memo(TakeRow, (before, now) => before.take === now.take && before.number === now.number && before.chosen === now.chosen)

function TakeRow(props: { take: RecordedTake; number: number; chosen: boolean; onChoose: (on: boolean) => void }) {
  const t = useT()
  const { take } = props
  const { itemId } = take
  const [mayRecord, mayEdit] = [useMay('recorder'), useMay('editor')]
  const playing = useTakePlayer((state) => itemId !== null && state.queue[0] === itemId)
  const closed = take.handle === 0
  const act = (work: Promise<unknown>): void => void work.catch(showError)
  const script = take.part === 1 ? scriptOf(take.groupId) : null
  return (
    <Table.Tr data-testid="take" data-state={take.state} data-item={itemId ?? ''} data-playing={playing}>
      <Table.Td>{itemId !== null && <Checkbox size="xs" aria-label={t('recorder.compare.chooseName', { title: take.title })} checked={props.chosen} onChange={(event) => props.onChoose(event.currentTarget.checked)} data-testid="take-choose" />}</Table.Td>
      <Table.Td>
        <div className="recorder-take-title" title={take.title}>{props.number > 0 ? `${props.number}. ` : ''}{take.title}</div>
        <div className="dim">{dayTimeText(take.startedAt)}{take.inputLabel === '' ? '' : ` · ${take.inputLabel}`}</div>
        {playing && <StateBadge tone="info">{t('recorder.takes.playing')}</StateBadge>}
        {take.importError !== null && <div className="recorder-take-error">{translateCode(`errors.${take.importError.code}.happened`, take.importError.data) ?? take.importError.code} {t('recorder.takes.kept')}</div>}
        <div className="recorder-take-actions">
          {itemId !== null && <Button size="compact-xs" variant="default" onClick={() => (playing ? stopTakes() : playTakes([itemId]))} data-testid="take-play">{t(playing ? 'recorder.compare.stop' : 'recorder.takes.play')}</Button>}
          {itemId !== null && <Button size="compact-xs" variant="default" onClick={() => go('library', { itemId })} data-testid="take-to-library">{t('recorder.takes.toLibrary')}</Button>}
          {itemId !== null && mayEdit && <Button size="compact-xs" variant="default" onClick={() => go('editor', { itemId })} data-testid="take-to-editor">{t('recorder.takes.toEditor')}</Button>}
          {script !== null && <Button size="compact-xs" variant="default" onClick={() => { setScript(script); changeSettings({ side: 'script' }) }} data-testid="take-script">{t('recorder.script.title')}</Button>}
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
