import type { AirClock } from '#contract/air.ts'
import { useT } from '../../i18n/index.ts'
import { secondsText } from '../../i18n/formats.ts'
import { StateBadge } from '../../ui/index.ts'
import { call, useMay } from '../../app/station-client/index.ts'
import { DeskButton } from './desk-button.tsx'

const tones = { ntp: 'ok', slewing: 'warn', holdover: 'info', suspect: 'bad', none: 'bad' } as const

/** How far the time can be trusted. Red asks for a person, who may say that the machine is right. */
export function ClockTrust(props: { clock: AirClock }) {
  const t = useT()
  const may = useMay('technician')
  const { state, offsetMs, servers, pendingStepMs } = props.clock
  const hint = servers.asked === 0 ? undefined : t('air.desk.clockState.hint', servers)
  return (
    <>
      <StateBadge tone={tones[state]} data-testid="air-clock-state" {...(hint === undefined ? {} : { title: hint })}>
        {state === 'suspect' ? t('air.desk.clockState.suspect', { seconds: secondsText((pendingStepMs ?? offsetMs ?? 0) / 1000) }) : t(`air.desk.clockState.${state}`)}
      </StateBadge>
      {pendingStepMs !== null && may && <DeskButton run={() => call('air.confirmClock', {}).then(() => undefined)} data-testid="air-confirm-clock">{t('air.desk.clockState.confirm')}</DeskButton>}
    </>
  )
}
