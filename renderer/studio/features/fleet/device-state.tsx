import type { Device, DeviceState } from '#contract/devices.ts'
import { StateBadge, type Tone } from '../../ui/index.ts'
import { useT } from '../../i18n/index.ts'

const tones: Record<DeviceState, Tone> = {
  disabled: 'idle', offline: 'bad', unknown: 'wait', 'playing-emergency': 'air', 'playing-live': 'air', preparing: 'info', 'playing-schedule': 'ok', 'fm-relay': 'info', 'self-test': 'info', muted: 'warn', 'online-idle': 'ok',
}

/** One state per device, then what is wrong with it: a fault is never hidden behind a green state. */
export function DeviceStateBadge(props: { device: Pick<Device, 'state' | 'badges'> }) {
  const t = useT()
  const { state, badges } = props.device
  const tone = badges.length > 0 && tones[state] === 'ok' ? 'warn' : tones[state]
  return (
    <span style={{ display: 'inline-flex', gap: 4 }}>
      <StateBadge tone={tone}>{t(`fleet.states.${state}`)}</StateBadge>
      {badges.map((badge) => <StateBadge key={badge} tone={badge === 'fault' ? 'bad' : 'warn'}>{t(`fleet.badges.${badge}`)}</StateBadge>)}
    </span>
  )
}
