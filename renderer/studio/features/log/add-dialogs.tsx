import { useState } from 'react'
import { Button, Group, Modal, NativeSelect, NumberInput, TextInput } from '@mantine/core'
import type { LogDay } from '#contract/log.ts'
import { useT } from '../../i18n/index.ts'
import { showError } from '../../app/errors/index.ts'
import { addPlainLine } from './changes.ts'
import { showLog, useLogView } from './log-store.ts'
import { RelaySourceFields } from './relay-fields.tsx'
import { SegueDialog } from './segue/segue-editor.tsx'
import { SlotDialog } from './slot-dialog.tsx'
import { HardTimeField } from './timing-field.tsx'
import { readEnd, readHardTime, relayFieldsOf } from './typed.ts'
import type { RelayDraft } from './typed.ts'

const plainKinds = ['note', 'live', 'relay', 'track', 'command', 'fixedPoint'] as const

/** What is asked for in a window of its own: a slot, how two lines meet, a line without an item. */
export function AddDialogs(props: { day: LogDay }) {
  const t = useT()
  const dialog = useLogView((view) => view.dialog)
  const close = (): void => showLog({ dialog: 'none' })
  return (
    <>
      <SlotDialog day={props.day} />
      <SegueDialog day={props.day} />
      <Modal opened={dialog === 'note'} onClose={close} title={t('log.plain.title')} closeButtonProps={{ 'aria-label': t('app.close') }}><PlainLineForm day={props.day} onDone={close} /></Modal>
    </>
  )
}

function PlainLineForm(props: { day: LogDay; onDone: () => void }) {
  const t = useT()
  const { broadcastDate, zone } = props.day
  const [kind, setKind] = useState<(typeof plainKinds)[number]>('note')
  const [title, setTitle] = useState('')
  const [minutes, setMinutes] = useState(5)
  const [time, setTime] = useState('')
  const [until, setUntil] = useState('')
  const [relay, setRelay] = useState<RelayDraft>({ kind: 'registered', text: '' })
  const read = readHardTime(time, broadcastDate, zone)
  const source = relayFieldsOf(relay)
  const relayEndsAt = kind === 'relay' && 'at' in read ? readEnd(until, read.at, broadcastDate, zone) : null
  const timed = kind === 'fixedPoint' || kind === 'relay'
  const ready = title.trim() !== '' && (time === '' ? !timed : 'at' in read) && (kind !== 'relay' || (source !== null && relayEndsAt !== null))
  const save = (): void => {
    if (!ready) return
    const timing = 'at' in read ? { kind: 'hard' as const, at: read.at, onReach: { kind: 'cut' as const } } : { kind: 'follow' as const }
    const line = kind === 'relay' && source !== null && relayEndsAt !== null && 'at' in read
      ? { kind, title, plannedSamples: (relayEndsAt - read.at) * 48, timing, ...source, relayEndsAt }
      : { kind, title, plannedSamples: kind === 'live' ? Math.round(minutes * 60 * 48_000) : 0, timing }
    void addPlainLine(line).then(props.onDone, showError)
  }
  return (
    <div className="log-form">
      <NativeSelect label={t('log.plain.kind')} value={kind} data={plainKinds.map((one) => ({ value: one, label: t(`log.kind.${one}`) }))} onChange={(event) => setKind(plainKinds.find((one) => one === event.currentTarget.value) ?? 'note')} data-testid="log-plain-kind" />
      <TextInput label={t('log.plain.name')} value={title} maxLength={200} onChange={(event) => setTitle(event.currentTarget.value)} data-autofocus data-testid="log-plain-title" />
      {kind === 'live' && <NumberInput label={t('log.plain.minutes')} min={0} max={600} value={minutes} onChange={(typed) => typeof typed === 'number' && setMinutes(typed)} />}
      {kind === 'relay' && <RelaySourceFields draft={relay} disabled={false} onChange={setRelay} />}
      {kind === 'command' && <p className="dim log-note">{t('log.plain.commandHint')}</p>}
      <Group gap={8}>
        <HardTimeField label={t(kind === 'relay' ? 'log.relay.from' : timed ? 'log.hardTime' : 'log.plain.time')} value={time} date={broadcastDate} zone={zone} onChange={setTime} onEnter={save} testId="log-plain-time" />
        {kind === 'relay' && <HardTimeField label={t('log.relay.until')} value={until} date={broadcastDate} zone={zone} onChange={setUntil} onEnter={save} testId="log-plain-until" />}
      </Group>
      {kind === 'relay' && <p className="dim log-note">{t('log.relay.honest')}</p>}
      <Group justify="end"><Button disabled={!ready} onClick={save} data-testid="log-plain-save">{t('log.plain.save')}</Button></Group>
    </div>
  )
}
