import { Button } from '@mantine/core'
import { IconLock, IconLockOpen, IconUser } from '@tabler/icons-react'
import type { LogDay } from '#contract/log.ts'
import { useT } from '../../i18n/index.ts'
import { minuteText } from '../../i18n/formats.ts'
import { StateBadge } from '../../ui/index.ts'
import { showError } from '../../app/errors/index.ts'
import { call, useMay, useStation } from '../../app/station-client/index.ts'
import { closeDay, mayClose, showDay } from './changes.ts'
import { showLog } from './log-store.ts'

const tones = { draft: 'wait', published: 'ok', closed: 'idle' } as const

/** Who answers for the day, who holds it now, and whether its times are promised. */
export function DayBar(props: { day: LogDay; mayWrite: boolean }) {
  const t = useT()
  const { day, mayWrite } = props
  const mayTakeOver = useMay('approver')
  const ownId = useStation((state) => state.session?.person.id ?? null)
  const lock = day.locks.find((one) => one.slotId === null) ?? null
  const isOwn = lock !== null && lock.personId === ownId
  const run = (job: Promise<LogDay>): void => void job.then(showDay, showError)
  const { broadcastDate, rev } = day
  return (
    <div className="log-bar" data-testid="log-bar">
      <StateBadge tone={tones[day.state]} data-testid="log-day-state">{t(`log.dayState.${day.state}`)}</StateBadge>
      {day.owner !== null && <span className="dim" data-testid="log-owner"><IconUser size={13} aria-hidden /> {t('log.owner', { name: day.owner.name })}</span>}
      {lock !== null && <StateBadge tone={isOwn ? 'info' : 'warn'} data-testid="log-lock">{t(isOwn ? 'log.lockedByMe' : 'log.lockedBy', { name: lock.name, since: minuteText(lock.since), until: minuteText(lock.expiresAt) })}</StateBadge>}
      <span className="grow" />
      {mayWrite && day.state !== 'closed' && (
        <>
          <Button size="compact-sm" variant="default" onClick={() => showLog({ dialog: 'slot', slotId: null })} data-testid="log-add-slot">{t('log.actions.addSlot')}</Button>
          <Button size="compact-sm" variant="default" onClick={() => showLog({ dialog: 'note' })} data-testid="log-add-note">{t('log.actions.addNote')}</Button>
          {(lock === null || isOwn) && (
            <Button size="compact-sm" variant="default" leftSection={isOwn ? <IconLockOpen size={13} aria-hidden /> : <IconLock size={13} aria-hidden />} data-testid="log-lock-button"
              onClick={() => run(isOwn ? call('log.unlock', { broadcastDate, slotId: null }) : call('log.lock', { broadcastDate, slotId: null }))}>{t(isOwn ? 'log.unlock' : 'log.lock')}</Button>
          )}
          {lock !== null && !isOwn && mayTakeOver && <Button size="compact-sm" variant="default" onClick={() => run(call('log.lock', { broadcastDate, slotId: null, takeOver: true }))} data-testid="log-take-over">{t('log.takeOver')}</Button>}
          {day.state === 'draft' && day.lines.length > 0 && <Button size="compact-sm" onClick={() => run(call('log.publishDay', { broadcastDate, rev }))} data-testid="log-publish">{t('log.publish')}</Button>}
        </>
      )}
      {mayTakeOver && mayClose(day) && <Button size="compact-sm" title={t('log.closeHint')} onClick={() => void closeDay().catch(showError)} data-testid="log-close-day">{t('log.closeDay')}</Button>}
    </div>
  )
}
