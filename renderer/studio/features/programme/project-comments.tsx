import { Button } from '@mantine/core'
import { IconArrowRight } from '@tabler/icons-react'
import type { Comment } from '#contract/programme.ts'
import { useT } from '../../i18n/index.ts'
import { preciseText } from '../../i18n/formats.ts'
import { EmptyNote, StateBadge } from '../../ui/index.ts'
import { showError } from '../../app/errors/index.ts'
import { call, useMay } from '../../app/station-client/index.ts'
import { useComments } from './comments.ts'
import './programme.css'

/** What the approver wrote, for the person who mends it: one button goes to the place, the other says that it is done. */
export function ProjectComments(props: { projectId: string; onGo: (at: number) => void }) {
  const t = useT()
  const comments = useComments(props.projectId)
  const open = comments.filter(({ resolvedAt }) => resolvedAt === null).length
  if (comments.length === 0) return <EmptyNote>{t('programme.comments.noneHere')}</EmptyNote>
  return (
    <div className="remark-box" data-testid="project-comments">
      <p className="remark-sum">{t('programme.comments.left', { open, count: comments.length })}</p>
      <ul className="remark-list" aria-label={t('programme.comments.title')}>
        {comments.map((comment) => <Row key={comment.id} comment={comment} onGo={props.onGo} />)}
      </ul>
    </div>
  )
}

function Row(props: { comment: Comment; onGo: (at: number) => void }) {
  const t = useT()
  const { comment } = props
  const may = useMay('recorder')
  const done = comment.resolvedAt !== null
  const resolve = (): void => void call('programme.resolveComment', { commentId: comment.id, rev: comment.rev, resolved: !done }).catch(showError)
  const place = comment.projectAt
  return (
    <li className={`remark ${done ? 'done' : ''}`} data-testid="remark" data-done={done}>
      <div className="remark-head">
        {place === null ? <StateBadge tone="idle" title={t('programme.comments.cutHint')}>{t('programme.comments.cut')}</StateBadge>
          : <Button size="compact-xs" variant="default" leftSection={<IconArrowRight size={12} aria-hidden />} onClick={() => props.onGo(place)} aria-label={t('programme.comments.goTo', { time: preciseText(place) })} data-testid="remark-go">{preciseText(place)}</Button>}
        <span className="dim">{comment.author}</span>
        <StateBadge tone={done ? 'ok' : 'warn'}>{t(done ? 'programme.comments.done' : 'programme.comments.open')}</StateBadge>
      </div>
      <p className="remark-text">{comment.text}</p>
      {may && <Button size="compact-xs" variant="subtle" onClick={resolve} data-testid="remark-resolve">{t(done ? 'programme.comments.reopen' : 'programme.comments.resolve')}</Button>}
    </li>
  )
}
