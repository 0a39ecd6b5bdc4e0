import { ActionIcon, Checkbox, Group, Table } from '@mantine/core'
import { IconTrash } from '@tabler/icons-react'
import { addDays } from '#common/timing/zone.ts'
import { useT } from '../../../i18n/index.ts'
import { EmptyNote, Panel, StateBadge } from '../../../ui/index.ts'
import { showError } from '../../../app/errors/index.ts'
import { useStationQuery } from '../../../app/station-client/index.ts'
import { changePart, createPart, removePart } from '../changes.ts'
import { CountField, DateField, KeptText, NameField, PartList, Row, TagField, WeekdaysField } from '../fields.tsx'
import { usePlan, useParts } from '../plan-context.ts'
import { choosePart, usePlanning } from '../planning-store.ts'
import type { PartOf } from '../planning-store.ts'
import { weekdayShorts } from '../texts.ts'
import { ItemSelect } from './item-select.tsx'

/** Weekly columns and campaigns, with what the week shown has of them. */
export function ColumnsView() {
  const t = useT()
  const { mayWrite, week } = usePlan()
  const [columns, campaigns] = [useParts('column'), useParts('campaign')]
  const chosen = usePlanning((state) => state.chosen.columns)
  const choose = (id: string): void => choosePart('columns', id)
  const add = (make: () => ReturnType<typeof createPart>): void => void make().then(({ id }) => choose(id), showError)
  const remove = mayWrite ? (id: string): void => void removePart({ id }).catch(showError) : undefined
  const column = columns.find(({ id }) => id === chosen)
  const campaign = campaigns.find(({ id }) => id === chosen)
  return (
    <div className="planning-parts">
      <Panel flush>
        <PartList title={t('planning.columns.list')} testId="column-list" chosen={chosen} onChoose={choose} onRemove={remove} addLabel={t('planning.columns.new')}
          parts={columns.map(({ id, content }) => {
            const state = week.columns.find(({ columnId }) => columnId === id)
            return { id, title: content.title, note: `${(state?.aired ?? 0) + (state?.planned ?? 0)}/${content.perWeek}` }
          })}
          onAdd={mayWrite ? () => add(() => createPart({ kind: 'column', content: { title: t('planning.columns.new'), tags: [t('planning.columns.new').toLowerCase()], perWeek: 1, allowRepeat: true, freshDays: 14 } })) : undefined} />
        <PartList title={t('planning.columns.campaigns')} testId="campaign-list" chosen={chosen} onChoose={choose} onRemove={remove} addLabel={t('planning.columns.newCampaign')} parts={campaigns.map(({ id, content }) => ({ id, title: content.title, note: String(content.minPerDay) }))}
          onAdd={mayWrite ? () => add(() => createPart({ kind: 'campaign', content: { title: t('planning.columns.newCampaign'), theme: '', fromDate: week.today, toDate: addDays(week.today, 30), weekdays: [1, 2, 3, 4, 5, 6, 7], itemIds: [], tags: [], minPerDay: 2, separationMin: 60 } })) : undefined} />
      </Panel>
      {column !== undefined ? <ColumnForm key={column.id} column={column} /> : campaign !== undefined ? <CampaignForm key={campaign.id} campaign={campaign} /> : <Panel><EmptyNote>{t('planning.columns.choose')}</EmptyNote></Panel>}
    </div>
  )
}

function ColumnForm(props: { column: PartOf<'column'> }) {
  const t = useT()
  const { mayWrite, week } = usePlan()
  const { id, content } = props.column
  const set = (next: Partial<typeof content>): void => void changePart('column', id, (now) => ({ ...now, ...next })).catch(showError)
  const state = week.columns.find(({ columnId }) => columnId === id)
  return (
    <Panel title={content.title} data-testid="column-form">
      <div className="plan-facts">
        <NameField label={t('planning.name')} value={content.title} disabled={!mayWrite} onKeep={(title) => set({ title })} testId="column-name" />
        <TagField label={t('planning.columns.tags')} value={content.tags} disabled={!mayWrite} onKeep={(tags) => tags.length > 0 && set({ tags })} />
        <Row>
          <CountField label={t('planning.columns.perWeek')} width={120} min={0} max={50} value={content.perWeek} disabled={!mayWrite} onKeep={(perWeek) => perWeek !== null && set({ perWeek })} testId="column-per-week" />
          <CountField label={t('planning.columns.freshDays')} width={150} min={1} max={366} value={content.freshDays} disabled={!mayWrite} onKeep={(freshDays) => freshDays !== null && set({ freshDays })} />
        </Row>
        <Checkbox size="xs" label={t('planning.columns.allowRepeat')} checked={content.allowRepeat} disabled={!mayWrite} onChange={(event) => set({ allowRepeat: event.currentTarget.checked })} />
        {state !== undefined && <StateBadge tone={state.missing === 0 ? 'ok' : 'warn'}>{t('planning.missing.column', { title: t('planning.columns.thisWeek'), have: state.aired + state.planned, want: state.perWeek })}{state.ready === null ? '' : `, ${t('planning.missing.ready', { title: state.ready.title })}`}</StateBadge>}
      </div>
    </Panel>
  )
}

function CampaignForm(props: { campaign: PartOf<'campaign'> }) {
  const t = useT()
  const { mayWrite, week } = usePlan()
  const { id, content } = props.campaign
  const disabled = !mayWrite
  const library = useStationQuery('library.list', { limit: 500 }, { events: ['library.changed'] })
  const set = (next: Partial<typeof content>): void => void changePart('campaign', id, (now) => ({ ...now, ...next })).catch(showError)
  const state = week.campaigns.find(({ campaignId }) => campaignId === id)
  const titleOf = (itemId: string): string => library.data?.items.find((item) => item.id === itemId)?.title ?? itemId
  return (
    <Panel title={content.title} data-testid="campaign-form">
      <div className="plan-facts">
        <NameField label={t('planning.name')} value={content.title} disabled={disabled} onKeep={(title) => set({ title })} testId="campaign-name" />
        <KeptText label={t('planning.columns.theme')} value={content.theme} read={() => null} disabled={disabled} onKeep={(theme) => set({ theme })} />
        <Row>
          <DateField label={t('planning.columns.from')} value={content.fromDate} disabled={disabled} onKeep={(fromDate) => set({ fromDate, toDate: fromDate > content.toDate ? fromDate : content.toDate })} />
          <DateField label={t('planning.columns.to')} value={content.toDate} disabled={disabled} onKeep={(toDate) => set({ toDate, fromDate: toDate < content.fromDate ? toDate : content.fromDate })} />
          <CountField label={t('planning.columns.minPerDay')} width={170} min={0} max={48} value={content.minPerDay} disabled={disabled} onKeep={(minPerDay) => minPerDay !== null && set({ minPerDay })} testId="campaign-min" />
          <CountField label={t('planning.columns.separation')} width={130} min={0} max={525_600} value={content.separationMin} disabled={disabled} onKeep={(separationMin) => separationMin !== null && set({ separationMin })} />
        </Row>
        <WeekdaysField label={t('planning.columns.weekdays')} value={content.weekdays} disabled={disabled} onKeep={(weekdays) => set({ weekdays })} />
        <fieldset className="plan-set">
          <legend>{t('planning.columns.items')}</legend>
          <ul className="plan-sessions">
            {content.itemIds.map((itemId) => <li key={itemId}><Group gap={6} wrap="nowrap"><span>{titleOf(itemId)}</span>{!disabled && <ActionIcon variant="subtle" color="gray" size="sm" aria-label={t('planning.removeNamed', { title: titleOf(itemId) })} onClick={() => set({ itemIds: content.itemIds.filter((one) => one !== itemId) })}><IconTrash size={14} aria-hidden /></ActionIcon>}</Group></li>)}
          </ul>
          {!disabled && <ItemSelect key={content.itemIds.length} ariaLabel={t('planning.columns.items')} itemId={null} onChoose={(itemId) => set({ itemIds: [...new Set([...content.itemIds, itemId])] })} />}
        </fieldset>
        <TagField label={t('planning.columns.campaignTags')} value={content.tags} disabled={disabled} onKeep={(tags) => set({ tags })} />
        {state !== undefined && (
          <Table aria-label={t('planning.columns.thisWeek')}>
            <Table.Thead><Table.Tr>{weekdayShorts(t).map((name) => <Table.Th key={name}>{name}</Table.Th>)}</Table.Tr></Table.Thead>
            <Table.Tbody><Table.Tr>{state.days.map((day) => <Table.Td key={day.date}>{day.isCampaignDay ? <StateBadge tone={day.plays >= state.minPerDay ? 'ok' : 'warn'}>{t('planning.columns.plays', { count: day.plays })}</StateBadge> : t('planning.columns.notCampaignDay')}</Table.Td>)}</Table.Tr></Table.Tbody>
          </Table>
        )}
      </div>
    </Panel>
  )
}
