import { ActionIcon, Button, Group } from '@mantine/core'
import { IconPlus, IconTrash } from '@tabler/icons-react'
import { exceptionKinds } from '#common/planning/index.ts'
import { useT } from '../../../i18n/index.ts'
import { broadcastDateText } from '../../../i18n/formats.ts'
import { EmptyNote, Panel } from '../../../ui/index.ts'
import { showError } from '../../../app/errors/index.ts'
import { changePart, createPart, removePart } from '../changes.ts'
import { ChoiceField, DateField, KindsField, NameField, PartList, PartSelect, Row, TagField } from '../fields.tsx'
import { usePlan, useParts } from '../plan-context.ts'
import { choosePart, usePlanning } from '../planning-store.ts'
import type { PartOf } from '../planning-store.ts'
import { SessionRows } from './session-rows.tsx'

/** Days that are not like others: holidays, mourning, storm season. */
export function ExceptionsView() {
  const t = useT()
  const { mayWrite, week } = usePlan()
  const exceptions = useParts('exception')
  const chosen = usePlanning((state) => state.chosen.exceptions)
  const exception = exceptions.find(({ id }) => id === chosen)
  const add = (): void => void createPart({ kind: 'exception', content: { title: t('planning.exceptions.new'), kind: 'holiday', fromDate: week.today, toDate: week.today, templateId: null, replace: [], barKinds: [], barTags: [], allowTags: [], extra: [] } })
    .then(({ id }) => choosePart('exceptions', id), showError)
  return (
    <div className="planning-parts">
      <Panel flush>
        <PartList title={t('planning.exceptions.list')} testId="exception-list" chosen={chosen} onChoose={(id) => choosePart('exceptions', id)} onRemove={mayWrite ? (id) => void removePart({ id }).catch(showError) : undefined} addLabel={t('planning.exceptions.new')} onAdd={mayWrite ? add : undefined}
          parts={exceptions.toSorted((a, b) => (a.content.fromDate < b.content.fromDate ? -1 : 1)).map(({ id, content }) => ({ id, title: content.title, note: broadcastDateText(content.fromDate).slice(0, 5) }))} />
      </Panel>
      {exception === undefined ? <Panel><EmptyNote>{t('planning.exceptions.choose')}</EmptyNote></Panel> : <ExceptionForm key={exception.id} exception={exception} />}
    </div>
  )
}

function ExceptionForm(props: { exception: PartOf<'exception'> }) {
  const t = useT()
  const { mayWrite } = usePlan()
  const [templates, categories] = [useParts('template'), useParts('category')]
  const { id, content } = props.exception
  const disabled = !mayWrite
  const set = (next: Partial<typeof content>): void => void changePart('exception', id, (now) => ({ ...now, ...next })).catch(showError)
  const swap = (index: number, next: Partial<(typeof content.replace)[number]>): void => set({ replace: content.replace.map((one, at) => (at === index ? { ...one, ...next } : one)) })
  return (
    <Panel title={content.title} data-testid="exception-form">
      <div className="plan-facts">
        <Row>
          <NameField label={t('planning.name')} value={content.title} disabled={disabled} onKeep={(title) => set({ title })} testId="exception-name" />
          <ChoiceField label={t('planning.exceptions.kind')} width={140} value={content.kind} disabled={disabled} choices={exceptionKinds.map((value) => ({ value, label: t(`planning.exceptions.kinds.${value}`) }))} onKeep={(kind) => set({ kind })} testId="exception-kind" />
          <DateField label={t('planning.exceptions.from')} value={content.fromDate} disabled={disabled} onKeep={(fromDate) => set({ fromDate, toDate: fromDate > content.toDate ? fromDate : content.toDate })} testId="exception-from" />
          <DateField label={t('planning.exceptions.to')} value={content.toDate} disabled={disabled} onKeep={(toDate) => set({ toDate, fromDate: toDate < content.fromDate ? toDate : content.fromDate })} testId="exception-to" />
          <PartSelect label={t('planning.exceptions.template')} width={190} value={content.templateId} parts={templates} nothing={t('planning.exceptions.sameTemplate')} disabled={disabled} onKeep={(templateId) => set({ templateId })} />
        </Row>
        <fieldset className="plan-set">
          <legend>{t('planning.exceptions.replace')}</legend>
          {content.replace.map((one, index) => (
            <Group key={one.categoryId} gap={8} wrap="nowrap">
              <PartSelect ariaLabel={t('planning.exceptions.replace')} value={one.categoryId} parts={categories} disabled={disabled} onKeep={(categoryId) => categoryId !== null && swap(index, { categoryId })} />
              <span className="dim">{t('planning.exceptions.by')}</span>
              <PartSelect ariaLabel={t('planning.exceptions.by')} value={one.byCategoryId} parts={categories} nothing={t('planning.exceptions.byNothing')} disabled={disabled} onKeep={(byCategoryId) => swap(index, { byCategoryId })} />
              {!disabled && <ActionIcon variant="subtle" color="gray" size="sm" aria-label={t('planning.remove')} onClick={() => set({ replace: content.replace.filter((_, at) => at !== index) })}><IconTrash size={14} aria-hidden /></ActionIcon>}
            </Group>
          ))}
          {!disabled && <Button size="compact-xs" variant="default" className="plan-add" leftSection={<IconPlus size={13} aria-hidden />} disabled={categories.every((category) => content.replace.some(({ categoryId }) => categoryId === category.id))}
            onClick={() => {
              const free = categories.find((category) => !content.replace.some(({ categoryId }) => categoryId === category.id))
              if (free !== undefined) set({ replace: [...content.replace, { categoryId: free.id, byCategoryId: null }] })
            }}>{t('planning.exceptions.addReplace')}</Button>}
        </fieldset>
        <Row>
          <div className="plan-third"><KindsField label={t('planning.exceptions.barKinds')} value={content.barKinds} disabled={disabled} onKeep={(barKinds) => set({ barKinds })} /></div>
          <div className="plan-third"><TagField label={t('planning.exceptions.barTags')} value={content.barTags} disabled={disabled} onKeep={(barTags) => set({ barTags })} /></div>
          <div className="plan-third"><TagField label={t('planning.exceptions.allowTags')} value={content.allowTags} disabled={disabled} onKeep={(allowTags) => set({ allowTags })} /></div>
        </Row>
        <fieldset className="plan-set">
          <legend>{t('planning.exceptions.extra')}</legend>
          <SessionRows sessions={content.extra} disabled={disabled} onChange={(make) => void changePart('exception', id, (now) => ({ ...now, extra: make(now.extra) })).catch(showError)} />
        </fieldset>
      </div>
    </Panel>
  )
}
