import { ActionIcon, Button, Checkbox, Group, Table } from '@mantine/core'
import { IconPlus, IconTrash } from '@tabler/icons-react'
import type { z } from 'zod'
import type { DaySpan } from '#contract/planning.ts'
import { shippedQuota } from '#common/planning/index.ts'
import { useT } from '../../../i18n/index.ts'
import { EmptyNote, Panel } from '../../../ui/index.ts'
import { showError } from '../../../app/errors/index.ts'
import { changePart, createPart, gridOf, removePart } from '../changes.ts'
import { ClockField, CountField, NameField, PartList, PartSelect, Row, TagField, WeekdaysField } from '../fields.tsx'
import { usePlan, useParts } from '../plan-context.ts'
import { choosePart, usePlanning } from '../planning-store.ts'
import type { PartOf } from '../planning-store.ts'

/** Hours and days a unit may be on air, who obeys what, and the quotas of each year. An approver changes them. */
export function RulesView() {
  const t = useT()
  const { mayRule, week, units } = usePlan()
  const [profiles, quotas] = [useParts('profile'), useParts('quota')]
  const chosen = usePlanning((state) => state.chosen.rules)
  const profile = profiles.find(({ id }) => id === chosen)
  const quota = quotas.find(({ id }) => id === chosen)
  const choose = (id: string): void => choosePart('rules', id)
  const remove = mayRule ? (id: string): void => void removePart({ id }).catch(showError) : undefined
  const nextYear = Math.max(Number(week.today.slice(0, 4)) - 1, ...quotas.filter(({ content }) => content.unitId === null).map(({ content }) => content.year)) + 1
  const unitName = (unitId: string | null): string => (unitId === null ? t('planning.grid.station') : (units.find(({ id }) => id === unitId)?.name ?? unitId))
  return (
    <div className="planning-parts">
      <Panel flush>
        <PartList title={t('planning.rules.profiles')} testId="profile-list" chosen={chosen} onChoose={choose} onRemove={remove} addLabel={t('planning.rules.newProfile')} parts={profiles.map(({ id, content }) => ({ id, title: content.title }))}
          onAdd={mayRule ? () => void createPart({ kind: 'profile', content: { title: t('planning.rules.newProfile'), profile: { windows: [], weekdays: [1, 2, 3, 4, 5, 6, 7], maxMinutesPerSession: null, includesRelay: true, maxSessionsPerDay: null, quiet: [{ fromMin: 1260, toMin: 300 }], exemptKinds: [] } } }).then(({ id }) => choose(id), showError) : undefined} />
        <PartList title={t('planning.rules.quotas')} testId="quota-list" chosen={chosen} onChoose={choose} onRemove={remove} addLabel={t('planning.rules.newQuota', { year: String(nextYear) })} parts={quotas.map(({ id, content }) => ({ id, title: content.title, note: `${content.year} ${content.unitId === null ? '' : unitName(content.unitId)}`.trim() }))}
          onAdd={mayRule ? () => void createPart({ kind: 'quota', content: { title: t('planning.rules.now', { year: String(nextYear) }), year: nextYear, ...shippedQuota } }).then(({ id }) => choose(id), showError) : undefined} />
        <p className="plan-note dim">{mayRule ? t('planning.rules.effect') : t('planning.rules.approverOnly')}</p>
      </Panel>
      <div className="planning-rules">
        {profile !== undefined ? <ProfileForm key={profile.id} part={profile} /> : quota !== undefined ? <QuotaForm key={quota.id} part={quota} /> : <Panel><EmptyNote>{t('planning.rules.choose')}</EmptyNote></Panel>}
        <UnitRules />
      </div>
    </div>
  )
}

/** The station, and every unit that differs or may differ. */
function UnitRules() {
  const t = useT()
  const { units, mayRule } = usePlan()
  const [profiles, grids] = [useParts('profile'), useParts('grid')]
  const choose = async (unitId: string | null, profileId: string | null): Promise<void> => void (await changePart('grid', await gridOf(unitId), (now) => ({ ...now, profileId })))
  const profileOf = (unitId: string | null): string | null => grids.find(({ content }) => content.unitId === unitId)?.content.profileId ?? null
  return (
    <Panel flush title={t('planning.rules.units')} data-testid="unit-rules">
      <Table aria-label={t('planning.rules.units')}>
        <Table.Thead><Table.Tr><Table.Th>{t('planning.rules.unit')}</Table.Th><Table.Th>{t('planning.rules.profile')}</Table.Th></Table.Tr></Table.Thead>
        <Table.Tbody>
          {[{ id: null, name: t('planning.grid.station'), level: '' }, ...units.filter(({ level }) => !level.startsWith('thôn') && !level.startsWith('tổ'))].map(({ id, name }) => (
            <Table.Tr key={id ?? 'station'}><Table.Td>{name}</Table.Td><Table.Td><PartSelect ariaLabel={`${name}: ${t('planning.rules.profile')}`} value={profileOf(id)} parts={profiles} nothing={t(id === null ? 'planning.rules.noProfile' : 'planning.rules.inherit')} disabled={!mayRule} onKeep={(profileId) => void choose(id, profileId).catch(showError)} testId={`unit-rule-${id ?? 'station'}`} /></Table.Td></Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Panel>
  )
}

function ProfileForm(props: { part: PartOf<'profile'> }) {
  const t = useT()
  const { mayRule } = usePlan()
  const { id, content } = props.part
  const { profile } = content
  const disabled = !mayRule
  const set = (next: Partial<typeof profile>): void => void changePart('profile', id, (now) => ({ ...now, profile: { ...now.profile, ...next } })).catch(showError)
  return (
    <Panel title={content.title} data-testid="profile-form">
      <div className="plan-facts">
        <NameField label={t('planning.name')} value={content.title} disabled={disabled} onKeep={(title) => void changePart('profile', id, (now) => ({ ...now, title })).catch(showError)} />
        <Spans title={t('planning.rules.windows')} add={t('planning.rules.addWindow')} nothing={t('planning.rules.anyHour')} spans={profile.windows} disabled={disabled} onKeep={(windows) => set({ windows })} />
        <Spans title={t('planning.rules.quiet')} add={t('planning.rules.addQuiet')} nothing={t('planning.none')} spans={profile.quiet} disabled={disabled} onKeep={(quiet) => set({ quiet })} />
        <WeekdaysField label={t('planning.rules.weekdays')} value={profile.weekdays} disabled={disabled} onKeep={(weekdays) => set({ weekdays })} />
        <Row>
          <CountField label={t('planning.rules.maxMinutes')} width={190} min={1} max={1440} mayBeEmpty placeholder={t('planning.rules.unlimited')} value={profile.maxMinutesPerSession} disabled={disabled} onKeep={(maxMinutesPerSession) => set({ maxMinutesPerSession })} testId="profile-minutes" />
          <CountField label={t('planning.rules.maxSessions')} width={190} min={1} max={24} mayBeEmpty placeholder={t('planning.rules.unlimited')} value={profile.maxSessionsPerDay} disabled={disabled} onKeep={(maxSessionsPerDay) => set({ maxSessionsPerDay })} />
        </Row>
        <Checkbox size="xs" label={t('planning.rules.includesRelay')} checked={profile.includesRelay} disabled={disabled} onChange={(event) => set({ includesRelay: event.currentTarget.checked })} />
        <TagField label={t('planning.rules.exempt')} value={profile.exemptKinds} disabled={disabled} onKeep={(exemptKinds) => set({ exemptKinds })} />
      </div>
    </Panel>
  )
}

function Spans(props: { title: string; add: string; nothing: string; spans: readonly z.infer<typeof DaySpan>[]; disabled: boolean; onKeep: (spans: z.infer<typeof DaySpan>[]) => void }) {
  const t = useT()
  const { spans, disabled, onKeep } = props
  const set = (index: number, next: Partial<z.infer<typeof DaySpan>>): void => onKeep(spans.map((span, at) => (at === index ? { ...span, ...next } : span)))
  return (
    <fieldset className="plan-set">
      <legend>{props.title}</legend>
      {spans.length === 0 && <span className="dim">{props.nothing}</span>}
      {spans.map((span, index) => (
        <Group key={index} gap={6} wrap="nowrap">
          <span className="dim">{t('planning.rules.from')}</span>
          <ClockField ariaLabel={`${props.title} ${index + 1}: ${t('planning.rules.from')}`} seconds={(span.fromMin % 1440) * 60} disabled={disabled} onKeep={(seconds) => set(index, { fromMin: Math.floor(seconds / 60) })} />
          <span className="dim">{t('planning.rules.to')}</span>
          <ClockField ariaLabel={`${props.title} ${index + 1}: ${t('planning.rules.to')}`} seconds={(span.toMin % 1440) * 60} disabled={disabled} onKeep={(seconds) => set(index, { toMin: Math.floor(seconds / 60) })} />
          {!disabled && <ActionIcon variant="subtle" color="gray" size="sm" aria-label={t('planning.removeNamed', { title: `${props.title} ${index + 1}` })} onClick={() => onKeep(spans.filter((_, at) => at !== index))}><IconTrash size={14} aria-hidden /></ActionIcon>}
        </Group>
      ))}
      {!disabled && <Button size="compact-xs" variant="default" className="plan-add" leftSection={<IconPlus size={13} aria-hidden />} onClick={() => onKeep([...spans, { fromMin: 660, toMin: 720 }])}>{props.add}</Button>}
    </fieldset>
  )
}

function QuotaForm(props: { part: PartOf<'quota'> }) {
  const t = useT()
  const { mayRule, units } = usePlan()
  const { id, content } = props.part
  const disabled = !mayRule
  const set = (next: Partial<typeof content>): void => void changePart('quota', id, (now) => ({ ...now, ...next })).catch(showError)
  return (
    <Panel title={content.title} data-testid="quota-form">
      <div className="plan-facts">
        <NameField label={t('planning.name')} value={content.title} disabled={disabled} onKeep={(title) => set({ title })} />
        <Row>
          <CountField label={t('planning.rules.year')} width={90} min={2000} max={2200} value={content.year} disabled={disabled} onKeep={(year) => year !== null && set({ year })} />
          <PartSelect label={t('planning.rules.unit')} width={240} value={content.unitId} parts={units.map(({ id: unitId, name }) => ({ id: unitId, content: { title: name } }))} nothing={t('planning.grid.station')} disabled={disabled} onKeep={(unitId) => set({ unitId })} />
        </Row>
        <Row>
          <CountField label={t('planning.rules.essential')} width={180} min={0} max={100} value={content.essentialMinPct} disabled={disabled} onKeep={(essentialMinPct) => essentialMinPct !== null && set({ essentialMinPct })} testId="quota-essential-min" />
          <CountField label={t('planning.rules.firstRun')} width={210} min={0} max={100} value={content.firstRunMinPct} disabled={disabled} onKeep={(firstRunMinPct) => firstRunMinPct !== null && set({ firstRunMinPct })} />
          <CountField label={t('planning.rules.foreign')} width={190} min={0} max={100} value={content.foreignMaxPct} disabled={disabled} onKeep={(foreignMaxPct) => foreignMaxPct !== null && set({ foreignMaxPct })} />
        </Row>
        <Checkbox size="xs" label={t('planning.rules.relayInDomestic')} checked={content.relayInDomestic} disabled={disabled} onChange={(event) => set({ relayInDomestic: event.currentTarget.checked })} />
      </div>
    </Panel>
  )
}
