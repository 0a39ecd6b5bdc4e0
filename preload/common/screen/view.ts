import { expandSchedule } from '#common/slots/index.ts'
import { instantUs, type AlertLetter, type DeviceConfig, type LiveLetter, type ManifestLetter, type Panel, type ScreenLetter, type TextIn } from '#common/letters/index.ts'

/** What a screen knows; all of it from signed letters. */
export interface Knowledge {
  readonly dev: string
  readonly stationName: string
  readonly config: DeviceConfig
  readonly manifest: ManifestLetter | null
  /** Accepted letters whose lease may still run. */
  readonly alerts: readonly AlertLetter[]
  readonly notices: readonly { readonly letter: ScreenLetter; readonly shownFrom: number }[]
  readonly lives: readonly LiveLetter[]
}

export interface Words {
  readonly title: string
  readonly text: string
  readonly crawl: string
}
export interface PictureRef {
  readonly sha256: string
  readonly fit: 'contain' | 'cover' | 'fill'
}
export interface NowPlaying {
  readonly title: string
  readonly live: boolean
  readonly startAt: number
  readonly endAt: number | null
}
/** One moment of the screen. Exactly one of the bases, and perhaps a band over it. */
export interface View {
  readonly base:
    | { readonly kind: 'alert'; readonly ref: string; readonly words: Words; readonly risk: number; readonly hazard: string; readonly drill: boolean }
    | { readonly kind: 'notice'; readonly ref: string; readonly words: Words; readonly picture: PictureRef | null }
    | { readonly kind: 'playing'; readonly ref: string; readonly now: NowPlaying; readonly next: { readonly title: string; readonly startAt: number } | null }
    | { readonly kind: 'card'; readonly picture: PictureRef | null; readonly next: { readonly title: string; readonly startAt: number } | null }
  readonly band: { readonly ref: string; readonly words: Words; readonly picture: PictureRef | null } | null
  readonly layer: 'alert' | 'full' | 'overlay' | 'schedule' | 'default'
}

const LANG_SEC = 8
const NEXT_WITHIN_MS = 12 * 3_600_000

/** Order of BS1 section 15: alert, full notice, overlay, schedule, card. Pure; asked several times a second. */
export function viewAt(known: Knowledge, now: number, hasPicture: (sha256: string) => boolean): View {
  const alert = known.alerts.filter((one) => alertRuns(one, now)).sort((a, b) => b.prio - a.prio || Date.parse(b.cap.sent) - Date.parse(a.cap.sent))[0]
  const due = known.notices.filter((one) => noticeRuns(one, now)).sort((a, b) => b.letter.prio - a.letter.prio || b.shownFrom - a.shownFrom)
  const full = turn(due.filter(({ letter }) => letter.layer === 'full'), now)
  const overlay = turn(due.filter(({ letter }) => letter.layer === 'overlay'), now)
  const langs = known.config.langs ?? ['vi-VN']
  const band = overlay === null ? null : { ref: overlay.letter.sid, words: wordsOf(overlay.letter.panel, langs, now, overlay.letter.title), picture: pictureOf(overlay.letter.panel, now - overlay.shownFrom, hasPicture) }
  if (alert !== undefined) {
    const words = wordsOf(alert.panel, langs, now, alert.cap.headline)
    return { base: { kind: 'alert', ref: alert.aid, words, risk: alert.panel?.risk ?? alert.risk ?? 3, hazard: alert.hazard ?? '', drill: alert.cap.status !== 'Actual' }, band: null, layer: 'alert' }
  }
  if (full !== null) {
    return { base: { kind: 'notice', ref: full.letter.sid, words: wordsOf(full.letter.panel, langs, now, full.letter.title), picture: pictureOf(full.letter.panel, now - full.shownFrom, hasPicture) }, band, layer: 'full' }
  }
  const { playing, next } = programme(known, now)
  const live = known.lives.filter((one) => one.state === 'start' && one.exp * 1000 > now && (one.startAt === undefined || instantUs(one.startAt) / 1000 <= now)).sort((a, b) => b.prio - a.prio)[0]
  if (live !== undefined) return { base: { kind: 'playing', ref: live.sid, now: { title: live.title ?? '', live: true, startAt: now, endAt: null }, next }, band, layer: band === null ? 'schedule' : 'overlay' }
  if (playing !== null) return { base: { kind: 'playing', ref: playing.ref, now: playing.now, next }, band, layer: band === null ? 'schedule' : 'overlay' }
  const card = known.manifest?.emg?.card
  return { base: { kind: 'card', picture: card !== undefined && hasPicture(card) ? { sha256: card, fit: 'cover' } : null, next }, band, layer: band === null ? 'default' : 'overlay' }
}

export function alertRuns(letter: AlertLetter, now: number): boolean {
  const end = Math.min(letter.exp * 1000 + 999, letter.cap.expires === undefined ? Infinity : Date.parse(letter.cap.expires))
  return letter.state === 'start' && now <= end && (letter.startAt === undefined || now >= instantUs(letter.startAt) / 1000)
}
export function noticeRuns(one: Knowledge['notices'][number], now: number): boolean {
  const { letter, shownFrom } = one
  const from = Math.max(shownFrom, letter.startAt === undefined ? 0 : instantUs(letter.startAt) / 1000)
  return letter.state === 'start' && now >= from && now <= letter.exp * 1000 + 999 && (letter.durSec === undefined || now < from + letter.durSec * 1000)
}

/**
 * Several at once take turns of ten seconds. A letter with its own time and length (a picture of the running programme) is no part of the
 * round: while it lasts it stands alone, and the one that began last takes the place of the one before it at that very instant.
 */
function turn(all: Knowledge['notices'], now: number): Knowledge['notices'][number] | null {
  const timed = all.filter(({ letter }) => letter.startAt !== undefined && letter.durSec !== undefined)
  const newest = timed.reduce<(typeof timed)[number] | null>((best, one) => (best === null || startOf(one) > startOf(best) ? one : best), null)
  return newest ?? all[Math.floor(now / 10_000) % Math.max(1, all.length)] ?? null
}
const startOf = ({ letter }: Knowledge['notices'][number]): number => instantUs(letter.startAt ?? '')

/** Words in the languages of this screen, one after the other. */
export function wordsOf(panel: Panel | undefined, langs: readonly string[], now: number, fallbackTitle = ''): Words {
  const present = [...new Set([...(panel?.title ?? []), ...(panel?.text ?? [])].map((one) => one.lang))]
  const mine = langs.filter((lang) => present.includes(lang))
  const shown = mine.length > 0 ? mine : present.slice(0, 1)
  const lang = shown[Math.floor(now / ((panel?.langSec ?? LANG_SEC) * 1000)) % Math.max(1, shown.length)]
  const pick = (list: readonly TextIn[] | undefined): string => list?.find((one) => one.lang === lang)?.text ?? list?.[0]?.text ?? ''
  return { title: pick(panel?.title) || fallbackTitle, text: pick(panel?.text), crawl: pick(panel?.crawl) }
}

/** The picture of this moment among those that are here; a missing or bad one is passed over. */
export function pictureOf(panel: Panel | undefined, sinceMs: number, hasPicture: (sha256: string) => boolean): PictureRef | null {
  const items = (panel?.items ?? []).filter((item) => hasPicture(item.item))
  const total = items.reduce((sum, item) => sum + (item.durSec ?? 10) * 1000, 0)
  if (total <= 0) return null
  let left = Math.max(0, sinceMs) % total
  for (const item of items) {
    left -= (item.durSec ?? 10) * 1000
    if (left < 0) return { sha256: item.item, fit: item.fit ?? 'contain' }
  }
  return null
}

export function picturesOf(known: Knowledge): { sha256: string; url: string; bytes: number | undefined }[] {
  const panels = [...known.alerts.map((one) => one.panel), ...known.notices.map((one) => one.letter.panel)]
  const items = panels.flatMap((panel) => panel?.items ?? []).map((item) => ({ sha256: item.item, url: item.url ?? `/c/${item.item}`, bytes: item.bytes }))
  const card = known.manifest?.emg?.card
  return card === undefined ? items : [...items, { sha256: card, url: `/c/${card}`, bytes: known.manifest?.items.find((item) => item.sha256 === card)?.bytes }]
}

/** By manifest object: each screen has parsed its own, so several screens of one process do not meet here. */
const expansions = new WeakMap<ManifestLetter, { readonly groups: string; readonly at: number; readonly occurrences: ReturnType<typeof expandSchedule>['occurrences'] }>()

function programme(known: Knowledge, now: number): { playing: { ref: string; now: NowPlaying } | null; next: { title: string; startAt: number } | null } {
  const { manifest } = known
  if (manifest === null) return { playing: null, next: null }
  const groups = (known.config.groups ?? []).join()
  // Expanding a week of slots several times a second would be waste: once a minute, or when something changed.
  let expanded = expansions.get(manifest)
  if (expanded === undefined || expanded.groups !== groups || Math.abs(now - expanded.at) > 60_000) {
    expanded = { groups, at: now, occurrences: expandSchedule(manifest, { dev: known.dev, groups: known.config.groups ?? [] }, now - 3_600_000, now + NEXT_WITHIN_MS).occurrences }
    expansions.set(manifest, expanded)
  }
  const running = expanded.occurrences.filter((one) => one.startAt <= now && now < one.plannedEndAt).sort((a, b) => b.slot.prio - a.slot.prio || b.startAt - a.startAt)[0]
  const following = expanded.occurrences.find((one) => one.startAt > now && one.startAt < now + NEXT_WITHIN_MS && (one.slot.title ?? '') !== '')
  const next = following === undefined ? null : { title: following.slot.title ?? '', startAt: following.startAt }
  if (running === undefined) return { playing: null, next }
  const names = new Map(manifest.items.map((item) => [item.sha256, item]))
  let at = running.startAt
  let title = running.slot.title ?? ''
  for (const play of running.slot.play ?? []) {
    const item = names.get(play.item)
    const length = (play.toMs ?? item?.durMs ?? 0) - (play.fromMs ?? 0)
    if (now < at + length || play === running.slot.play?.at(-1)) {
      title = item?.name ?? title
      break
    }
    at += length
  }
  return { playing: { ref: running.slot.slot, now: { title, live: false, startAt: at, endAt: running.plannedEndAt } }, next }
}
