import type { CSSProperties } from 'react'
import { ActionIcon } from '@mantine/core'
import { IconLock, IconLockOpen, IconPencil, IconPlus } from '@tabler/icons-react'
import type { LogDay, LogPost, LogSlot } from '#contract/log.ts'
import { useT } from '../../i18n/index.ts'
import { minuteText } from '../../i18n/formats.ts'
import { StateBadge } from '../../ui/index.ts'
import { showError } from '../../app/errors/index.ts'
import { call, useStation } from '../../app/station-client/index.ts'
import { showDay } from './changes.ts'
import { pageHandles, showLog } from './log-store.ts'
import { PostBadge } from './post-plan.tsx'
import { timeText } from './zone.ts'

/** A slot above its lines: its time, how it stands, who has it in hand, and the way to change it. */
export function SlotHeading(props: { day: LogDay; slot: LogSlot; post: LogPost | null; lines: number; mayWrite: boolean; style: CSSProperties; rowIndex: number }) {
  const t = useT()
  const { day, slot, post } = props
  const ownId = useStation((state) => state.session?.person.id ?? null)
  const lock = day.locks.find((one) => one.slotId === slot.id) ?? null
  const isOwn = lock !== null && lock.personId === ownId
  const over = slot.overSamples
  const told = post !== null && props.lines > 0 ? post : over === null ? null : { kind: 'slot' as const, id: slot.id, at: slot.endAt, rawSamples: over, restSamples: over, plan: null }
  const where = { broadcastDate: day.broadcastDate, slotId: slot.id }
  const turnLock = (): void => void (isOwn ? call('log.unlock', where) : call('log.lock', where)).then(showDay, showError)
  const addInto = (): void => {
    showLog({ selectedId: null, intoSlotId: slot.id })
    pageHandles.focusSearch?.()
  }
  return (
    <div role="row" aria-rowindex={props.rowIndex} className="log-slot" style={props.style} data-testid="log-slot" data-slot-id={slot.id}>
      <div role="gridcell" className="log-slot-cell">
        <strong>{timeText(slot.startAt, day.zone)}–{timeText(slot.endAt, day.zone)}</strong>
        <span className="name" title={slot.title}>{slot.title}</span>
        <span className="dim">{t('log.slotLines', { count: props.lines })}</span>
        {told !== null && <PostBadge post={told} />}
        {lock !== null && <StateBadge tone={isOwn ? 'info' : 'warn'} data-testid="log-slot-locked">{t(isOwn ? 'log.slotLockedByMe' : 'log.slotLockedBy', { name: lock.name, until: minuteText(lock.expiresAt) })}</StateBadge>}
        <span className="grow" />
        {props.mayWrite && day.state !== 'closed' && (
          <>
            {(lock === null || isOwn) && <ActionIcon size="sm" variant="subtle" aria-label={t(isOwn ? 'log.slotUnlock' : 'log.slotLock', { title: slot.title })} title={t(isOwn ? 'log.unlock' : 'log.lock')} onClick={turnLock} data-testid="log-slot-lock">{isOwn ? <IconLockOpen size={14} /> : <IconLock size={14} />}</ActionIcon>}
            <ActionIcon size="sm" variant="subtle" aria-label={t('log.slot.addInto', { title: slot.title })} title={t('log.slot.addInto', { title: slot.title })} onClick={addInto} data-testid="log-slot-add"><IconPlus size={14} /></ActionIcon>
            <ActionIcon size="sm" variant="subtle" aria-label={t('log.slot.edit', { title: slot.title })} title={t('log.actions.editSlot')} onClick={() => showLog({ dialog: 'slot', slotId: slot.id })} data-testid="log-slot-edit"><IconPencil size={14} /></ActionIcon>
          </>
        )}
      </div>
    </div>
  )
}
