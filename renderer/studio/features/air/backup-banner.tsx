import { IconAlertTriangle, IconLifebuoy } from '@tabler/icons-react'
import type { BusState } from '#contract/air.ts'
import { useT } from '../../i18n/index.ts'
import { clockText, secondsText } from '../../i18n/formats.ts'
import { confirmReturn } from './actions.ts'
import { DeskButton } from './desk-button.tsx'

/** Silence of a bus is worth a word from here on. */
const SILENT_MS = 3_000

/** What is on in the place of the log and why, what is wrong with the sound, and the key that lets the log come back. */
export function BackupBanner(props: { bus: BusState; mayAct: boolean }) {
  const t = useT()
  const { fallback, output, playing } = props.bus
  const faults = [
    ...(playing !== null && output.silentMs >= SILENT_MS ? [t('air.desk.fallback.output.silent', { time: secondsText(output.silentMs / 1000) })] : []),
    ...(output.level === 'well' ? [] : [t(`air.desk.fallback.output.${output.level}`)]),
    ...(output.clips ? [t('air.desk.fallback.output.clips')] : []),
    ...(output.outOfPhase ? [t('air.desk.fallback.output.outOfPhase')] : []),
  ]
  return (
    <>
      {fallback !== null && (
        <div className="air-banner over backup" role="alert" data-testid="air-backup" data-rung={fallback.rung} data-cause={fallback.cause}>
          <IconLifebuoy size={18} aria-hidden />
          <strong>{t('air.desk.fallback.title')}</strong>
          <span className="air-banner-title">{[t(`air.desk.fallback.rung.${fallback.rung}`), fallback.title, t(`air.desk.fallback.cause.${fallback.cause}`)].filter((part) => part !== '').join(' · ')}</span>
          <time>{t('air.desk.fallback.since', { time: clockText(fallback.since) })}</time>
          <span>{t(fallback.needsPerson ? 'air.desk.fallback.stays' : 'air.desk.fallback.returns')}</span>
          {fallback.needsPerson && props.mayAct && <DeskButton keys="R" run={confirmReturn} data-testid="air-confirm-return">{t('air.desk.fallback.confirm')}</DeskButton>}
        </div>
      )}
      {faults.length > 0 && (
        <div className="air-banner over" role="alert" data-testid="air-output">
          <IconAlertTriangle size={18} aria-hidden />
          <strong>{faults.join(' · ')}</strong>
        </div>
      )}
    </>
  )
}
