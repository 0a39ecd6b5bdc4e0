import { useEffect, useMemo, useRef, type KeyboardEvent } from 'react'
import { Button } from '@mantine/core'
import { IconMovie, IconWaveSine } from '@tabler/icons-react'
import type { Item } from '#contract/library.ts'
import { useT } from '../../../i18n/index.ts'
import { lengthText } from '../../../i18n/formats.ts'
import { EmptyNote, Panel, StateBadge, type Tone } from '../../../ui/index.ts'
import { registerActions } from '../../../app/actions/index.ts'
import { useNavigate } from '../../../app/navigation/index.ts'
import { useMay, useStationQuery } from '../../../app/station-client/index.ts'
import { ProgrammeHeader } from '../programme-header.tsx'
import { showProgramme, useProgramme } from '../programme-store.ts'
import { CommentSide } from './comment-side.tsx'
import { ReviewDesk } from './review-desk.tsx'
import { reviewActions } from './review-actions.ts'
import { reviewHandles } from './review-store.ts'

const stateTone: Readonly<Record<Item['state'], Tone>> = { draft: 'idle', edited: 'info', submitted: 'wait', approved: 'ok', returned: 'warn', withdrawn: 'bad' }

/** What waits for approval on the left, sound with words and pictures in the middle, remarks on the right. */
export function ReviewView() {
  const t = useT()
  const go = useNavigate()
  const itemId = useProgramme((view) => view.itemId)
  const mayEdit = useMay('editor')
  const waiting = useStationQuery('library.list', { states: ['submitted'], limit: 200 }, { events: ['library.changed'] })
  const back = useStationQuery('library.list', { states: ['returned'], limit: 50 }, { events: ['library.changed'] })
  const { data: chosen } = useStationQuery('library.get', { itemId: itemId ?? '' }, { enabled: itemId !== null, events: ['library.changed'] })
  const review = useStationQuery('programme.review', { itemId: itemId ?? '' }, { enabled: itemId !== null, events: ['programme.commentsChanged', 'library.changed', 'editor.changed'] })
  const item = chosen !== undefined && chosen.id === itemId ? chosen : null
  const facts = review.data ?? null
  useEffect(() => registerActions(reviewActions), [])
  const items = useMemo(() => {
    const listed = [...(waiting.data?.items ?? []), ...(back.data?.items ?? [])]
    return item === null || listed.some(({ id }) => id === item.id) ? listed : [item, ...listed]
  }, [waiting.data, back.data, item])
  useEffect(() => {
    const first = items[0]
    if (itemId === null && first !== undefined) showProgramme({ itemId: first.id })
  }, [items, itemId])
  const { projectId = null, bulletinId = null } = facts ?? {}
  return (
    <>
      <ProgrammeHeader title={t('programme.review.title')} aside={item !== null && <>
        {bulletinId !== null && <Button variant="default" leftSection={<IconMovie size={16} aria-hidden />} onClick={() => showProgramme({ mode: 'compose', bulletinId, storyId: null })} data-testid="review-bulletin">{t('programme.review.toBulletin')}</Button>}
        {projectId !== null && mayEdit && <Button variant="default" leftSection={<IconWaveSine size={16} aria-hidden />} onClick={() => go('editor', { projectId })} data-testid="review-project">{t('programme.toProject')}</Button>}
      </>} />
      <div className="review-body">
        <Panel title={t('programme.review.waiting', { count: waiting.data?.total ?? 0 })} flush><ItemList items={items} chosenId={itemId} /></Panel>
        <Panel label={t('programme.review.region')} data-testid="review-panel">
          {item === null || facts === null ? <EmptyNote>{t(items.length === 0 ? 'programme.review.nothing' : 'programme.review.choose')}</EmptyNote> : <ReviewDesk key={item.id} item={item} facts={facts} />}
        </Panel>
        <Panel title={t('programme.comments.title')} data-testid="review-comments">
          {item === null || facts === null ? <EmptyNote>{t('programme.comments.none')}</EmptyNote> : <CommentSide key={item.id} item={item} comments={facts.comments} />}
        </Panel>
      </div>
    </>
  )
}

function ItemList(props: { items: readonly Item[]; chosenId: string | null }) {
  const t = useT()
  const { items, chosenId } = props
  const list = useRef<HTMLDivElement>(null)
  useEffect(() => {
    reviewHandles.focusItems = () => list.current?.focus()
    return () => {
      reviewHandles.focusItems = null
    }
  }, [])
  const at = items.findIndex(({ id }) => id === chosenId)
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.altKey || event.ctrlKey) return
    const next = event.code === 'ArrowDown' ? at + 1 : event.code === 'ArrowUp' ? at - 1 : null
    const item = next === null ? undefined : items[Math.max(0, Math.min(items.length - 1, next))]
    if (item === undefined) return
    showProgramme({ itemId: item.id })
    event.preventDefault()
  }
  if (items.length === 0) return <EmptyNote>{t('programme.review.nothing')}</EmptyNote>
  return (
    <div ref={list} className="review-items" role="listbox" aria-label={t('programme.review.items')} tabIndex={0} onKeyDown={onKeyDown} aria-activedescendant={at < 0 ? undefined : `review-${chosenId}`} data-testid="review-items">
      {items.map((item) => (
        <div key={item.id} id={`review-${item.id}`} role="option" aria-selected={item.id === chosenId} className="review-item" onClick={() => showProgramme({ itemId: item.id })} data-testid="review-item">
          <span>{item.title}</span>
          <span><StateBadge tone={stateTone[item.state]}>{t(`library.states.${item.state}`)}</StateBadge> <span className="dim">{lengthText(item.lengthSamples)}</span></span>
          <span className="dim">{item.createdBy}</span>
        </div>
      ))}
    </div>
  )
}
