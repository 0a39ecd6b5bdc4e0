import type { OpenSession } from './day.ts'
import { finding } from './findings.ts'
import { categoryToday, choicesOf, instantIn } from './lay.ts'
import type { Shelf } from './lay.ts'
import type { Category, Named, PlanItem, Position } from './parts.ts'
import { SAMPLES_PER_MS, slackIn } from './pieces.ts'
import type { Laid, Piece } from './pieces.ts'
import type { Choice } from './rotation.ts'

/** Pairs are tried among so many: a bounded search, a day must be planned while somebody waits. */
const SEARCHED = 40
/** More fill than this in one piece is a plan gone wrong, not a programme. */
const MAX_LAID = 400

/** Packs fill into the room left in a piece, as the clock says and then as the session says. */
export function fillPiece(shelf: Shelf, open: OpenSession, piece: Piece): void {
  const rooms = piece.laid.filter(({ isRoom }) => isRoom)
  const wantsFill = open.session.onUnderrun === 'fill' || !piece.isLast
  if (rooms.length === 0 && wantsFill && open.session.fillCategoryId !== null && slackIn(piece) > 0) {
    const today = categoryToday(shelf, open.session.fillCategoryId)
    const about = { session: open.session.title, sessionKey: open.key }
    if (today.missing) shelf.findings.push(finding('missingCategory', about))
    if (today.exception !== null) shelf.findings.push(finding('replaced', { ...about, title: today.exception.title }))
    if (today.category !== null) {
      const room: Laid = { position: slackPosition(open, today.category), from: 'fill', item: null, lengthSamples: 0, isRoom: true, categoryId: today.category.id, campaignId: null, separationMs: today.category.separationMin * 60_000 }
      piece.laid.push(room)
      rooms.push(room)
    }
  }
  for (const [index, room] of rooms.entries()) {
    const category = shelf.parts.categories.find(({ id }) => id === room.categoryId)
    if (category === undefined) continue
    const share = Math.floor(Math.max(0, slackIn(piece)) / (rooms.length - index))
    pack(shelf, open, piece, room, category, share)
  }
}

const slackPosition = (open: OpenSession, category: Named<Category>): Position => ({ id: 'slack', title: category.title, atSec: null, protected: false, transition: 'segue', kind: 'fill', categoryId: open.session.fillCategoryId ?? category.id })

function pack(shelf: Shelf, open: OpenSession, piece: Piece, room: Laid, category: Named<Category>, share: number): void {
  const before = piece.laid.indexOf(room)
  let offset = piece.laid.slice(0, before).reduce((sum, one) => sum + one.lengthSamples, 0)
  let left = share
  let place = before
  const put = (item: PlanItem): void => {
    place += 1
    piece.laid.splice(place, 0, { ...room, from: 'fill', item, lengthSamples: item.lengthSamples, isRoom: false })
    shelf.airings.add(item.id, instantIn(piece, offset))
    offset += item.lengthSamples
    left -= item.lengthSamples
  }
  let ranking = 0
  const rank = (): Choice[] => {
    ranking += 1
    return choicesOf(shelf, category, { at: instantIn(piece, offset), key: `${open.key}/${room.position.id}/${piece.start}/${ranking}` }).filter(({ item }) => item.lengthSamples > 0)
  }
  // One ranking serves until it runs out of items that are far enough: ranking a whole shelf for every song would take longer than the songs.
  let queue = rank()
  let isFresh = true
  for (let count = 0; count < MAX_LAID; count++) {
    queue = queue.filter(({ item }) => item.lengthSamples <= left)
    const [first] = queue
    if (!isFresh && (first === undefined || first.breachMs !== null)) {
      queue = rank()
      isFresh = true
      continue
    }
    if (first === undefined) break
    const longest = queue.reduce((most, { item }) => Math.max(most, item.lengthSamples), 0)
    // Near the end the choice that leaves least silence counts more than whose turn it is.
    if (left < longest * 2) {
      for (const item of bestFit(rank().map(({ item }) => item).filter((item) => item.lengthSamples <= left).slice(0, SEARCHED), left)) put(item)
      break
    }
    put(first.item)
    queue = queue.slice(1)
    isFresh = false
  }
}

/** One, two or three items that fill most of the room; of equals, those whose turn comes first. */
function bestFit(items: readonly PlanItem[], left: number): PlanItem[] {
  let best: PlanItem[] = []
  let bestSum = 0
  const consider = (chosen: PlanItem[]): void => {
    const sum = chosen.reduce((total, item) => total + item.lengthSamples, 0)
    if (sum <= left && sum > bestSum) [best, bestSum] = [chosen, sum]
  }
  for (const [index, one] of items.entries()) {
    consider([one])
    for (const two of items.slice(index + 1)) {
      if (one.lengthSamples + two.lengthSamples > left) continue
      consider([one, two])
      for (const three of items.slice(items.indexOf(two) + 1)) consider([one, two, three])
    }
  }
  return best
}

/** Silence that stays in an open session: said, never hidden. */
export function tellSlack(shelf: Shelf, open: OpenSession, piece: Piece): void {
  const slack = slackIn(piece)
  const at = Math.round(instantIn(piece, piece.limit - piece.start - Math.max(0, slack)))
  const about = { session: open.session.title, sessionKey: open.key, at }
  const ms = Math.round(Math.abs(slack) / SAMPLES_PER_MS)
  if (slack < 0) {
    const allowed = piece.isLast && open.session.onOverrun === 'finish' ? open.session.maxOverrunSec * 1000 : 0
    if (ms > allowed) shelf.findings.push(finding('overrun', { ...about, ms: ms - allowed }))
  } else if (ms >= 1000) {
    const closes = piece.isLast && open.session.onUnderrun === 'close'
    shelf.findings.push(finding(closes ? 'closesEarly' : 'underrun', { ...about, ms }))
  }
}
