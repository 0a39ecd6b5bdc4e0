import { createHash } from 'node:crypto'
import { readFileSync, rmSync } from 'node:fs'
import { emergencyContent, expandSchedule, slotContent, type Occurrence } from '#common/slots/index.ts'
import { decodeUtf8, MAX_MANIFEST_BYTES, parseForm, readPayload, type ContentItem, type ManifestLetter, type ManifestPointer, type Primitives, type Verdict } from '#common/letters/index.ts'
import type { Flash } from '../flash.ts'
import { writeFileAtomic } from '../flash.ts'
import { readBody, type HttpClient } from '../link/http.ts'
import type { PcmLibrary } from '../player/pcm-library.ts'
import { SoundError, soundErrorCode, type Sounds } from '../player/voice.ts'
import { download } from './download.ts'
import type { ContentStore } from './store.ts'

export interface ContentReport {
  readonly ver: number
  readonly next?: number
  readonly have: number
  readonly need: number
  readonly missing: readonly string[]
  readonly bytesLeft: number
  readonly state: 'ok' | 'fetching' | 'waiting' | 'failed'
  readonly emgHave: number
  readonly emgNeed: number
}

export interface ContentLibraryOptions {
  readonly flash: Flash
  readonly store: ContentStore
  readonly pcm: PcmLibrary
  readonly http: HttpClient
  readonly primitives: Primitives
  readonly now: () => number
  readonly audience: () => { readonly dev: string; readonly groups: readonly string[] }
  /** Runs the acceptance rules over a fetched manifest. */
  readonly accept: (body: Uint8Array) => Promise<Verdict>
  /** True while downloads must stand back. */
  readonly busy: () => boolean
  readonly onPlan: (manifest: ManifestLetter) => void
  readonly onReport: () => void
  readonly onEvent: (kind: 'cache.ready' | 'cache.fail' | 'cache.evict', d: Record<string, unknown>) => void
}

/** Manifest in force and the one on its way, and every file they name. The radio plays from here alone. */
export interface ContentLibrary extends Sounds {
  readonly manifest: ManifestLetter | null
  /** The pointer of the configuration in force; null = none yet. */
  follow(pointer: ManifestPointer | undefined): void
  /** Looks again for what is missing (link is back, groups changed). */
  refresh(): void
  report(): ContentReport
  close(): Promise<void>
}

const DAY_MS = 86_400_000
const PLAY_DAYS_MS = 8 * DAY_MS
const HOLD_OFF_MS = 30_000
const RETRY_MS = [2_000, 5_000, 15_000, 30_000, 60_000]

interface Held {
  readonly sha256: string
  readonly letter: ManifestLetter
}

export function openContentLibrary(options: ContentLibraryOptions): ContentLibrary {
  const { flash, store, pcm, http, primitives } = options
  const stopped = new AbortController()
  let current: Held | null = load('manifest.jws')
  let next: Held | null = load('manifest-next.jws')
  let pointer: ManifestPointer | undefined
  let state: ContentReport['state'] = 'ok'
  let failures = 0
  let wakeUp: (() => void) | null = null
  const refused = new Set<string>()
  const heldOff = new Map<string, number>()
  const urgent = new Map<string, Promise<void>>()

  /** A stored manifest was judged when it came; only that its bytes are still those matters now. */
  function load(name: string): Held | null {
    const known = flash.read(`${name}.json`)
    if (typeof known !== 'object' || known === null || !('sha256' in known) || typeof known.sha256 !== 'string') return null
    try {
      const body = readFileSync(flash.path(name))
      const letter = createHash('sha256').update(body).digest('hex') === known.sha256 ? parse(body) : null
      return letter === null ? null : { sha256: known.sha256, letter }
    } catch {
      return null
    }
  }
  function parse(body: Uint8Array): ManifestLetter | null {
    const payload = parseForm(decodeUtf8(body) ?? '')?.payloads[0]
    const value = payload === undefined ? null : readPayload(payload)
    return isManifest(value, primitives) ? value : null
  }
  function keep(name: string, held: Held, body: Uint8Array): void {
    writeFileAtomic(flash.path(name), body)
    flash.write(`${name}.json`, { sha256: held.sha256 })
  }

  const occurrences = (letter: ManifestLetter, fromAt: number, toAt: number): Occurrence[] => expandSchedule(letter, options.audience(), fromAt, toAt).occurrences
  const itemsOf = (letter: ManifestLetter): Map<string, ContentItem> => new Map(letter.items.map((item) => [item.sha256, item]))

  /** Content in the order it will be needed; the emergency set right after what is due within ten minutes. */
  function needs(letter: ManifestLetter, horizonMs: number): string[] {
    const now = options.now()
    const emg = emergencyContent(letter.emg)
    const due = occurrences(letter, now, now + horizonMs).filter((one) => one.slot.kind !== 'screen')
    const soon = due.filter((one) => one.startAt < now + 600_000).flatMap((one) => slotContent(one.slot))
    return [...new Set([...soon, ...emg, ...due.flatMap((one) => slotContent(one.slot))])]
  }
  const missing = (letter: ManifestLetter, horizonMs: number): string[] => needs(letter, horizonMs).filter((sha256) => !store.has(sha256))

  async function fetchManifest(target: ManifestPointer): Promise<void> {
    const answer = await http.get(target.url, { signal: stopped.signal })
    if (answer.status !== 200) {
      answer.body.resume()
      throw new SoundError(answer.status === 404 ? 'no_file' : 'net')
    }
    const body = await readBody(answer, MAX_MANIFEST_BYTES)
    const sha256 = createHash('sha256').update(body).digest('hex')
    if (sha256 !== target.sha256) throw new SoundError('bad_hash')
    const verdict = await options.accept(body)
    if (verdict.action !== 'apply' || verdict.letter?.typ !== 'manifest' || verdict.letter.ver !== target.ver) {
      refused.add(target.sha256)
      throw new SoundError('internal', new Error(`manifest refused: ${verdict.code}`))
    }
    next = { sha256, letter: verdict.letter }
    keep('manifest-next.jws', next, body)
  }

  function switchOver(): void {
    if (next === null) return
    const held = next
    keep('manifest.jws', held, readFileSync(flash.path('manifest-next.jws')))
    rmSync(flash.path('manifest-next.jws.json'), { force: true })
    rmSync(flash.path('manifest-next.jws'), { force: true })
    current = held
    next = null
    state = 'ok'
    options.onEvent('cache.ready', { ver: String(held.letter.ver) })
    options.onPlan(held.letter)
    options.onReport()
  }

  /** What may go when room is needed: files of no plan first, then `lru`, then those past their time. */
  function evictable(): string[] {
    const plans = [current?.letter, next?.letter].filter((letter) => letter !== undefined)
    const keepNow = new Set(plans.flatMap((letter) => needs(letter, PLAY_DAYS_MS)))
    const items = new Map(plans.flatMap((letter) => letter.items.map((item): [string, ContentItem] => [item.sha256, item])))
    const others = store.all().filter((sha256) => !keepNow.has(sha256) && items.get(sha256)?.keep !== 'pin')
    const rank = (sha256: string): number => {
      const item = items.get(sha256)
      return item === undefined ? 0 : item.keep === 'lru' ? 1 : Date.parse(item.until ?? '') < options.now() ? 2 : 3
    }
    return others.filter((sha256) => rank(sha256) < 3).sort((a, b) => rank(a) - rank(b))
  }

  async function fetchItem(letter: ManifestLetter, sha256: string): Promise<void> {
    const item = itemsOf(letter).get(sha256)
    const bytes = item?.bytes ?? 0
    if (!(await store.roomFor(bytes))) {
      for (const gone of await store.evict(bytes, evictable())) options.onEvent('cache.evict', { sha256: gone })
      if (!(await store.roomFor(bytes))) throw new SoundError('disk_full')
    }
    try {
      await download({ sha256, bytes: item?.bytes, urls: item?.urls, chunks: item?.chunks }, { http, store, mayRun: standBack, signal: stopped.signal })
      heldOff.delete(sha256)
    } catch (error) {
      const code = soundErrorCode(error)
      if (code === 'net' || code === 'disk_full' || stopped.signal.aborted) throw error
      // One bad file must not hold up the others.
      heldOff.set(sha256, options.now() + HOLD_OFF_MS)
      options.onEvent('cache.fail', { code, sha256 })
    }
    options.onReport()
  }
  async function standBack(): Promise<void> {
    while (options.busy() && !stopped.signal.aborted) await pause(500)
  }
  function pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(done, ms)
      function done(): void {
        clearTimeout(timer)
        stopped.signal.removeEventListener('abort', done)
        wakeUp = null
        resolve()
      }
      wakeUp = done
      stopped.signal.addEventListener('abort', done)
    })
  }

  /** One worker for the life of the device: newest manifest, then files by time of need, then wait. */
  async function work(): Promise<void> {
    while (!stopped.signal.aborted) {
      let wait = 30_000
      try {
        const target = pointer
        if (target !== undefined && target.sha256 !== current?.sha256 && target.sha256 !== next?.sha256 && !refused.has(target.sha256)) {
          state = 'fetching'
          await fetchManifest(target)
        }
        if (next !== null && target !== undefined && target.sha256 === current?.sha256) next = null
        if (next !== null && missing(next.letter, DAY_MS).length === 0) switchOver()
        const plan = next ?? current
        const absent = plan === null ? [] : missing(plan.letter, next !== null ? DAY_MS : PLAY_DAYS_MS)
        const sha256 = absent.find((one) => (heldOff.get(one) ?? 0) < options.now())
        if (plan !== null && sha256 !== undefined) {
          state = 'fetching'
          await fetchItem(plan.letter, sha256)
          wait = 0
        } else if (absent.length === 0 && next !== null) wait = 0
        else if (state === 'fetching' || absent.length === 0) {
          const settled = absent.length === 0 ? 'ok' : 'waiting'
          if (state !== settled) {
            state = settled
            options.onReport()
          }
        }
        failures = 0
      } catch (error) {
        if (stopped.signal.aborted) return
        const code = soundErrorCode(error)
        state = code === 'disk_full' || code === 'bad_hash' ? 'failed' : 'waiting'
        if (failures === 0 || code === 'disk_full') options.onEvent('cache.fail', { code, ...(next === null && pointer === undefined ? {} : { ver: String(pointer?.ver ?? next?.letter.ver ?? 0) }), text: (error instanceof Error ? String(error.cause ?? error.message) : '').slice(0, 200) })
        options.onReport()
        wait = RETRY_MS[Math.min(failures, RETRY_MS.length - 1)] ?? 60_000
        failures++
      }
      if (wait > 0) await pause(wait)
    }
  }
  const worker = work()

  /** Fetches a single file now, for an alert or an order. */
  function fetchNow(sha256: string, url: string | undefined): Promise<void> {
    const running = urgent.get(sha256)
    if (running !== undefined) return running
    const job = download({ sha256, urls: url === undefined ? [`/c/${sha256}`] : [url] }, { http, store, mayRun: () => Promise.resolve(), signal: stopped.signal }).finally(() => urgent.delete(sha256))
    urgent.set(sha256, job)
    return job
  }

  return {
    get manifest() {
      return current?.letter ?? null
    },
    follow(target) {
      pointer = target
      wakeUp?.()
    },
    refresh() {
      failures = 0
      heldOff.clear()
      wakeUp?.()
    },
    peek: (sha256) => pcm.ready(sha256),
    async get(sha256, { urgent: now = false, url, fetch = false } = {}) {
      const known = pcm.ready(sha256)
      if (known !== null) return known
      if (!store.has(sha256) && fetch) await fetchNow(sha256, url)
      const file = await store.checked(sha256)
      try {
        return await pcm.decode(sha256, file, now)
      } catch (error) {
        throw new SoundError('internal', error)
      }
    },
    report() {
      const plan = next ?? current
      if (plan === null) return { ver: 0, have: 0, need: 0, missing: [], bytesLeft: 0, state, emgHave: 0, emgNeed: 0 }
      const needed = needs(plan.letter, PLAY_DAYS_MS)
      const absent = needed.filter((sha256) => !store.has(sha256))
      const items = itemsOf(plan.letter)
      const emg = emergencyContent((current ?? plan).letter.emg)
      return {
        ver: current?.letter.ver ?? 0, ...(next === null ? {} : { next: next.letter.ver }), have: needed.length - absent.length, need: needed.length, missing: absent.slice(0, 50),
        bytesLeft: absent.reduce((sum, sha256) => sum + (items.get(sha256)?.bytes ?? 0), 0), state, emgHave: emg.filter((sha256) => store.has(sha256)).length, emgNeed: emg.length,
      }
    },
    async close() {
      stopped.abort()
      wakeUp?.()
      await worker
    },
  }
}

function isManifest(value: unknown, primitives: Primitives): value is ManifestLetter {
  return typeof value === 'object' && value !== null && 'typ' in value && value.typ === 'manifest' && primitives.validate('manifest', value)
}
