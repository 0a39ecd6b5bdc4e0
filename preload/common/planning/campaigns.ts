import type { OpenSession } from './day.ts'
import { dateSpan } from './day.ts'
import type { OffsetAt } from '../timing/zone.ts'
import { finding } from './findings.ts'
import { instantIn, mayAir } from './lay.ts'
import type { Shelf } from './lay.ts'
import { weekdayOf } from './local-spans.ts'
import { isOfCampaign } from './parts.ts'
import type { Campaign, Named, Position } from './parts.ts'
import { slackIn } from './pieces.ts'
import type { Group, Piece } from './pieces.ts'
import { ranked } from './rotation.ts'

export const isCampaignDay = (campaign: Campaign, date: string): boolean => campaign.fromDate <= date && date <= campaign.toDate && campaign.weekdays.includes(weekdayOf(date))

/** Adds airings of campaigns until each has its least number of the day, spread over the sessions; what cannot be met is told. */
export function layCampaigns(shelf: Shelf, sessions: readonly { open: OpenSession; groups: readonly Group[] }[], offsetAt: OffsetAt): void {
  const { from, until } = dateSpan(shelf.date, offsetAt)
  for (const campaign of shelf.parts.campaigns) {
    if (!isCampaignDay(campaign, shelf.date)) continue
    const items = shelf.items.filter((item) => isOfCampaign(item, campaign))
    const aired = (): number => items.reduce((sum, item) => sum + shelf.airings.count(item.id, from, until), 0)
    const inSession = new Map(sessions.map(({ open }) => [open.key, items.reduce((sum, item) => sum + shelf.airings.count(item.id, open.startAt, open.endAt), 0)]))
    for (let have = aired(); have < campaign.minPerDay; have++) {
      const inTurn = sessions.toSorted((a, b) => (inSession.get(a.open.key) ?? 0) - (inSession.get(b.open.key) ?? 0) || a.open.startAt - b.open.startAt)
      const laid = inTurn.find(({ open, groups }) => groups.flatMap(({ pieces }) => pieces).toReversed().some((piece) => layOne(shelf, open, piece, campaign, items)))
      if (laid === undefined) {
        shelf.findings.push(finding('minimum', { title: campaign.title, count: have, wanted: campaign.minPerDay }))
        break
      }
      inSession.set(laid.open.key, (inSession.get(laid.open.key) ?? 0) + 1)
    }
  }
}

function layOne(shelf: Shelf, open: OpenSession, piece: Piece, campaign: Named<Campaign>, items: Shelf['items']): boolean {
  // Before the first fill: fill is what gives way.
  const fill = piece.laid.findIndex(({ isRoom }) => isRoom)
  const place = fill === -1 ? piece.laid.length : fill
  const at = instantIn(piece, piece.laid.slice(0, place).reduce((sum, one) => sum + one.lengthSamples, 0))
  const separationMs = campaign.separationMin * 60_000
  // One campaign is one voice: any of its items keeps its distance from all the others.
  if (items.some((item) => shelf.airings.distance(item.id, at) < Math.max(separationMs, 1))) return false
  const fitting = items.filter((item) => item.lengthSamples > 0 && item.lengthSamples <= slackIn(piece) && mayAir(shelf, item, at))
  const [choice] = ranked(fitting, { rotation: 'order', separationMs, weights: [], at, seed: [shelf.seed, campaign.id] }, shelf.airings)
  if (choice === undefined) return false
  const position: Position = { id: `campaign-${campaign.id}`, title: campaign.title, atSec: null, protected: true, transition: 'play', kind: 'item', itemId: choice.item.id }
  piece.laid.splice(place, 0, { position, from: 'campaign', item: choice.item, lengthSamples: choice.item.lengthSamples, isRoom: false, categoryId: null, campaignId: campaign.id, separationMs })
  shelf.airings.add(choice.item.id, at)
  return true
}
