import type { ReactNode } from 'react'
import { IconCircle, IconCircleCheck, IconCircleDashed, IconAlertTriangle, IconSquareX, IconInfoSquare, IconPlayerRecordFilled } from '@tabler/icons-react'

/** Meaning of a state; each has its own shape besides colour, the word comes from the caller. */
export type Tone = 'ok' | 'warn' | 'bad' | 'idle' | 'info' | 'air' | 'wait'
const shapes = { ok: IconCircleCheck, warn: IconAlertTriangle, bad: IconSquareX, idle: IconCircle, info: IconInfoSquare, air: IconPlayerRecordFilled, wait: IconCircleDashed } as const

export function StateBadge(props: { tone: Tone; children: ReactNode; title?: string; 'data-testid'?: string }) {
  const Shape = shapes[props.tone]
  return (
    <span className={`badge ${props.tone === 'wait' ? 'idle' : props.tone}`} title={props.title} data-testid={props['data-testid']} data-tone={props.tone}>
      <Shape size={13} aria-hidden />
      {props.children}
    </span>
  )
}

/** `scrolls`: text alone that may be longer than the panel; the keyboard must be able to scroll it. */
export function Panel(props: { title?: ReactNode; aside?: ReactNode; flush?: boolean; children: ReactNode; className?: string; label?: string; scrolls?: boolean; 'data-testid'?: string }) {
  return (
    <section className={`panel ${props.flush === true ? 'flush' : ''} ${props.className ?? ''}`} aria-label={props.label} data-testid={props['data-testid']}>
      {props.title !== undefined && (
        <header>
          <h2>{props.title}</h2>
          {props.aside !== undefined && <div className="aside">{props.aside}</div>}
        </header>
      )}
      <div className="panel-body" {...(props.scrolls === true ? { tabIndex: 0 } : {})}>{props.children}</div>
    </section>
  )
}

export function PageHeader(props: { title: ReactNode; children?: ReactNode; aside?: ReactNode }) {
  return (
    <div className="page-header">
      <h1>{props.title}</h1>
      {props.children}
      {props.aside !== undefined && <div className="aside">{props.aside}</div>}
    </div>
  )
}

export function EmptyNote(props: { children: ReactNode }) {
  return <div className="empty-note">{props.children}</div>
}

export function Kbd(props: { children: ReactNode }) {
  return <kbd className="kbd">{props.children}</kbd>
}
