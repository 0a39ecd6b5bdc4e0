import { ActionIcon, Button } from '@mantine/core'
import { IconPlus, IconTrash } from '@tabler/icons-react'
import type { PlanSession } from '#contract/planning.ts'
import { useT } from '../../../i18n/index.ts'
import { ChoiceField, ClockField, CountField, LengthField, NameField, PartSelect } from '../fields.tsx'
import { useParts } from '../plan-context.ts'
import { UnitsField } from './units-field.tsx'

const overruns = ['finish', 'cut'] as const
const underruns = ['close', 'fill'] as const

/** Sessions of a day: when, how long, by which clock, for whom, and what happens when they are too long or too short. */
export function SessionRows(props: { sessions: readonly PlanSession[]; disabled: boolean; onChange: (make: (sessions: readonly PlanSession[]) => readonly PlanSession[]) => void }) {
  const t = useT()
  const [clocks, categories] = [useParts('clock'), useParts('category')]
  const { sessions, disabled, onChange } = props
  const set = (id: string, next: Partial<PlanSession>): void => onChange((now) => now.map((one) => (one.id === id ? { ...one, ...next } : one)).toSorted((a, b) => a.startsAtSec - b.startsAtSec))
  const first = clocks[0]
  const add = (): void => {
    if (first === undefined) return
    onChange((now) => [...now, { id: crypto.randomUUID().slice(0, 13), title: t('planning.clocks.newSession', { number: now.length + 1 }), startsAtSec: Math.min(86_399, (now.at(-1)?.startsAtSec ?? 57_600) + 3600), lengthSec: 1800, clockId: first.id, onOverrun: 'finish', maxOverrunSec: 60, onUnderrun: 'close', fillCategoryId: null, targetUnitIds: [] }])
  }
  return (
    <>
      {sessions.length === 0 && <span className="dim">{t('planning.clocks.noSessions')}</span>}
      <ol className="plan-positions">
        {sessions.map((session) => {
          const name = (field: string): string => `${session.title}: ${field}`
          return (
            <li key={session.id} data-testid="session">
              <div className="plan-position">
                <div className="plan-line">
                  <ClockField ariaLabel={name(t('planning.clocks.start'))} seconds={session.startsAtSec} disabled={disabled} onKeep={(startsAtSec) => set(session.id, { startsAtSec })} testId="session-start" />
                  <NameField label="" ariaLabel={name(t('planning.name'))} value={session.title} disabled={disabled} onKeep={(title) => set(session.id, { title })} />
                  <LengthField ariaLabel={name(t('planning.clocks.length'))} seconds={session.lengthSec} disabled={disabled} onKeep={(lengthSec) => lengthSec !== null && lengthSec >= 10 && set(session.id, { lengthSec })} testId="session-length" />
                  <PartSelect ariaLabel={name(t('planning.clocks.clock'))} value={session.clockId} parts={clocks} disabled={disabled} onKeep={(clockId) => clockId !== null && set(session.id, { clockId })} />
                </div>
                <div className="plan-line plan-fine">
                  <ChoiceField label={t('planning.clocks.onOverrun')} width={112} value={session.onOverrun} disabled={disabled} choices={overruns.map((value) => ({ value, label: t(`planning.clocks.overruns.${value}`) }))} onKeep={(onOverrun) => set(session.id, { onOverrun })} />
                  <CountField label={t('planning.clocks.maxOverrun')} width={140} min={0} max={3600} value={session.maxOverrunSec} disabled={disabled || session.onOverrun === 'cut'} onKeep={(maxOverrunSec) => maxOverrunSec !== null && set(session.id, { maxOverrunSec })} />
                  <ChoiceField label={t('planning.clocks.onUnderrun')} width={122} value={session.onUnderrun} disabled={disabled} choices={underruns.map((value) => ({ value, label: t(`planning.clocks.underruns.${value}`) }))} onKeep={(onUnderrun) => set(session.id, { onUnderrun })} />
                  <PartSelect label={t('planning.clocks.fillBy')} width={150} value={session.fillCategoryId} parts={categories} nothing={t('planning.none')} disabled={disabled || session.onUnderrun === 'close'} onKeep={(fillCategoryId) => set(session.id, { fillCategoryId })} />
                  <UnitsField label={t('planning.clocks.targets')} value={session.targetUnitIds} disabled={disabled} onKeep={(targetUnitIds) => set(session.id, { targetUnitIds })} />
                </div>
              </div>
              {!disabled && <span className="plan-tools"><ActionIcon variant="subtle" color="gray" size="sm" aria-label={t('planning.removeNamed', { title: session.title })} onClick={() => onChange((now) => now.filter(({ id }) => id !== session.id))}><IconTrash size={14} aria-hidden /></ActionIcon></span>}
            </li>
          )
        })}
      </ol>
      {!disabled && <Button size="compact-xs" variant="default" className="plan-add" leftSection={<IconPlus size={13} aria-hidden />} disabled={first === undefined} onClick={add} data-testid="add-session">{t('planning.clocks.addSession')}</Button>}
    </>
  )
}
