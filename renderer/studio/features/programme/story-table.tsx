import { useEffect, useMemo, useRef, type CSSProperties, type KeyboardEvent } from 'react'
import { closestCenter, DndContext, KeyboardSensor, PointerSensor, useSensor, useSensors, type Announcements, type DragEndEvent } from '@dnd-kit/core'
import { SortableContext, sortableKeyboardCoordinates, useSortable, verticalListSortingStrategy } from '@dnd-kit/sortable'
import { IconGripVertical, IconPhoto, IconPhotoOff } from '@tabler/icons-react'
import { sumOf } from '#common/programme/index.ts'
import type { Bulletin, Story } from '#contract/programme.ts'
import { secondsOf } from '#common/units/samples.ts'
import { useT } from '../../i18n/index.ts'
import { lengthText } from '../../i18n/formats.ts'
import { StateBadge } from '../../ui/index.ts'
import { showError } from '../../app/errors/index.ts'
import { useMay } from '../../app/station-client/index.ts'
import { moveStory } from './changes.ts'
import { desk, showProgramme, useProgramme } from './programme-store.ts'
import { clockOf } from './times.ts'

const columns = ['place', 'start', 'title', 'sound', 'length', 'picture'] as const

/** Arrows choose, Alt with an arrow moves, Enter writes; the handle can be dragged, or lifted with Space and moved with arrows. */
export function StoryTable(props: { bulletin: Bulletin }) {
  const t = useT()
  const { bulletin } = props
  const { stories } = bulletin
  const storyId = useProgramme((view) => view.storyId)
  const mayWrite = useMay('recorder')
  const grid = useRef<HTMLDivElement>(null)
  const at = stories.findIndex(({ id }) => id === storyId)
  const sum = useMemo(() => sumOf(stories, bulletin.template, bulletin.pieces), [stories, bulletin.template, bulletin.pieces])
  const sensors = useSensors(useSensor(PointerSensor, { activationConstraint: { distance: 4 } }), useSensor(KeyboardSensor, { coordinateGetter: sortableKeyboardCoordinates }))
  useEffect(() => {
    desk.focusStories = () => grid.current?.focus()
    return () => {
      desk.focusStories = null
    }
  }, [])
  useEffect(() => {
    grid.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' })
  }, [storyId, stories])
  const choose = (index: number): void => showProgramme({ storyId: stories[Math.max(0, Math.min(stories.length - 1, index))]?.id ?? null })
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.target !== grid.current) return
    const target: Readonly<Record<string, number>> = { ArrowDown: at + 1, ArrowUp: at < 0 ? 0 : at - 1, Home: 0, End: stories.length - 1 }
    const next = target[event.code]
    if (next !== undefined) choose(next)
    else if (event.code === 'Enter') desk.focusScript?.()
    else return
    event.preventDefault()
  }
  const titleOf = (id: string | number): string => stories.find((story) => story.id === id)?.title ?? ''
  const placeOf = (id: string | number | undefined): number => stories.findIndex((story) => story.id === id) + 1
  const announcements: Announcements = {
    onDragStart: ({ active }) => t('programme.drag.lifted', { title: titleOf(active.id), place: placeOf(active.id) }),
    onDragOver: ({ active, over }) => t('programme.drag.over', { title: titleOf(active.id), place: placeOf(over?.id) }),
    onDragEnd: ({ active, over }) => t('programme.drag.dropped', { title: titleOf(active.id), place: placeOf(over?.id) }),
    onDragCancel: ({ active }) => t('programme.drag.cancelled', { title: titleOf(active.id) }),
  }
  const onDragEnd = ({ active, over }: DragEndEvent): void => {
    const story = stories.find(({ id }) => id === active.id)
    const to = stories.findIndex(({ id }) => id === over?.id)
    if (story === undefined || to < 0 || over?.id === active.id) return
    void moveStory(story, to).catch(showError)
  }
  return (
    <DndContext sensors={sensors} collisionDetection={closestCenter} onDragEnd={onDragEnd} accessibility={{ announcements, screenReaderInstructions: { draggable: t('programme.drag.how') } }}>
      <div ref={grid} className="story-grid" role="grid" aria-label={t('programme.stories')} aria-rowcount={stories.length + 1} tabIndex={0} onKeyDown={onKeyDown} data-testid="story-table" aria-activedescendant={at < 0 ? undefined : `story-${stories[at]?.id}`}>
        <div className="story-row story-head" role="row">{columns.map((column) => <div key={column} role="columnheader" className={`cell ${column}`}>{t(`programme.columns.${column}`)}</div>)}</div>
        <SortableContext items={stories.map(({ id }) => id)} strategy={verticalListSortingStrategy}>
          {stories.map((story, index) => (
            <Row key={story.id} story={story} place={index + 1} selected={index === at} mayMove={mayWrite} onChoose={() => choose(index)}
              start={bulletin.slot.startsAtSec === null ? lengthText(sum.starts[index] ?? 0) : clockOf(bulletin.slot.startsAtSec + secondsOf(sum.starts[index] ?? 0))}
              length={sum.stories[index]?.lengthSamples ?? 0} estimated={sum.stories[index]?.estimated ?? false} />
          ))}
        </SortableContext>
      </div>
    </DndContext>
  )
}

function Row(props: { story: Story; place: number; start: string; length: number; estimated: boolean; selected: boolean; mayMove: boolean; onChoose: () => void }) {
  const t = useT()
  const { story } = props
  const { attributes, listeners, setNodeRef, setActivatorNodeRef, transform, transition, isDragging } = useSortable({ id: story.id, disabled: !props.mayMove })
  const style: CSSProperties = { transform: transform === null ? undefined : `translate3d(0, ${Math.round(transform.y)}px, 0)`, transition }
  const missing = story.sounds.some((sound) => sound.missing)
  return (
    <div id={`story-${story.id}`} ref={setNodeRef} style={style} role="row" aria-selected={props.selected} className={`story-row ${isDragging ? 'dragging' : ''}`} onClick={props.onChoose} data-testid="story-row" data-story-id={story.id}>
      <div role="gridcell" className="cell place">
        {props.mayMove && <button type="button" ref={setActivatorNodeRef} className="story-grip" {...attributes} {...listeners} aria-label={t('programme.drag.handle', { title: story.title })} data-testid="story-grip"><IconGripVertical size={14} aria-hidden /></button>}
        <span>{props.place}</span>
      </div>
      <div role="gridcell" className="cell start">{props.start}</div>
      <div role="gridcell" className="cell title"><span title={story.title}>{story.title}</span>{story.reader !== '' && <span className="dim"> · {story.reader}</span>}</div>
      <div role="gridcell" className="cell sound">
        {missing ? <StateBadge tone="bad">{t('programme.sound.missing')}</StateBadge> : story.sounds.length > 0 ? <StateBadge tone="ok">{t('programme.sound.has')}</StateBadge> : <StateBadge tone={story.script.trim() === '' ? 'idle' : 'wait'}>{t(story.script.trim() === '' ? 'programme.sound.nothing' : 'programme.sound.scriptOnly')}</StateBadge>}
      </div>
      <div role="gridcell" className={`cell length ${props.estimated ? 'dim' : ''}`} data-testid="story-length">{props.estimated ? `≈ ${lengthText(props.length)}` : lengthText(props.length)}</div>
      <div role="gridcell" className="cell picture">{story.image === null ? <IconPhotoOff size={15} className="dim" aria-label={t('programme.picture.without')} /> : <IconPhoto size={15} aria-label={t('programme.picture.with')} />}</div>
    </div>
  )
}
