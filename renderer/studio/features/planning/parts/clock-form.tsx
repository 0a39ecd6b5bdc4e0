import { ActionIcon, Button, Checkbox, Group } from '@mantine/core'
import { IconArrowDown, IconArrowUp, IconPlus, IconTrash } from '@tabler/icons-react'
import type { PlanPosition } from '#contract/planning.ts'
import { origins, rotations } from '#common/planning/index.ts'
import { useT } from '../../../i18n/index.ts'
import { Panel } from '../../../ui/index.ts'
import { showError } from '../../../app/errors/index.ts'
import { changePart, createPart } from '../changes.ts'
import { ChoiceField, CountField, KeptText, LengthField, NameField, PartSelect } from '../fields.tsx'
import { ItemSelect } from './item-select.tsx'
import { usePlan, useParts } from '../plan-context.ts'
import { choosePart } from '../planning-store.ts'
import type { PartOf } from '../planning-store.ts'

const kinds = ['category', 'item', 'column', 'relay', 'fill'] as const
const transitions = ['play', 'segue', 'stop'] as const
const newId = (): string => crypto.randomUUID().slice(0, 13)

/** Positions of an hour clock in their order: what stands there, when, and how it is chosen. */
export function ClockForm(props: { clock: PartOf<'clock'> }) {
  const t = useT()
  const { mayWrite } = usePlan()
  const categories = useParts('category')
  const { id, content } = props.clock
  const change = (make: (positions: readonly PlanPosition[]) => readonly PlanPosition[]): void => void changePart('clock', id, (now) => ({ ...now, positions: make(now.positions) })).catch(showError)
  const set = (position: PlanPosition, next: Partial<PlanPosition>): void => change((positions) => positions.map((one) => (one.id === position.id ? ({ ...one, ...next } as PlanPosition) : one)))
  const move = (index: number, by: -1 | 1): void => change((positions) => {
    const next = [...positions]
    const [one] = next.splice(index, 1)
    if (one !== undefined) next.splice(index + by, 0, one)
    return next
  })
  const first = categories[0]
  const add = (): void => {
    if (first !== undefined) change((positions) => [...positions, { ...plain, id: newId(), title: t('planning.clocks.newPosition', { number: positions.length + 1 }), kind: 'category', categoryId: first.id, rotation: null, separationMin: null }])
  }
  return (
    <Panel title={t('planning.clocks.positions')} data-testid="clock-form" aside={mayWrite && <Group gap={6}>
      <Button size="compact-xs" variant="default" onClick={() => void createPart({ kind: 'clock', content: { ...content, title: t('planning.copyName', { title: content.title }) } }).then((made) => choosePart('clocks', made.id), showError)}>{t('planning.duplicate')}</Button>
      <Button size="compact-xs" leftSection={<IconPlus size={13} aria-hidden />} disabled={first === undefined} onClick={add} data-testid="add-position">{t('planning.clocks.addPosition')}</Button>
    </Group>}>
      <div className="plan-facts">
        <NameField label={t('planning.name')} value={content.title} disabled={!mayWrite} onKeep={(title) => void changePart('clock', id, (now) => ({ ...now, title })).catch(showError)} testId="clock-name" />
        {content.positions.length === 0 && <span className="dim">{t('planning.clocks.noPositions')}</span>}
        <ol className="plan-positions">
          {content.positions.map((position, index) => (
            <li key={position.id} data-testid="position" data-kind={position.kind}>
              <Position position={position} disabled={!mayWrite} onSet={(next) => set(position, next)} onKind={(kind) => change((positions) => positions.map((one) => (one.id === position.id ? asKind(one, kind, categories[0]?.id) : one)))} />
              {mayWrite && (
                <span className="plan-tools">
                  <ActionIcon variant="subtle" size="sm" disabled={index === 0} aria-label={t('planning.upNamed', { title: position.title })} onClick={() => move(index, -1)}><IconArrowUp size={14} aria-hidden /></ActionIcon>
                  <ActionIcon variant="subtle" size="sm" disabled={index === content.positions.length - 1} aria-label={t('planning.downNamed', { title: position.title })} onClick={() => move(index, 1)}><IconArrowDown size={14} aria-hidden /></ActionIcon>
                  <ActionIcon variant="subtle" color="gray" size="sm" aria-label={t('planning.removeNamed', { title: position.title })} onClick={() => change((positions) => positions.filter((one) => one.id !== position.id))}><IconTrash size={14} aria-hidden /></ActionIcon>
                </span>
              )}
            </li>
          ))}
        </ol>
      </div>
    </Panel>
  )
}

const plain = { atSec: null, protected: false, transition: 'play' } as const
/** The same place holding something else. */
function asKind({ id, title, atSec, protected: kept, transition }: PlanPosition, kind: PlanPosition['kind'], categoryId: string | undefined): PlanPosition {
  const base = { id, title, atSec, protected: kept, transition }
  if (kind === 'column') return { ...base, kind, columnId: null }
  if (kind === 'relay') return { ...base, kind, source: '', origin: 'tiep-song-tinh', essential: true, lengthSec: 900 }
  if (kind === 'item') return { ...base, kind, itemId: NO_ITEM }
  if (kind === 'fill') return { ...base, kind, categoryId: categoryId ?? NO_ITEM }
  return { ...base, kind, categoryId: categoryId ?? NO_ITEM, rotation: null, separationMin: null }
}
/** Stands for "not chosen yet": no item has this id. */
const NO_ITEM = '00000000000000000000000000'

function Position(props: { position: PlanPosition; disabled: boolean; onSet: (next: Partial<PlanPosition>) => void; onKind: (kind: PlanPosition['kind']) => void }) {
  const t = useT()
  const { position, disabled, onSet } = props
  const [categories, columns] = [useParts('category'), useParts('column')]
  const name = (field: string): string => `${position.title}: ${field}`
  return (
    <div className="plan-position">
      <div className="plan-line">
        <NameField label="" ariaLabel={name(t('planning.name'))} value={position.title} disabled={disabled} onKeep={(title) => onSet({ title })} />
        <ChoiceField ariaLabel={name(t('planning.clocks.kind'))} width={150} value={position.kind} disabled={disabled} choices={kinds.map((value) => ({ value, label: t(`planning.clocks.kinds.${value}`) }))} onKeep={props.onKind} testId="position-kind" />
        {(position.kind === 'category' || position.kind === 'fill') && <PartSelect ariaLabel={name(t('planning.clocks.what'))} value={position.categoryId} parts={categories} disabled={disabled} onKeep={(categoryId) => categoryId !== null && onSet({ categoryId })} />}
        {position.kind === 'column' && <PartSelect ariaLabel={name(t('planning.clocks.what'))} value={position.columnId} parts={columns} nothing={t('planning.clocks.anyColumn')} disabled={disabled} onKeep={(columnId) => onSet({ columnId })} />}
        {position.kind === 'item' && <ItemSelect ariaLabel={name(t('planning.clocks.what'))} itemId={position.itemId === NO_ITEM ? null : position.itemId} disabled={disabled} onChoose={(itemId) => onSet({ itemId })} />}
        {position.kind === 'relay' && <KeptText ariaLabel={name(t('planning.clocks.source'))} placeholder={t('planning.clocks.source')} value={position.source} read={() => null} disabled={disabled} onKeep={(source) => onSet({ source })} />}
      </div>
      <div className="plan-line plan-fine">
        <LengthField ariaLabel={name(t('planning.clocks.at'))} placeholder={t('planning.clocks.at')} seconds={position.atSec} mayBeEmpty disabled={disabled} onKeep={(atSec) => onSet({ atSec })} />
        <ChoiceField ariaLabel={name(t('planning.clocks.transition'))} width={104} value={position.transition} disabled={disabled} choices={transitions.map((value) => ({ value, label: t(`planning.clocks.transitions.${value}`) }))} onKeep={(transition) => onSet({ transition })} />
        {position.kind === 'category' && <>
          <ChoiceField ariaLabel={name(t('planning.clocks.rotation'))} width={176} value={position.rotation ?? 'category'} disabled={disabled} onKeep={(rotation) => onSet({ rotation: rotation === 'category' ? null : rotation })}
            choices={[{ value: 'category' as const, label: t('planning.clocks.rotationOfCategory', { rotation: t(`planning.clocks.rotations.${categories.find(({ id }) => id === position.categoryId)?.content.rotation ?? 'order'}`) }) }, ...rotations.map((value) => ({ value, label: t(`planning.clocks.rotations.${value}`) }))]} />
          <CountField ariaLabel={name(t('planning.clocks.separation'))} width={96} min={0} max={525_600} mayBeEmpty placeholder={t('planning.clocks.asCategory')} value={position.separationMin} disabled={disabled} onKeep={(separationMin) => onSet({ separationMin })} />
        </>}
        {position.kind === 'relay' && <>
          <LengthField ariaLabel={name(t('planning.clocks.length'))} seconds={position.lengthSec} disabled={disabled} onKeep={(lengthSec) => lengthSec !== null && lengthSec > 0 && onSet({ lengthSec })} />
          <ChoiceField ariaLabel={name(t('planning.clocks.origin'))} width={170} value={position.origin} disabled={disabled} choices={origins.map((value) => ({ value, label: t(`planning.quota.origins.${value}`) }))} onKeep={(origin) => onSet({ origin })} />
          <Checkbox size="xs" label={t('planning.clocks.essential')} checked={position.essential} disabled={disabled} onChange={(event) => onSet({ essential: event.currentTarget.checked })} />
        </>}
        <Checkbox size="xs" label={t('planning.clocks.protected')} checked={position.protected} disabled={disabled} onChange={(event) => onSet({ protected: event.currentTarget.checked })} />
      </div>
    </div>
  )
}
