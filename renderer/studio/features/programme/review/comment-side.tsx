import { useEffect, useRef, useState } from 'react'
import { Button, Group, Textarea } from '@mantine/core'
import { IconArrowRight, IconCheck, IconCornerUpLeft } from '@tabler/icons-react'
import { allowedSteps } from '#common/approval/index.ts'
import type { Item } from '#contract/library.ts'
import type { Comment } from '#contract/programme.ts'
import { useT } from '../../../i18n/index.ts'
import { preciseText } from '../../../i18n/formats.ts'
import { EmptyNote, Kbd, StateBadge } from '../../../ui/index.ts'
import { showDone, showError } from '../../../app/errors/index.ts'
import { call, useMay } from '../../../app/station-client/index.ts'
import { ReturnDialog } from './return-dialog.tsx'
import { reviewHandles, showReview, useReview } from './review-store.ts'

/** Remarks by time, a field for the next one, and the two answers of an approver. */
export function CommentSide(props: { item: Item; comments: readonly Comment[] }) {
  const t = useT()
  const { item, comments } = props
  const mayWrite = useMay('recorder')
  const mayApprove = useMay('approver')
  const [writing, setWriting] = useState<number | null>(null)
  const [returning, setReturning] = useState(false)
  const currentId = useReview((state) => state.commentId)
  const list = useRef<HTMLUListElement>(null)
  const open = comments.filter(({ resolvedAt }) => resolvedAt === null)
  const allowed = new Set(allowedSteps(item.state))
  const canApprove = mayApprove && allowed.has('approve')
  const canReturn = mayApprove && allowed.has('return')
  const approve = async (): Promise<void> => {
    await call('library.approve', { itemId: item.id, rev: item.rev })
    showDone(t('programme.review.approved', { title: item.title }))
  }
  const latest = useRef({ comments, approve })
  latest.current = { comments, approve }
  useEffect(() => {
    if (mayWrite) reviewHandles.write = () => setWriting(useReview.getState().at)
    reviewHandles.approve = canApprove ? () => latest.current.approve() : null
    reviewHandles.giveBack = canReturn ? () => setReturning(true) : null
    return () => {
      reviewHandles.write = null
      reviewHandles.approve = null
      reviewHandles.giveBack = null
    }
  }, [mayWrite, canApprove, canReturn])
  useEffect(() => {
    const choose = (comment: Comment | undefined): void => {
      if (comment === undefined) return
      showReview({ commentId: comment.id })
      reviewHandles.seek?.(comment.at)
    }
    reviewHandles.step = (by) => {
      const { at, commentId } = useReview.getState()
      const all = latest.current.comments
      const index = all.findIndex(({ id }) => id === commentId)
      if (index >= 0) choose(all[index + by])
      else choose(by > 0 ? all.find((one) => one.at >= at) : all.findLast((one) => one.at <= at))
    }
    reviewHandles.resolve = async () => {
      const comment = latest.current.comments.find(({ id }) => id === useReview.getState().commentId)
      if (comment !== undefined) await call('programme.resolveComment', { commentId: comment.id, rev: comment.rev, resolved: comment.resolvedAt === null })
    }
    return () => {
      reviewHandles.step = null
      reviewHandles.resolve = null
    }
  }, [])
  useEffect(() => {
    list.current?.querySelector('[data-current="true"]')?.scrollIntoView({ block: 'nearest' })
  }, [currentId])
  return (
    <div className="review-side">
      {writing !== null && <NewComment itemId={item.id} at={writing} onClose={() => setWriting(null)} />}
      {comments.length === 0 && writing === null ? <EmptyNote>{t(mayWrite ? 'programme.comments.noneWriter' : 'programme.comments.none')}</EmptyNote> : (
        <ul ref={list} className="remark-list" aria-label={t('programme.comments.title')}>
          {comments.map((comment) => <Row key={comment.id} comment={comment} itemId={item.id} current={comment.id === currentId} mayWrite={mayWrite} />)}
        </ul>
      )}
      {(canApprove || canReturn) && (
        <Group gap={6} grow>
          {canReturn && <Button variant="default" leftSection={<IconCornerUpLeft size={16} aria-hidden />} onClick={() => setReturning(true)} data-testid="review-return">{t('library.steps.return')}</Button>}
          {canApprove && <Button color="#17622b" leftSection={<IconCheck size={16} aria-hidden />} disabled={item.fileMissing === true} onClick={() => void approve().catch(showError)} data-testid="review-approve">{t('library.steps.approve')}</Button>}
        </Group>
      )}
      {canApprove && open.length > 0 && <span className="dim" style={{ fontSize: 12 }}>{t('programme.review.stillOpen', { count: open.length })}</span>}
      {returning && <ReturnDialog item={item} open={open} onClose={() => setReturning(false)} />}
    </div>
  )
}

function NewComment(props: { itemId: string; at: number; onClose: () => void }) {
  const t = useT()
  const [text, setText] = useState('')
  const send = async (): Promise<void> => {
    if (text.trim() === '') return
    const made = await call('programme.addComment', { on: { kind: 'item', itemId: props.itemId }, at: props.at, text: text.trim() })
    showReview({ commentId: made.id })
    props.onClose()
  }
  return (
    <form className="remark" data-testid="new-remark" onSubmit={(event) => {
      event.preventDefault()
      void send().catch(showError)
    }}>
      <Textarea label={t('programme.comments.at', { time: preciseText(props.at) })} value={text} maxLength={1000} autosize minRows={2} maxRows={5} autoFocus data-testid="remark-text" onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.nativeEvent.isComposing) return
          if (event.code === 'Escape') props.onClose()
          else if (event.code === 'Enter' && !event.shiftKey) void send().catch(showError)
          else return
          event.preventDefault()
          event.stopPropagation()
        }} />
      <Group gap={6} mt={6} justify="space-between"><span className="dim" style={{ fontSize: 12 }}><Kbd>Enter</Kbd> {t('programme.comments.sendHint')}</span><Group gap={6}><Button size="compact-xs" variant="default" onClick={props.onClose}>{t('app.cancel')}</Button><Button size="compact-xs" type="submit" disabled={text.trim() === ''} data-testid="remark-send">{t('programme.comments.send')}</Button></Group></Group>
    </form>
  )
}

function Row(props: { comment: Comment; itemId: string; current: boolean; mayWrite: boolean }) {
  const t = useT()
  const { comment } = props
  const done = comment.resolvedAt !== null
  const go = (): void => {
    showReview({ commentId: comment.id })
    reviewHandles.seek?.(comment.at)
  }
  const run = (work: Promise<unknown>): void => void work.catch(showError)
  return (
    <li className={`remark ${done ? 'done' : ''}`} data-current={props.current} data-testid="remark" data-done={done}>
      <div className="remark-head">
        <Button size="compact-xs" variant="default" leftSection={<IconArrowRight size={12} aria-hidden />} onClick={go} aria-label={t('programme.comments.goTo', { time: preciseText(comment.at) })} data-testid="remark-go">{preciseText(comment.at)}</Button>
        <span className="dim">{comment.author}</span>
        <StateBadge tone={done ? 'ok' : 'warn'}>{t(done ? 'programme.comments.done' : 'programme.comments.open')}</StateBadge>
        {comment.itemId !== props.itemId && <StateBadge tone="info">{t('programme.comments.earlier')}</StateBadge>}
      </div>
      <p className="remark-text">{comment.text}</p>
      {done && <p className="dim" style={{ margin: 0, fontSize: 12 }}>{t('programme.comments.doneBy', { name: comment.resolvedBy ?? '' })}</p>}
      {props.mayWrite && <Group gap={4}>
        <Button size="compact-xs" variant="subtle" onClick={() => run(call('programme.resolveComment', { commentId: comment.id, rev: comment.rev, resolved: !done }))} data-testid="remark-resolve">{t(done ? 'programme.comments.reopen' : 'programme.comments.resolve')}</Button>
        {!done && <Button size="compact-xs" variant="subtle" color="red" onClick={() => run(call('programme.removeComment', { commentId: comment.id, rev: comment.rev }))} data-testid="remark-remove">{t('programme.comments.remove')}</Button>}
      </Group>}
    </li>
  )
}
