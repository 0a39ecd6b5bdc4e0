import { Tabs } from '@mantine/core'
import { useT } from '../../i18n/index.ts'
import { PageHeader, Panel } from '../../ui/index.ts'
import { useMay } from '../../app/station-client/index.ts'
import { AccountForms } from './account-forms.tsx'
import { AirForm } from './air-form.tsx'
import { BackupList } from './backup-list.tsx'
import { PeopleTable } from './people-table.tsx'
import { RelaySchedules } from './relay-schedules.tsx'
import { RelaySources } from './relay-sources.tsx'
import { StationForm } from './station-form.tsx'
import { StationFacts } from './station-facts.tsx'

export function SettingsPage() {
  const t = useT()
  const administrator = useMay('administrator')
  return (
    <div className="page">
      <PageHeader title={t('app.pages.settings')} />
      <Panel className="settings" label={t('app.pages.settings')}>
        <Tabs defaultValue="account" keepMounted={false}>
          <Tabs.List mb="sm">
            <Tabs.Tab value="account">{t('settings.tabs.account')}</Tabs.Tab>
            {administrator && <Tabs.Tab value="station">{t('settings.tabs.station')}</Tabs.Tab>}
            {administrator && <Tabs.Tab value="air" data-testid="settings-air">{t('air.settings.title')}</Tabs.Tab>}
            <Tabs.Tab value="relay" data-testid="settings-relay">{t('settings.tabs.relay')}</Tabs.Tab>
            {administrator && <Tabs.Tab value="people">{t('settings.tabs.people')}</Tabs.Tab>}
            {administrator && <Tabs.Tab value="backups">{t('settings.tabs.backups')}</Tabs.Tab>}
            <Tabs.Tab value="about">{t('settings.tabs.about')}</Tabs.Tab>
          </Tabs.List>
          <Tabs.Panel value="account"><AccountForms /></Tabs.Panel>
          {administrator && <Tabs.Panel value="station"><StationForm /></Tabs.Panel>}
          {administrator && <Tabs.Panel value="air"><AirForm /></Tabs.Panel>}
          <Tabs.Panel value="relay"><RelaySources /><RelaySchedules /></Tabs.Panel>
          {administrator && <Tabs.Panel value="people"><PeopleTable /></Tabs.Panel>}
          {administrator && <Tabs.Panel value="backups"><BackupList /></Tabs.Panel>}
          <Tabs.Panel value="about"><StationFacts /></Tabs.Panel>
        </Tabs>
      </Panel>
    </div>
  )
}
