import { useState } from 'react'
import { Button, Group, NativeSelect, NumberInput } from '@mantine/core'
import type { LogDay, LogLine, OnReach, Timing } from '#contract/log.ts'
import { onLateKinds, onReachKinds, softPreferences, timingKinds } from '#common/playout/words.ts'
import { useT } from '../../i18n/index.ts'
import { showError } from '../../app/errors/index.ts'
import { updateLine } from './changes.ts'
import { HardTimeField } from './timing-field.tsx'
import { readHardTime } from './typed.ts'
import { timeText } from './zone.ts'

/** What is typed, before it is a timing: every kind keeps its values while another is looked at. */
interface Draft {
  readonly kind: Timing['kind']
  readonly time: string
  readonly reach: OnReach['kind']
  readonly graceSeconds: number
  readonly earlySeconds: number
  readonly lateSeconds: number
  readonly prefer: (typeof softPreferences)[number]
  readonly onLate: (typeof onLateKinds)[number]
}

function draftOf(line: LogLine, zone: string): Draft {
  const { timing } = line
  const at = timing.kind === 'follow' ? (line.predictedAt ?? line.plannedAt) : timing.kind === 'backtimed' ? timing.endsAt : timing.at
  const reach = 'onReach' in timing ? timing.onReach : { kind: 'cut' as const }
  return {
    kind: timing.kind, time: at === null ? '' : timeText(at, zone), reach: reach.kind, graceSeconds: reach.kind === 'waitUpTo' ? reach.graceMs / 1000 : 30, earlySeconds: timing.kind === 'soft' ? timing.earlyMs / 1000 : 60,
    lateSeconds: timing.kind === 'soft' ? timing.lateMs / 1000 : 60, prefer: timing.kind === 'soft' ? timing.prefer : 'closest', onLate: timing.kind === 'backtimed' ? timing.onLate : 'join',
  }
}

/** Null while the time is not one. */
export function timingOf(draft: Draft, date: string, zone: string): Timing | null {
  if (draft.kind === 'follow') return { kind: 'follow' }
  const read = readHardTime(draft.time, date, zone)
  if (!('at' in read)) return null
  const onReach: OnReach = draft.reach === 'waitUpTo' ? { kind: 'waitUpTo', graceMs: Math.round(draft.graceSeconds * 1000) } : { kind: draft.reach }
  if (draft.kind === 'hard') return { kind: 'hard', at: read.at, onReach }
  if (draft.kind === 'soft') return { kind: 'soft', at: read.at, earlyMs: Math.round(draft.earlySeconds * 1000), lateMs: Math.round(draft.lateSeconds * 1000), prefer: draft.prefer, onReach }
  return draft.kind === 'notBefore' ? { kind: 'notBefore', at: read.at } : { kind: 'backtimed', endsAt: read.at, onReach, onLate: draft.onLate }
}

/** How a line comes in: one of five ways, each with its own values. Everything by the keyboard, Enter in the time saves. */
export function TimingEditor(props: { line: LogLine; day: LogDay; open: boolean }) {
  const t = useT()
  const { line, day, open } = props
  const [draft, setDraft] = useState(() => draftOf(line, day.zone))
  const saved = JSON.stringify(line.timing)
  const [draftIsOf, setDraftIsOf] = useState(saved)
  if (draftIsOf !== saved) {
    setDraftIsOf(saved)
    setDraft(draftOf(line, day.zone))
  }
  const set = (change: Partial<Draft>): void => setDraft({ ...draft, ...change })
  const wanted = timingOf(draft, day.broadcastDate, day.zone)
  // A time shown without its milliseconds is the same time as long as nobody types.
  const untouched = JSON.stringify(draft) === JSON.stringify(draftOf(line, day.zone))
  const save = (): void => {
    if (wanted !== null && !untouched && JSON.stringify(wanted) !== saved) void updateLine(line, { timing: wanted }).catch(showError)
  }
  const seconds = (label: string, value: number, change: (seconds: number) => Partial<Draft>, testId: string) => (
    <NumberInput label={label} size="xs" w={96} min={0} max={3600} suffix=" s" value={value} disabled={!open} hideControls onChange={(typed) => typeof typed === 'number' && set(change(typed))} data-testid={testId} />
  )
  return (
    <div className="log-timing">
      <Group gap={6} align="end">
        <NativeSelect label={t('log.add.kind')} size="xs" w={150} disabled={!open} value={draft.kind} data={timingKinds.map((kind) => ({ value: kind, label: t(`log.timing.${kind}`) }))} data-testid="log-timing-kind"
          onChange={(event) => set({ kind: timingKinds.find((kind) => kind === event.currentTarget.value) ?? 'follow' })} />
        {draft.kind !== 'follow' && <HardTimeField label={t(draft.kind === 'backtimed' ? 'log.endTime' : 'log.hardTime')} value={draft.time} date={day.broadcastDate} zone={day.zone} disabled={!open} onChange={(time) => set({ time })} onEnter={save} testId="log-line-time" />}
      </Group>
      <Group gap={6} align="end">
        {draft.kind === 'soft' && seconds(t('log.timing.early'), draft.earlySeconds, (earlySeconds) => ({ earlySeconds }), 'log-timing-early')}
        {draft.kind === 'soft' && seconds(t('log.timing.late'), draft.lateSeconds, (lateSeconds) => ({ lateSeconds }), 'log-timing-late')}
        {draft.kind === 'soft' && (
          <NativeSelect label={t('log.timing.prefer')} size="xs" w={116} disabled={!open} value={draft.prefer} data={softPreferences.map((prefer) => ({ value: prefer, label: t(`log.prefer.${prefer}`) }))} data-testid="log-timing-prefer"
            onChange={(event) => set({ prefer: softPreferences.find((prefer) => prefer === event.currentTarget.value) ?? 'closest' })} />
        )}
        {(draft.kind === 'hard' || draft.kind === 'soft' || draft.kind === 'backtimed') && (
          <NativeSelect label={t('log.timing.onReach')} size="xs" w={176} disabled={!open} value={draft.reach} data={onReachKinds.map((kind) => ({ value: kind, label: t(`log.onReach.${kind}`) }))} data-testid="log-timing-reach"
            onChange={(event) => set({ reach: onReachKinds.find((kind) => kind === event.currentTarget.value) ?? 'cut' })} />
        )}
        {draft.reach === 'waitUpTo' && (draft.kind === 'hard' || draft.kind === 'soft' || draft.kind === 'backtimed') && seconds(t('log.timing.grace'), draft.graceSeconds, (graceSeconds) => ({ graceSeconds }), 'log-timing-grace')}
        {draft.kind === 'backtimed' && (
          <NativeSelect label={t('log.timing.onLate')} size="xs" w={150} disabled={!open} value={draft.onLate} data={onLateKinds.map((kind) => ({ value: kind, label: t(`log.onLate.${kind}`) }))} data-testid="log-timing-on-late"
            onChange={(event) => set({ onLate: onLateKinds.find((kind) => kind === event.currentTarget.value) ?? 'join' })} />
        )}
        <Button size="xs" disabled={!open || wanted === null || untouched} onClick={save} data-testid="log-line-save">{t('log.line.save')}</Button>
      </Group>
    </div>
  )
}
