import { useState } from 'react'
import { Button, Group, Modal, NativeSelect, NumberInput, TextInput } from '@mantine/core'
import type { LogDay, SlotFields } from '#contract/log.ts'
import { useT } from '../../i18n/index.ts'
import { showError } from '../../app/errors/index.ts'
import { call } from '../../app/station-client/index.ts'
import { addPlainLine, showChange } from './changes.ts'
import { showLog, useLogView } from './log-store.ts'
import { HardTimeField, readHardTime } from './timing-field.tsx'

const plainKinds = ['note', 'live', 'fixedPoint', 'track'] as const

/** A slot of the day, and a line without an item. */
export function AddDialogs(props: { day: LogDay }) {
  const t = useT()
  const dialog = useLogView((view) => view.dialog)
  const close = (): void => showLog({ dialog: 'none' })
  return (
    <>
      <Modal opened={dialog === 'slot'} onClose={close} title={t('log.slot.title')} closeButtonProps={{ 'aria-label': t('app.close') }}><SlotForm day={props.day} onDone={close} /></Modal>
      <Modal opened={dialog === 'note'} onClose={close} title={t('log.plain.title')} closeButtonProps={{ 'aria-label': t('app.close') }}><PlainLineForm day={props.day} onDone={close} /></Modal>
    </>
  )
}

function SlotForm(props: { day: LogDay; onDone: () => void }) {
  const t = useT()
  const { broadcastDate, zone } = props.day
  const [title, setTitle] = useState('')
  const [from, setFrom] = useState('')
  const [until, setUntil] = useState('')
  const [onOverrun, setOverrun] = useState<SlotFields['onOverrun']>('cut')
  const [onUnderrun, setUnderrun] = useState<SlotFields['onUnderrun']>('fill')
  const [fillGroup, setFillGroup] = useState('')
  const [start, end] = [readHardTime(from, broadcastDate, zone), readHardTime(until, broadcastDate, zone)]
  const ready = title.trim() !== '' && 'at' in start && 'at' in end && end.at > start.at
  const save = (): void => {
    if (!ready) return
    const slot = { title, startAt: start.at, endAt: end.at, onOverrun, maxOverrunMs: 60_000, onUnderrun, fillGroup: fillGroup.trim() === '' ? null : fillGroup.trim(), ruleProfileId: null, backupItemIds: [], bus: 'main' }
    void call('log.saveSlot', { broadcastDate, slotId: null, rev: 0, slot }).then((day) => {
      showChange(day, t('log.steps.slot', { title }))
      props.onDone()
    }, showError)
  }
  return (
    <div className="log-form">
      <TextInput label={t('log.slot.name')} value={title} maxLength={200} onChange={(event) => setTitle(event.currentTarget.value)} data-autofocus data-testid="log-slot-title" />
      <Group gap={8}>
        <HardTimeField label={t('log.slot.from')} value={from} date={broadcastDate} zone={zone} onChange={setFrom} testId="log-slot-from" />
        <HardTimeField label={t('log.slot.until')} value={until} date={broadcastDate} zone={zone} onChange={setUntil} onEnter={save} testId="log-slot-until" />
      </Group>
      <NativeSelect label={t('log.slot.onOverrun')} value={onOverrun} onChange={(event) => setOverrun(event.currentTarget.value === 'finish' ? 'finish' : 'cut')} data={[{ value: 'cut', label: t('log.slot.cut') }, { value: 'finish', label: t('log.slot.finish') }]} />
      <NativeSelect label={t('log.slot.onUnderrun')} value={onUnderrun} onChange={(event) => setUnderrun(event.currentTarget.value === 'close' ? 'close' : 'fill')} data={[{ value: 'fill', label: t('log.slot.fill') }, { value: 'close', label: t('log.slot.close') }]} />
      {onUnderrun === 'fill' && <TextInput label={t('log.slot.fillGroup')} description={t('log.slot.fillGroupHint')} value={fillGroup} maxLength={60} onChange={(event) => setFillGroup(event.currentTarget.value)} />}
      <Group justify="end"><Button disabled={!ready} onClick={save} data-testid="log-slot-save">{t('log.slot.save')}</Button></Group>
    </div>
  )
}

function PlainLineForm(props: { day: LogDay; onDone: () => void }) {
  const t = useT()
  const { broadcastDate, zone } = props.day
  const [kind, setKind] = useState<(typeof plainKinds)[number]>('note')
  const [title, setTitle] = useState('')
  const [minutes, setMinutes] = useState(5)
  const [time, setTime] = useState('')
  const read = readHardTime(time, broadcastDate, zone)
  const ready = title.trim() !== '' && (time === '' ? kind !== 'fixedPoint' : 'at' in read)
  const save = (): void => {
    if (!ready) return
    void addPlainLine({ kind, title, plannedSamples: kind === 'live' ? Math.round(minutes * 60 * 48_000) : 0, timing: 'at' in read ? { kind: 'hard', at: read.at, onReach: { kind: 'cut' } } : { kind: 'follow' } }).then(props.onDone, showError)
  }
  return (
    <div className="log-form">
      <NativeSelect label={t('log.plain.kind')} value={kind} data={plainKinds.map((one) => ({ value: one, label: t(`log.kind.${one}`) }))} onChange={(event) => setKind(plainKinds.find((one) => one === event.currentTarget.value) ?? 'note')} data-testid="log-plain-kind" />
      <TextInput label={t('log.plain.name')} value={title} maxLength={200} onChange={(event) => setTitle(event.currentTarget.value)} data-autofocus data-testid="log-plain-title" />
      {kind === 'live' && <NumberInput label={t('log.plain.minutes')} min={0} max={600} value={minutes} onChange={(typed) => typeof typed === 'number' && setMinutes(typed)} />}
      <HardTimeField label={t('log.plain.time')} value={time} date={broadcastDate} zone={zone} onChange={setTime} onEnter={save} testId="log-plain-time" />
      <Group justify="end"><Button disabled={!ready} onClick={save} data-testid="log-plain-save">{t('log.plain.save')}</Button></Group>
    </div>
  )
}
