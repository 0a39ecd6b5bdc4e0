import { useT } from '../../../i18n/index.ts'
import { EmptyNote, Panel } from '../../../ui/index.ts'
import { showError } from '../../../app/errors/index.ts'
import { createPart, removePart } from '../changes.ts'
import { PartList } from '../fields.tsx'
import { usePlan, useParts } from '../plan-context.ts'
import { choosePart, usePlanning } from '../planning-store.ts'
import { clockOfDay } from '../texts.ts'
import { CategoryForm } from './category-form.tsx'
import { ClockForm } from './clock-form.tsx'
import { TemplateForm } from './template-form.tsx'

/** Clocks, day templates and the categories they choose from. */
export function ClocksView() {
  const t = useT()
  const { mayWrite } = usePlan()
  const [clocks, templates, categories] = [useParts('clock'), useParts('template'), useParts('category')]
  const chosen = usePlanning((state) => state.chosen.clocks)
  const choose = (id: string): void => choosePart('clocks', id)
  const add = (make: () => ReturnType<typeof createPart>): void => void make().then(({ id }) => choose(id), showError)
  const remove = mayWrite ? (id: string): void => void removePart({ id }).catch(showError) : undefined
  const clock = clocks.find(({ id }) => id === chosen)
  const template = templates.find(({ id }) => id === chosen)
  const category = categories.find(({ id }) => id === chosen)
  return (
    <div className="planning-parts">
      <Panel flush>
        <PartList title={t('planning.clocks.list')} testId="clock-list" chosen={chosen} onChoose={choose} onRemove={remove} addLabel={t('planning.clocks.newClock')} parts={clocks.map(({ id, content }) => ({ id, title: content.title, note: String(content.positions.length) }))}
          onAdd={mayWrite ? () => add(() => createPart({ kind: 'clock', content: { title: t('planning.clocks.newClock'), positions: [] } })) : undefined} />
        <PartList title={t('planning.clocks.templates')} testId="template-list" chosen={chosen} onChoose={choose} onRemove={remove} addLabel={t('planning.clocks.newTemplate')} parts={templates.map(({ id, content }) => ({ id, title: content.title, note: content.sessions.map(({ startsAtSec }) => clockOfDay(startsAtSec)).slice(0, 3).join(' ') }))}
          onAdd={mayWrite ? () => add(() => createPart({ kind: 'template', content: { title: t('planning.clocks.newTemplate'), sessions: [] } })) : undefined} />
        <PartList title={t('planning.clocks.categories')} testId="category-list" chosen={chosen} onChoose={choose} onRemove={remove} addLabel={t('planning.clocks.newCategory')} parts={categories.map(({ id, content }) => ({ id, title: content.title, note: t(`planning.clocks.rotations.${content.rotation}`) }))}
          onAdd={mayWrite ? () => add(() => createPart({ kind: 'category', content: { title: t('planning.clocks.newCategory'), kinds: [], tags: [], notTags: [], rotation: 'order', separationMin: 0, weights: [] } })) : undefined} />
      </Panel>
      {clock !== undefined ? <ClockForm key={clock.id} clock={clock} /> : template !== undefined ? <TemplateForm key={template.id} template={template} /> : category !== undefined ? <CategoryForm key={category.id} category={category} /> : <Panel><EmptyNote>{t('planning.clocks.choose')}</EmptyNote></Panel>}
    </div>
  )
}
