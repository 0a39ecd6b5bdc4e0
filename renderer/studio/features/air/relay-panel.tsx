import { IconBroadcast } from '@tabler/icons-react'
import type { BusState } from '#contract/air.ts'
import { useT } from '../../i18n/index.ts'
import { clockText } from '../../i18n/formats.ts'
import { StateBadge } from '../../ui/index.ts'
import { showDesk } from './desk-store.ts'

type Relay = BusState['relays'][number]
const tones = { connecting: 'wait', ready: 'ok', silent: 'warn', lost: 'bad', returning: 'info' } as const

/** Relays that are listened to: whether they are heard, and whether what is on air is them or a backup. A press tells why. */
export function RelayBanner(props: { bus: BusState }) {
  const t = useT()
  return (
    <>
      {props.bus.relays.map((relay) => (
        <button type="button" key={relay.lineId} className="air-banner air-relay" onClick={() => showDesk({ whyId: relay.lineId })} data-testid="air-relay" data-state={relay.state} data-covered={relay.covered}>
          <IconBroadcast size={18} aria-hidden />
          <strong>{t('air.desk.relay.title')}</strong>
          <span className="air-banner-title">{[relay.title, ...detailsOf(relay, t)].join(' · ')}</span>
          <StateBadge tone={tones[relay.state]} data-testid="air-relay-state">{t(`air.desk.relay.state.${relay.state}`)}</StateBadge>
          <StateBadge tone={relay.covered ? 'warn' : relay.onAir ? 'air' : 'wait'}>{relay.covered ? t('air.desk.relay.covered') : relay.onAir ? t('air.desk.relay.onAir') : t('air.desk.relay.ahead', { time: clockText(relay.startAt) })}</StateBadge>
        </button>
      ))}
    </>
  )
}

function detailsOf(relay: Relay, t: ReturnType<typeof useT>): string[] {
  return [...(relay.address > 0 ? [t('air.desk.relay.address', { number: relay.address + 1 })] : []), ...(relay.isEarlierEdition ? [t('air.desk.relay.earlier')] : [])]
}
