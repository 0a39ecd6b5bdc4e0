import { useState } from 'react'
import { Button, Group, NativeSelect, TextInput } from '@mantine/core'
import type { LogDay, LogLine } from '#contract/log.ts'
import { useT } from '../../i18n/index.ts'
import { showError } from '../../app/errors/index.ts'
import { updateLine } from './changes.ts'
import { HardTimeField } from './timing-field.tsx'
import { useStationQuery } from '../../app/station-client/index.ts'
import { readEnd, relayDraftOf, relayFieldsOf } from './typed.ts'
import type { RelayDraft } from './typed.ts'
import { timeText } from './zone.ts'

const kinds = ['registered', 'stream', 'fileByDate'] as const

/** Where a relay comes from: a source of the station, an address, or a file by its date. */
export function RelaySourceFields(props: { draft: RelayDraft; disabled: boolean; onChange: (draft: RelayDraft) => void }) {
  const t = useT()
  const { draft, disabled } = props
  const known = useStationQuery('relay.list', {}, { events: ['relay.changed'] }).data?.sources ?? []
  const recorded = useStationQuery('relay.schedules', {}, { events: ['relay.changed'] }).data?.schedules ?? []
  const wrong = draft.text !== '' && relayFieldsOf(draft) === null
  return (
    <>
      <NativeSelect size="xs" label={t('log.relay.source')} value={draft.kind} disabled={disabled} data={kinds.map((value) => ({ value, label: t(`log.relay.${value}`) }))} onChange={(event) => props.onChange({ text: '', kind: kinds.find((one) => one === event.currentTarget.value) ?? 'stream' })} data-testid="log-relay-kind" />
      {draft.kind === 'registered' ? (
        <NativeSelect size="xs" label={t('log.relay.chosen')} value={draft.text} disabled={disabled} data={[{ value: '', label: '–' }, ...known.map(({ id, title, approval }) => ({ value: id, label: approval === null ? t('log.relay.notApproved', { title }) : title })), ...recorded.map(({ id, title }) => ({ value: id, label: t('log.relay.recorded', { title }) }))]} onChange={(event) => props.onChange({ ...draft, text: event.currentTarget.value })} data-testid="log-relay-chosen" />
      ) : <TextInput size="xs" label={t(draft.kind === 'stream' ? 'log.relay.url' : 'log.relay.path')} {...(draft.kind === 'fileByDate' ? { description: t('log.relay.pathHint') } : {})} placeholder={draft.kind === 'stream' ? 'https://…' : 'tiep-song/{yyyy}-{MM}-{dd}/{HH}.mp3'} value={draft.text} maxLength={1000} disabled={disabled} error={wrong ? t('log.relay.wrong') : null}
        onChange={(event) => props.onChange({ ...draft, text: event.currentTarget.value })} data-testid="log-relay-text" />}
    </>
  )
}

/** Source and fixed out of a relay line that stands in the log. */
export function RelayOptions(props: { line: LogLine; day: LogDay; open: boolean }) {
  const t = useT()
  const { line, day, open } = props
  const saved = relayDraftOf(line)
  const shownUntil = line.relayEndsAt === null ? '' : timeText(line.relayEndsAt, day.zone)
  const [draft, setDraft] = useState(saved)
  const [until, setUntil] = useState(shownUntil)
  const source = relayFieldsOf(draft, line.relaySources.slice(1))
  const from = 'at' in line.timing ? line.timing.at : (line.predictedAt ?? day.startsAt)
  const endAt = until === shownUntil ? line.relayEndsAt : readEnd(until, from, day.broadcastDate, day.zone)
  const changed = draft.kind !== saved.kind || draft.text !== saved.text || until !== shownUntil
  const ready = open && changed && source !== null && (until === '' || endAt !== null)
  const save = (): void => {
    if (!ready || source === null) return
    void updateLine(line, { ...source, relayEndsAt: until === '' ? null : endAt, ...(endAt !== null && until !== '' ? { plannedSamples: Math.max(0, endAt - from) * 48 } : {}) }).catch(showError)
  }
  return (
    <div className="log-timing" data-testid="log-relay-options">
      <RelaySourceFields draft={draft} disabled={!open} onChange={setDraft} />
      <Group gap={6} align="end">
        <HardTimeField label={t('log.relay.until')} value={until} date={day.broadcastDate} zone={day.zone} disabled={!open} onChange={setUntil} onEnter={save} testId="log-relay-until" />
        <Button size="xs" disabled={!ready} onClick={save} data-testid="log-relay-save">{t('log.relay.save')}</Button>
      </Group>
    </div>
  )
}
