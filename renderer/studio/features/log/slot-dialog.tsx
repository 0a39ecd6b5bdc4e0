import { useState } from 'react'
import { Button, Group, Modal, NativeSelect, NumberInput, TextInput } from '@mantine/core'
import type { ChangedDay, LogDay, LogSlot, SlotFields } from '#contract/log.ts'
import { useT } from '../../i18n/index.ts'
import { showError } from '../../app/errors/index.ts'
import { call } from '../../app/station-client/index.ts'
import { BackupsEditor } from './backups-editor.tsx'
import { showChange } from './changes.ts'
import { showLog, useLogView } from './log-store.ts'
import { HardTimeField } from './timing-field.tsx'
import { readEnd, readHardTime } from './typed.ts'
import { timeText } from './zone.ts'

/** A slot of the day: a new one, or the one that was chosen. */
export function SlotDialog(props: { day: LogDay }) {
  const t = useT()
  const opened = useLogView((view) => view.dialog === 'slot')
  const slotId = useLogView((view) => view.slotId)
  const slot = props.day.slots.find(({ id }) => id === slotId) ?? null
  const close = (): void => showLog({ dialog: 'none', slotId: null })
  return (
    <Modal opened={opened} onClose={close} title={slot === null ? t('log.slot.title') : t('log.slot.titleOf', { title: slot.title })} closeButtonProps={{ 'aria-label': t('app.close') }}>
      <SlotForm key={`${slot?.id ?? 'new'} ${slot?.rev ?? 0}`} day={props.day} slot={slot} onDone={close} />
    </Modal>
  )
}

function SlotForm(props: { day: LogDay; slot: LogSlot | null; onDone: () => void }) {
  const t = useT()
  const { day: { broadcastDate, zone, state }, slot } = props
  const [title, setTitle] = useState(slot?.title ?? '')
  const shownFrom = slot === null ? '' : timeText(slot.startAt, zone)
  const shownUntil = slot === null ? '' : timeText(slot.endAt, zone)
  const [from, setFrom] = useState(shownFrom)
  const [until, setUntil] = useState(shownUntil)
  const [onOverrun, setOverrun] = useState<SlotFields['onOverrun']>(slot?.onOverrun ?? 'cut')
  const [overrunSeconds, setOverrunSeconds] = useState((slot?.maxOverrunMs ?? 60_000) / 1000)
  const [onUnderrun, setUnderrun] = useState<SlotFields['onUnderrun']>(slot?.onUnderrun ?? 'fill')
  const [fillGroup, setFillGroup] = useState(slot?.fillGroup ?? '')
  const [backupItemIds, setBackups] = useState<readonly string[]>(slot?.backupItemIds ?? [])
  const start = readHardTime(from, broadcastDate, zone)
  // A time shown without its milliseconds is the same time as long as nobody types.
  const startAt = slot !== null && from === shownFrom ? slot.startAt : 'at' in start ? start.at : null
  const endAt = slot !== null && until === shownUntil && from === shownFrom ? slot.endAt : startAt === null ? null : readEnd(until, startAt, broadcastDate, zone)
  const open = state !== 'closed'
  const ready = open && title.trim() !== '' && startAt !== null && endAt !== null
  const finish = (job: Promise<ChangedDay>, text: string): void => void job.then((day) => {
    showChange(day, text)
    props.onDone()
  }, showError)
  const save = (): void => {
    if (!ready) return
    const fields = { title, startAt, endAt, onOverrun, maxOverrunMs: Math.round(overrunSeconds * 1000), onUnderrun, fillGroup: fillGroup.trim() === '' ? null : fillGroup.trim(), ruleProfileId: slot?.ruleProfileId ?? null, backupItemIds: [...backupItemIds], bus: slot?.bus ?? 'main' }
    finish(call('log.saveSlot', { broadcastDate, slotId: slot?.id ?? null, rev: slot?.rev ?? 0, slot: fields }), t('log.steps.slot', { title }))
  }
  return (
    <div className="log-form" data-testid="log-slot-form">
      <TextInput label={t('log.slot.name')} value={title} maxLength={200} disabled={!open} onChange={(event) => setTitle(event.currentTarget.value)} data-autofocus data-testid="log-slot-title" />
      <Group gap={8}>
        <HardTimeField label={t('log.slot.from')} value={from} date={broadcastDate} zone={zone} disabled={!open} onChange={setFrom} testId="log-slot-from" />
        <HardTimeField label={t('log.slot.until')} value={until} date={broadcastDate} zone={zone} disabled={!open} onChange={setUntil} onEnter={save} testId="log-slot-until" />
      </Group>
      <Group gap={8} align="end">
        <NativeSelect label={t('log.slot.onOverrun')} value={onOverrun} disabled={!open} onChange={(event) => setOverrun(event.currentTarget.value === 'finish' ? 'finish' : 'cut')} data={[{ value: 'cut', label: t('log.slot.cut') }, { value: 'finish', label: t('log.slot.finish') }]} data-testid="log-slot-overrun" />
        {onOverrun === 'finish' && <NumberInput label={t('log.slot.maxOverrun')} w={130} min={0} max={3600} suffix=" s" hideControls value={overrunSeconds} disabled={!open} onChange={(typed) => typeof typed === 'number' && setOverrunSeconds(typed)} data-testid="log-slot-max-overrun" />}
      </Group>
      <NativeSelect label={t('log.slot.onUnderrun')} value={onUnderrun} disabled={!open} onChange={(event) => setUnderrun(event.currentTarget.value === 'close' ? 'close' : 'fill')} data={[{ value: 'fill', label: t('log.slot.fill') }, { value: 'close', label: t('log.slot.close') }]} data-testid="log-slot-underrun" />
      {onUnderrun === 'fill' && <TextInput label={t('log.slot.fillGroup')} description={t('log.slot.fillGroupHint')} value={fillGroup} maxLength={60} disabled={!open} onChange={(event) => setFillGroup(event.currentTarget.value)} data-testid="log-slot-fill-group" />}
      <BackupsEditor label={t('log.slot.backups')} ids={backupItemIds} disabled={!open} onChange={setBackups} />
      <Group justify="space-between">
        {slot === null ? <span /> : <Button variant="default" disabled={!open} onClick={() => finish(call('log.removeSlot', { broadcastDate, slotId: slot.id, rev: slot.rev }), t('log.steps.slotRemoved', { title: slot.title }))} data-testid="log-slot-remove">{t('log.slot.remove')}</Button>}
        <Button disabled={!ready} onClick={save} data-testid="log-slot-save">{t(slot === null ? 'log.slot.save' : 'log.slot.saveChange')}</Button>
      </Group>
    </div>
  )
}
