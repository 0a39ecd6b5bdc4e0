import { isPartOf } from '#contract/planning.ts'
import type { PlanContents, PlanPart, PlanPartKind, PlanPosition, PlanSession } from '#contract/planning.ts'
import type { Job } from '#contract/station.ts'
import { addDays, dateAt } from '#common/timing/zone.ts'
import type { StationContext } from '../context.ts'
import { offsetOf } from '../foundation/zones.ts'
import type { DemoPerson } from './person.ts'

const DAYS_AHEAD = 4
const everyDay = [1, 2, 3, 4, 5, 6, 7]

/**
 * The plan of an inter-commune centre, beside what every station begins with: its own clocks, a working day and a Sunday, arts on Saturday evening, days of storm with
 * an extra session, a health campaign, and rules that keep the night quiet. "Thiếu nhi" has no edition on purpose: the week shows what it lacks.
 */
export async function fillPlan(ctx: StationContext, person: DemoPerson): Promise<void> {
  const { parts: shipped } = await person.do('planning.parts', {})
  const known = <K extends PlanPartKind>(kind: K, fits: (content: PlanContents[K]) => boolean): { id: string; rev: number; content: PlanContents[K] } => {
    for (const { id, rev, part } of shipped) if (isPartOf(part, kind) && fits(part.content)) return { id, rev, content: part.content }
    throw new Error(`the plan every station begins with has no such ${kind}`)
  }
  const add = async (part: PlanPart): Promise<string> => (await person.do('planning.save', { partId: null, rev: 0, part })).id
  const category = (title: string, tags: string[]): Promise<string> => add({ kind: 'category', content: { title, kinds: [], tags, notTags: [], rotation: 'order', separationMin: 0, weights: [] } })
  const shippedCategory = (title: string): string => known('category', (content) => content.title === title).id
  const column = (title: string): string => known('column', (content) => content.title === title).id

  const [ident, notices, songs] = [shippedCategory('Nhạc hiệu'), shippedCategory('Thông báo'), shippedCategory('Ca nhạc')]
  const morningNews = await category('Bản tin sáng', ['sáng'])
  const eveningNews = await category('Bản tin chiều', ['chiều'])
  const prices = await category('Giá cả, mùa vụ', ['giá cả', 'nông nghiệp'])
  const province = await category('Tin tỉnh', ['tin tỉnh'])
  const world = await category('Bốn phương', ['quốc tế'])
  const disaster = await category('Phòng tránh thiên tai', ['thiên tai'])

  const from = (id: string, title: string, categoryId: string, isProtected = false): PlanPosition => ({ id, title, atSec: null, protected: isProtected, transition: 'play', kind: 'category', categoryId, rotation: null, separationMin: null })
  const ofColumn = (columnId: string | null, title = 'Chuyên mục còn thiếu'): PlanPosition => ({ id: 'chuyen-muc', title, atSec: null, protected: false, transition: 'play', kind: 'column', columnId })
  const opening = from('nhac-hieu', 'Nhạc hiệu', ident, true)
  const music = from('nhac', 'Ca nhạc', songs)
  const clock = (title: string, positions: PlanPosition[]): Promise<string> => add({ kind: 'clock', content: { title, positions } })
  const morning = await clock('Sáng liên xã', [opening, from('ban-tin', 'Bản tin sáng', morningNews, true), from('thong-bao', 'Thông báo', notices), ofColumn(null), from('tin-tinh', 'Tin tỉnh', province), music])
  const evening = await clock('Chiều liên xã', [opening, from('ban-tin', 'Bản tin chiều', eveningNews, true), from('gia-ca', 'Giá cả, mùa vụ', prices), ofColumn(null), from('bon-phuong', 'Bốn phương', world), music])
  const arts = await clock('Văn nghệ cuối tuần', [opening, from('ban-tin', 'Bản tin chiều', eveningNews, true), ofColumn(column('Văn nghệ'), 'Văn nghệ'), from('bon-phuong', 'Bốn phương', world), music])
  const storm = await clock('Tin thiên tai', [opening, from('phong-tranh', 'Phòng tránh thiên tai', disaster, true)])

  const session = (id: string, title: string, startsAtSec: number, clockId: string): PlanSession => ({ id, title, startsAtSec, lengthSec: 900, clockId, onOverrun: 'finish', maxOverrunSec: 60, onUnderrun: 'close', fillCategoryId: null, targetUnitIds: [] })
  const working = await add({ kind: 'template', content: { title: 'Ngày thường liên xã', sessions: [session('sang', 'Buổi sáng', 19_800, morning), session('chieu', 'Buổi chiều', 61_200, evening)] } })
  const sunday = await add({ kind: 'template', content: { title: 'Chủ nhật liên xã', sessions: [session('sang', 'Buổi sáng', 21_600, morning), session('chieu', 'Buổi chiều', 61_200, arts)] } })
  const profileId = await add({ kind: 'profile', content: {
    title: 'Liên xã: cả ngày, đêm yên tĩnh', profile: { windows: [], weekdays: everyDay, maxMinutesPerSession: 45, includesRelay: true, maxSessionsPerDay: null, quiet: [{ fromMin: 21 * 60, toMin: 5 * 60 }], exemptKinds: ['sự kiện lớn'] },
  } })
  const grid = known('grid', ({ unitId }) => unitId === null)
  await person.do('planning.save', { partId: grid.id, rev: grid.rev, part: { kind: 'grid', content: { ...grid.content, days: everyDay.map((weekday) => (weekday === 7 ? sunday : working)), cells: [{ weekday: 6, hour: 17, clockId: arts }], profileId } } })

  const today = todayOf(ctx)
  await add({ kind: 'exception', content: {
    title: 'Áp thấp nhiệt đới gần bờ', kind: 'storm', fromDate: addDays(today, 2), toDate: addDays(today, 3), templateId: null, replace: [{ categoryId: songs, byCategoryId: disaster }], barKinds: [], barTags: ['văn nghệ'], allowTags: [],
    extra: [session('tin-trua', 'Tin thiên tai trưa', 41_400, storm)],
  } })
  await add({ kind: 'campaign', content: { title: 'Phòng chống sốt xuất huyết', theme: 'Diệt bọ gậy, phòng muỗi đốt', fromDate: today, toDate: addDays(today, 20), weekdays: everyDay, itemIds: [], tags: ['y tế'], minPerDay: 2, separationMin: 120 } })
}

/** Today's remaining sessions and some days more, from the grid into the log. The end of the week is left for who tries it. */
export async function planDays(ctx: StationContext, person: DemoPerson): Promise<void> {
  const today = todayOf(ctx)
  const job = await ended(ctx, () => person.do('planning.generate', { dates: Array.from({ length: DAYS_AHEAD + 1 }, (_, day) => addDays(today, day)), seed: null }))
  const draftId = job.result?.['draftId']
  if (draftId === undefined) throw new Error(`the demo week was not planned: ${job.error?.code ?? job.state}`)
  await person.do('planning.apply', { draftId })
}

async function ended(ctx: StationContext, start: () => Promise<{ jobId: string }>): Promise<Job> {
  const over = new Map<string, Job>()
  let look: () => void = () => undefined
  const stop = ctx.events.on('jobs.changed', (job) => {
    if (job.endedAt === null) return
    over.set(job.id, job)
    look()
  })
  try {
    const { jobId } = await start()
    return await new Promise<Job>((resolve) => {
      look = () => {
        const job = over.get(jobId)
        if (job !== undefined) resolve(job)
      }
      look()
    })
  } finally {
    stop()
  }
}
const todayOf = (ctx: StationContext): string => dateAt(ctx.clock.now(), offsetOf(ctx.settings.get().zone))
