import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Item } from '#contract/library.ts'
import type { LogDay } from '#contract/log.ts'
import { dateAt } from '#common/timing/zone.ts'
import type { Room, StationContext } from '../context.ts'
import type { LibraryRoom } from '../faces.ts'
import { offsetOf } from '../foundation/zones.ts'
import type { SoundName } from '../sounds/index.ts'
import { writeSound } from '../sounds/index.ts'
import type { SpeechRoom } from '../speech/index.ts'
import { demoCommunes, demoNotice, demoPeople, demoRadios, demoScreens, demoSignIn, demoStationName, type DemoRadio, type DemoScreen } from './area.ts'
import { DemoPerson } from './person.ts'
import { drawPoster } from './picture.ts'
import { fillPlan, planDays } from './plan.ts'
import { demoScripts, openingTitles, type DemoScript } from './scripts.ts'

export interface DemoDeps {
  readonly rooms: readonly Room[]
  readonly library: LibraryRoom
  readonly speech: SpeechRoom
}
export interface DemoArea {
  readonly centreId: string
  /** Unit of each demo radio and screen, by device id. */
  readonly unitOf: ReadonlyMap<string, string>
}

/** People and places: quick, so that the desk can open while the programmes are still being spoken. */
export async function fillArea(ctx: StationContext, rooms: readonly Room[]): Promise<{ person: DemoPerson; area: DemoArea }> {
  const session = await new DemoPerson(rooms, null).do('accounts.createAdministrator', { stationName: demoStationName, fullName: demoSignIn.fullName, userName: demoSignIn.userName, password: demoSignIn.password })
  const person = new DemoPerson(rooms, session.person.id)
  for (const colleague of demoPeople) await person.do('accounts.create', { ...colleague, password: demoSignIn.password, roles: [...colleague.roles] })
  await person.do('accounts.setPin', { password: demoSignIn.password, pin: demoSignIn.pin })
  const centre = await person.do('devices.createUnit', { parentId: null, name: demoStationName, level: 'trung tâm liên xã', code: 'HP' })
  const unitOf = new Map(demoScreens.filter((screen) => screen.at === null).map((screen) => [screen.dev, centre.id]))
  for (const [communeIndex, commune] of demoCommunes.entries()) {
    const unit = await person.do('devices.createUnit', { parentId: centre.id, name: commune.name, level: commune.name.startsWith('Phường') ? 'phường' : 'xã', code: commune.code })
    for (const [hamletIndex, hamlet] of commune.hamlets.entries()) {
      const hamletUnit = await person.do('devices.createUnit', { parentId: unit.id, name: hamlet, level: hamlet.startsWith('Tổ') ? 'tổ dân phố' : 'thôn', code: `${commune.code}-${hamletIndex + 1}` })
      for (const device of [...radiosAt(communeIndex, hamletIndex), ...screensAt(communeIndex, hamletIndex)]) unitOf.set(device.dev, hamletUnit.id)
    }
  }
  ctx.logger.info('demo area made', { communes: demoCommunes.length, devices: unitOf.size })
  return { person, area: { centreId: centre.id, unitOf } }
}
const radiosAt = (commune: number, hamlet: number): readonly DemoRadio[] => demoRadios.filter((radio) => radio.commune === commune && radio.hamlet === hamlet)
const screensAt = (commune: number, hamlet: number): readonly DemoScreen[] => demoScreens.filter(({ at }) => at?.commune === commune && at.hamlet === hamlet)

/** One approved notice with a picture, for all screens of the area. */
export async function fillNotice(ctx: StationContext, person: DemoPerson, area: DemoArea): Promise<void> {
  const path = join(ctx.folders.temp, 'demo-poster.png')
  writeFileSync(path, drawPoster())
  try {
    const { sha256 } = await person.do('screens.importImage', { path })
    const now = Math.floor(ctx.clock.now())
    const notice = await person.do('screens.save', {
      noticeId: null, rev: 0, title: demoNotice.title, body: demoNotice.body, image: sha256, layer: 'full', targets: { unitIds: [area.centreId], deviceIds: [] }, fromAt: now, toAt: now + demoNotice.days * 86_400_000,
    })
    await person.do('screens.approve', { noticeId: notice.id, rev: notice.rev })
  } finally {
    rmSync(path, { force: true })
  }
}

/** Speaks and imports the programmes, approves them, opens with a session and plans the days that follow. */
export async function fillProgrammes(ctx: StationContext, deps: DemoDeps, person: DemoPerson): Promise<void> {
  const { library } = deps
  const who = { personId: person.caller.personId, name: person.caller.name }
  const byTitle = new Map<string, Item>()
  await fillPlan(ctx, person)
  const sounds: readonly { name: SoundName; key: string; title: string; kind: Item['kind']; origin: Item['origin'] }[] = [
    { name: 'nhac-hieu', key: 'ident', title: 'Nhạc hiệu liên xã Hưng Phước', kind: 'jingle', origin: 'tu-san-xuat' },
    { name: 'nhac-nen', key: 'music', title: 'Nhạc nền đồng quê', kind: 'music', origin: 'trong-nuoc-khac' },
  ]
  for (const { name, key, title, kind, origin } of sounds) {
    const path = join(ctx.folders.temp, `${name}.wav`)
    await writeSound(name, path)
    const item = await library.importFile(path, { who, title, kind, moveSource: true }).item
    const described = await person.do('library.update', { itemId: item.id, rev: item.rev, origin })
    byTitle.set(key, library.approve(described.id, who))
  }
  const speak = async (script: DemoScript): Promise<void> => {
    const spoken = await deps.speech.synthesize({ text: script.text, voice: script.voice })
    const item = await library.importFile(spoken.path, { who, title: script.title, kind: script.kind }).item
    const described = await person.do('library.update', { itemId: item.id, rev: item.rev, tags: [...script.tags], origin: script.origin ?? 'tu-san-xuat', essential: script.isExtra !== true, note: script.text })
    byTitle.set(script.title, script.draft === true ? described : library.approve(described.id, who))
  }
  // What goes on air within the minute comes first: a demo that is silent for minutes looks dead.
  const first = new Set<string>(openingTitles)
  for (const script of demoScripts) if (first.has(script.title)) await speak(script)
  await addOpening(ctx, person, byTitle)
  for (const script of demoScripts) if (!first.has(script.title)) await speak(script)
  await planDays(ctx, person)
}

const SOON_MS = 25_000

/** By hand, at once; where the hour is quiet it goes out as priority, by the word of the one who filled the demo. */
async function addOpening(ctx: StationContext, person: DemoPerson, byTitle: ReadonlyMap<string, Item>): Promise<void> {
  const startAt = Math.ceil((ctx.clock.now() + SOON_MS) / 10_000) * 10_000
  const broadcastDate = dateAt(startAt, offsetOf(ctx.settings.get().zone))
  const known = new Set((await person.do('log.day', { broadcastDate })).lines.map(({ id }) => id))
  let afterLineId: string | null = null
  for (const [index, title] of openingTitles.entries()) {
    const item = byTitle.get(title)
    if (item === undefined) continue
    const { lines }: LogDay = await person.do('log.addLine', { broadcastDate, itemId: item.id, timing: index === 0 ? { kind: 'hard', at: startAt, onReach: { kind: 'cut' } } : { kind: 'follow' }, afterLineId, targetUnitIds: [] })
    afterLineId = lines.find((line) => !known.has(line.id))?.id ?? null
    for (const line of lines) known.add(line.id)
  }
  const { verdicts } = await person.do('planning.verdicts', { broadcastDate })
  for (const { lineId, mayPlay } of verdicts) if (!mayPlay) await person.do('planning.confirmLine', { broadcastDate, lineId, confirmed: true })
}
