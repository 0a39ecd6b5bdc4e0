import { ActionIcon, Button, Group } from '@mantine/core'
import { IconPlus, IconTrash } from '@tabler/icons-react'
import { belongsTo, rotations } from '#common/planning/index.ts'
import { useT } from '../../../i18n/index.ts'
import { Panel } from '../../../ui/index.ts'
import { showError } from '../../../app/errors/index.ts'
import { useStationQuery } from '../../../app/station-client/index.ts'
import { changePart } from '../changes.ts'
import { ChoiceField, CountField, KeptText, KindsField, NameField, Row, TagField } from '../fields.tsx'
import { usePlan } from '../plan-context.ts'
import type { PartOf } from '../planning-store.ts'

/** A shelf to choose from, and how: what belongs to it, whose turn it is, how far apart. */
export function CategoryForm(props: { category: PartOf<'category'> }) {
  const t = useT()
  const { mayWrite } = usePlan()
  const { id, content } = props.category
  const disabled = !mayWrite
  const library = useStationQuery('library.list', { states: ['approved'], limit: 500 }, { events: ['library.changed'] })
  const set = (next: Partial<typeof content>): void => void changePart('category', id, (now) => ({ ...now, ...next })).catch(showError)
  const matching = (library.data?.items ?? []).filter((item) => belongsTo(item, content))
  return (
    <Panel title={content.title} data-testid="category-form" aside={<span className="dim" data-testid="category-matching">{t('planning.clocks.matching', { count: matching.length })}</span>}>
      <div className="plan-facts">
        <NameField label={t('planning.name')} value={content.title} disabled={disabled} onKeep={(title) => set({ title })} />
        <KindsField label={t('planning.clocks.itemKinds')} value={content.kinds} placeholder={t('planning.clocks.anyKind')} disabled={disabled} onKeep={(kinds) => set({ kinds })} />
        <TagField label={t('planning.clocks.tags')} value={content.tags} placeholder={t('planning.clocks.anyTag')} disabled={disabled} onKeep={(tags) => set({ tags })} />
        <TagField label={t('planning.clocks.notTags')} value={content.notTags} disabled={disabled} onKeep={(notTags) => set({ notTags })} />
        <Row>
          <ChoiceField label={t('planning.clocks.rotation')} width={180} value={content.rotation} disabled={disabled} choices={rotations.map((value) => ({ value, label: t(`planning.clocks.rotations.${value}`) }))} onKeep={(rotation) => set({ rotation })} />
          <CountField label={t('planning.clocks.separation')} width={150} min={0} max={525_600} value={content.separationMin} disabled={disabled} onKeep={(separationMin) => separationMin !== null && set({ separationMin })} />
        </Row>
        {content.rotation === 'weight' && (
          <fieldset className="plan-set">
            <legend>{t('planning.clocks.weights')}</legend>
            {content.weights.map((weight, index) => (
              <Group key={index} gap={6} wrap="nowrap">
                <KeptText ariaLabel={t('planning.clocks.tag')} value={weight.tag} read={(text) => (text.trim() === '' ? t('planning.clocks.tag') : null)} disabled={disabled} onKeep={(tag) => set({ weights: content.weights.map((one, at) => (at === index ? { ...one, tag: tag.trim() } : one)) })} />
                <CountField ariaLabel={t('planning.clocks.weight')} width={80} min={1} max={100} value={weight.weight} disabled={disabled} onKeep={(value) => value !== null && set({ weights: content.weights.map((one, at) => (at === index ? { ...one, weight: value } : one)) })} />
                {!disabled && <ActionIcon variant="subtle" color="gray" size="sm" aria-label={t('planning.removeNamed', { title: weight.tag })} onClick={() => set({ weights: content.weights.filter((_, at) => at !== index) })}><IconTrash size={14} aria-hidden /></ActionIcon>}
              </Group>
            ))}
            {!disabled && <Button size="compact-xs" variant="default" leftSection={<IconPlus size={13} aria-hidden />} onClick={() => set({ weights: [...content.weights, { tag: content.tags[0] ?? t('planning.clocks.tag'), weight: 2 }] })}>{t('planning.clocks.addWeight')}</Button>}
          </fieldset>
        )}
        {matching.length > 0 && <ul className="plan-sessions">{matching.slice(0, 12).map((item) => <li key={item.id}>{item.title}</li>)}</ul>}
      </div>
    </Panel>
  )
}
