import { useT } from '../../../i18n/index.ts'
import { Panel, StateBadge } from '../../../ui/index.ts'
import { usePlan } from '../plan-context.ts'
import { weekdayShorts } from '../texts.ts'

/** Columns and campaigns that the week still lacks, with what is at hand. */
export function MissingPanel() {
  const t = useT()
  const { week } = usePlan()
  const columns = week.columns.filter(({ missing }) => missing > 0)
  const campaigns = week.campaigns.flatMap((campaign) => campaign.days.flatMap((day, index) => (day.isCampaignDay && day.date >= week.today && day.plays < campaign.minPerDay ? [{ ...campaign, day: weekdayShorts(t)[index] ?? '', plays: day.plays }] : [])))
  return (
    <Panel title={t('planning.missing.title')} className="grow" scrolls data-testid="planning-missing">
      {columns.length + campaigns.length === 0 ? <StateBadge tone="ok">{t('planning.missing.nothing')}</StateBadge> : (
        <ul className="plan-missing">
          {columns.map((column) => (
            <li key={column.columnId} data-testid="missing-column"><StateBadge tone="warn">{t('planning.missing.column', { title: column.title, have: column.aired + column.planned, want: column.perWeek })}</StateBadge> <span className="dim">{column.ready === null ? t('planning.missing.noReady') : t('planning.missing.ready', { title: column.ready.title })}</span></li>
          ))}
          {campaigns.map((campaign) => <li key={`${campaign.campaignId} ${campaign.day}`}><StateBadge tone="warn">{t('planning.missing.campaign', { title: campaign.title, day: campaign.day, have: campaign.plays, want: campaign.minPerDay })}</StateBadge></li>)}
        </ul>
      )}
    </Panel>
  )
}
