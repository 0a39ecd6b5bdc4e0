import { useEffect, useState } from 'react'
import type { Alert, Targets } from '#contract/devices.ts'
import { useT } from '../../i18n/index.ts'
import { PageHeader, Panel, StateBadge } from '../../ui/index.ts'
import { useStationEvent, useStationQuery } from '../../app/station-client/index.ts'
import { TargetTree } from '../fleet/index.ts'
import { AlertPanel } from './alert-panel.tsx'
import { LivePanel } from './live-panel.tsx'
import { RunningAlerts } from './running-alerts.tsx'
import { useLiveDesk } from './live-desk.ts'

/** One set of targets for both ways to speak: live microphone, siren and message. */
export function EmergencyPage() {
  const t = useT()
  const fleet = useStationQuery('devices.fleet', {}, { events: ['devices.unitsChanged', 'devices.changed'] })
  const alerts = useStationQuery('alerts.list', {}, { events: ['alerts.changed'] })
  const [targets, setTargets] = useState<Targets>({ unitIds: [], deviceIds: [] })
  const [pushed, setPushed] = useState<ReadonlyMap<string, Alert>>(new Map())
  const liveStep = useLiveDesk((state) => state.step)
  useStationEvent('alerts.changed', (alert) => setPushed((before) => new Map(before).set(alert.aid, alert)))
  useEffect(() => setPushed(new Map()), [alerts.data])
  const all = new Map((alerts.data?.alerts ?? []).map((alert) => [alert.aid, alert]))
  for (const alert of pushed.values()) all.set(alert.aid, alert)
  const running = [...all.values()].filter((alert) => alert.state === 'running')
  const units = fleet.data?.units ?? []
  const devices = fleet.data?.devices ?? []
  return (
    <div className="page">
      <PageHeader title={t('app.pages.emergency')}>
        {running.some((alert) => !alert.drill) && <StateBadge tone="air">{t('emergency.running', { count: running.length })}</StateBadge>}
        {liveStep === 'speaking' && <StateBadge tone="air">{t('emergency.live.speaking')}</StateBadge>}
      </PageHeader>
      <div className="row-grid" style={{ gridTemplateColumns: '320px 1fr 1fr' }}>
        <Panel title={t('emergency.targets')}><TargetTree units={units} devices={devices} kind="radio" value={targets} onChange={setTargets} disabled={liveStep !== 'idle'} /></Panel>
        <LivePanel targets={targets} units={units} devices={devices} />
        <div style={{ display: 'flex', flexDirection: 'column', gap: 8, minHeight: 0 }}>
          <AlertPanel targets={targets} units={units} devices={devices} sirens={alerts.data?.sirens ?? []} hazards={alerts.data?.hazards ?? []} />
          <RunningAlerts alerts={[...all.values()]} devices={devices} />
        </div>
      </div>
    </div>
  )
}
