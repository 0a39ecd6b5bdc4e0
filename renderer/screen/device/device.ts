import { z } from 'zod'
import { ulid } from 'ulidx'
import {
  acceptLetter, decodeUtf8, LetterInbox, MAX_MANIFEST_BYTES, parseForm, readPayload, RejectCounter, toHex,
  type AckCode, type AckStep, type AlertLetter, type DeviceConfig, type Letter, type LetterState, type LiveLetter, type ManifestLetter, type ManifestPointer, type Moment, type Primitives, type ScreenLetter, type Verdict,
} from '#common/letters/index.ts'
import { alertRuns, noticeRuns, picturesOf, type Knowledge, type View } from '#common/screen/view.ts'
import { openLink, type ScreenLink } from './link.ts'
import { openPictures, type Pictures } from './pictures.ts'
import type { Membership } from './pairing.ts'
import type { Store } from './store.ts'

export interface Remembered {
  readonly membership: Membership
  readonly letters: LetterState
  readonly config: { readonly rev: number; readonly ep: number; readonly cfg: DeviceConfig }
}
export interface DeviceParts {
  readonly dev: string
  readonly store: Store
  readonly primitives: Primitives
  readonly remembered: Remembered
}

/** A paired screen: letters in, knowledge out, reports back. Goes on from what it stored when the station is away. */
export interface ScreenDevice {
  now(): number
  knowledge(): Knowledge
  readonly pictures: Pictures
  readonly connected: boolean
  /** What stands on the screen now: for telemetry and proof of play. */
  shown(view: View): void
  fail(ref: string, text: string): void
}

const Kept = z.object({ shownFrom: z.number(), letter: z.unknown() })
const HeldManifest = z.object({ sha256: z.string(), body: z.string() })
const FW = '0.1.0'
const HW = 'vangxa-kiosk'
const CAPS = ['screen', 'screen.full', 'screen.overlay', 'screen.alert', 'screen.now-playing']
const OUTBOX_MAX = 300

export async function openDevice({ dev, store, primitives, remembered }: DeviceParts): Promise<ScreenDevice> {
  const boot = ulid()
  const { membership } = remembered
  const started = performance.now()
  let offsetMs = 0
  const now = (): number => Date.now() + offsetMs
  const moment = (): Moment => ({ nowMs: now(), monotonicMs: performance.now(), bootMs: now() - (performance.now() - started) })
  let config = remembered.config
  let manifest: ManifestLetter | null = null
  let manifestSha = ''
  const running = new Map<string, { letter: AlertLetter | ScreenLetter | LiveLetter; shownFrom: number }>()
  const lastAck = new Map<string, object>()
  const rejects = new RejectCounter()
  const outbox: object[] = []
  let refused = 0
  let notForMe = 0
  let teleCount = 0
  let current: { layer: View['layer']; ref: string; since: number } = { layer: 'default', ref: '', since: now() }
  const iso = (ms = now()): string => new Date(ms).toISOString()

  const pictures = await openPictures({
    secret: () => membership.secret,
    onReady: () => reported(),
    onFail: (sha256, code) => event('screen.fail', { sha256, code }),
  })
  const inbox = new LetterInbox({ ...remembered.letters, clockOk: true }, { primitives, moment, store: (state) => store.set('letters', state) })
  let link: ScreenLink | null = null

  function publish(report: 'reported' | 'tele' | 'ack' | 'evt', body: object): Promise<boolean> {
    return link?.publish(report, body) ?? Promise.resolve(false)
  }
  function ack(letter: Letter, st: AckStep, code: AckCode = 'ok'): void {
    const subj = letter.typ === 'screen' || letter.typ === 'live' ? letter.sid : letter.typ === 'alert' ? letter.aid : undefined
    const body = { v: 1, ref: letter.id, ...(subj === undefined ? {} : { subj }), st, code, at: iso(), clk: 'ntp' }
    lastAck.set(letter.id, body)
    if (lastAck.size > 200) lastAck.delete([...lastAck.keys()][0] ?? '')
    void publish('ack', body)
  }
  function event(kind: string, d: Record<string, unknown>): void {
    outbox.push({ v: 1, id: ulid(), at: iso(), kind, d })
    if (outbox.length > OUTBOX_MAX) outbox.shift()
    void store.set('outbox', [...outbox])
    void flush()
  }
  let flushing = false
  async function flush(): Promise<void> {
    if (flushing) return
    flushing = true
    try {
      for (let first = outbox[0]; first !== undefined; first = outbox[0]) {
        if (!(await publish('evt', first))) return
        outbox.shift()
        await store.set('outbox', [...outbox])
      }
    } finally {
      flushing = false
    }
  }
  let reportTimer: ReturnType<typeof setTimeout> | null = null
  function reported(): void {
    reportTimer ??= setTimeout(() => {
      reportTimer = null
      const wanted = picturesOf(knowledge())
      void publish('reported', {
        v: 1, at: iso(), rev: config.rev, ep: config.ep, proto: '1.0', fw: FW, hw: HW, maker: 'VangXa', caps: CAPS, display: { wPx: Math.max(1, innerWidth), hPx: Math.max(1, innerHeight), on: document.visibilityState === 'visible' },
        manifest: { ver: manifest?.ver ?? 0, have: wanted.filter((one) => pictures.has(one.sha256)).length, need: wanted.length, state: 'ok' }, keys: { rev: inbox.state.trust.rev, epochs: inbox.state.epochs },
      })
    }, 300)
  }
  function tele(): void {
    void publish('tele', {
      v: 1, n: teleCount++, at: iso(), up: Math.floor((performance.now() - started) / 1000), run: current.layer === 'alert' ? 'alert' : current.layer === 'default' ? 'idle' : 'schedule', clk: { src: 'ntp' }, sec: { rej: refused, nfm: notForMe },
      scr: { on: document.visibilityState === 'visible', item: current.ref.slice(0, 64), layer: current.layer },
    })
  }

  function keepRunning(): void {
    void store.set('running', [...running.values()])
  }
  async function receive(payload: Uint8Array): Promise<void> {
    if (payload.length === 0) return
    const verdict = await inbox.feed(new Uint8Array(payload))
    const { letter } = verdict
    if (verdict.code === 'not_for_me') notForMe++
    if (verdict.event === 'sec.reject') told(verdict)
    if (letter === null) return
    if (verdict.ack?.st === 'rejected' && verdict.ack.code !== '*') ack(letter, 'rejected', verdict.ack.code)
    if (verdict.ack?.st === '*') void publish('ack', { ...(lastAck.get(letter.id) ?? { v: 1, ref: letter.id, st: 'accepted', code: 'ok' }), at: iso(), rep: true })
    if (verdict.action === 'set_clock' && letter.typ === 'time' && Math.abs(letter.t - now()) > 1000) offsetMs += letter.t - now()
    if (verdict.action === 'apply') apply(letter)
  }
  function told(verdict: Verdict): void {
    refused++
    const count = rejects.add(verdict.code, performance.now())
    if (count !== null) event('sec.reject', { code: verdict.code, count })
  }
  function apply(letter: Letter): void {
    switch (letter.typ) {
      case 'desired': {
        config = { rev: letter.rev, ep: letter.ep, cfg: letter.cfg }
        void store.set('config', config)
        link?.resubscribe()
        void follow(letter.cfg.manifest)
        return reported()
      }
      case 'keys': return reported()
      case 'screen': {
        if (letter.state === 'stop') {
          const had = running.delete(`screen:${letter.sid}`)
          keepRunning()
          return ack(letter, 'done', had ? 'ok' : 'ok')
        }
        const known = running.get(`screen:${letter.sid}`)
        running.set(`screen:${letter.sid}`, { letter, shownFrom: known?.shownFrom ?? now() })
        keepRunning()
        pictures.want(picturesOf(knowledge()))
        return ack(letter, 'accepted')
      }
      case 'alert': {
        for (const aid of letter.replaces ?? []) if (running.get(`alert:${aid}`)?.letter.iss === letter.iss) running.delete(`alert:${aid}`)
        if (letter.state === 'stop') running.delete(`alert:${letter.aid}`)
        else running.set(`alert:${letter.aid}`, { letter, shownFrom: running.get(`alert:${letter.aid}`)?.shownFrom ?? now() })
        keepRunning()
        pictures.want(picturesOf(knowledge()))
        return ack(letter, letter.state === 'stop' ? 'done' : 'accepted')
      }
      case 'live': {
        // A screen makes no sound; it only tells what is on the air.
        if (letter.state === 'start') running.set(`live:${letter.sid}`, { letter: { ...runningLive(letter.sid), ...letter }, shownFrom: now() })
        else if (letter.state === 'stop') running.delete(`live:${letter.sid}`)
        keepRunning()
        return letter.state === 'stop' ? ack(letter, 'done') : ack(letter, 'rejected', 'unsupported')
      }
      case 'cmd': {
        if (letter.op !== 'sync') return ack(letter, 'rejected', 'unsupported')
        reported()
        tele()
        void follow(config.cfg.manifest)
        return ack(letter, 'done')
      }
      case 'time': case 'manifest':
    }
  }
  const runningLive = (sid: string): Partial<LiveLetter> => {
    const known = running.get(`live:${sid}`)?.letter
    return known?.typ === 'live' ? known : {}
  }

  /** The manifest the configuration names: fetched, checked, judged, kept. */
  async function follow(pointer: ManifestPointer | undefined): Promise<void> {
    if (pointer === undefined || pointer.sha256 === manifestSha) return
    try {
      const response = await fetch(pointer.url, { headers: { authorization: `Bearer ${membership.secret}` }, cache: 'no-store' })
      if (!response.ok) return
      const body = new Uint8Array(await response.arrayBuffer())
      if (toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', body))) !== pointer.sha256) return event('cache.fail', { code: 'bad_hash', ver: String(pointer.ver) })
      const verdict = await acceptLetter(body, inbox.state, moment(), primitives, { maxBytes: MAX_MANIFEST_BYTES })
      if (verdict.action !== 'apply' || verdict.letter?.typ !== 'manifest') return event('cache.fail', { code: verdict.code, ver: String(pointer.ver) })
      manifest = verdict.letter
      manifestSha = pointer.sha256
      await store.set('manifest', { sha256: pointer.sha256, body: decodeUtf8(body) })
      pictures.want(picturesOf(knowledge()))
      reported()
    } catch {
      // The station is away; what is held stays in force and the next turn tries again.
    }
  }

  const knowledge = (): Knowledge => {
    const all = [...running.values()]
    return {
      dev, stationName: membership.orgName, config: config.cfg, manifest,
      alerts: all.flatMap(({ letter }) => (letter.typ === 'alert' ? [letter] : [])),
      notices: all.flatMap(({ letter, shownFrom }) => (letter.typ === 'screen' ? [{ letter, shownFrom }] : [])),
      lives: all.flatMap(({ letter }) => (letter.typ === 'live' ? [letter] : [])),
    }
  }

  // What was stored: the screen shows it again before anybody answers.
  const held = HeldManifest.safeParse(await store.get('manifest'))
  if (held.success) {
    const payload = parseForm(held.data.body)?.payloads[0]
    const value = payload === undefined ? null : readPayload(payload)
    if (isManifest(value, primitives)) {
      manifest = value
      manifestSha = held.data.sha256
    }
  }
  const kept = z.array(Kept).safeParse(await store.get('running'))
  for (const { letter, shownFrom } of kept.success ? kept.data : []) {
    if (!isShown(letter, primitives) || letter.exp * 1000 < now()) continue
    running.set(letter.typ === 'alert' ? `alert:${letter.aid}` : `${letter.typ}:${letter.sid}`, { letter, shownFrom })
  }
  const waiting = z.array(z.looseObject({})).safeParse(await store.get('outbox'))
  if (waiting.success) outbox.push(...waiting.data.map((one) => ({ ...one, late: true })))
  pictures.want(picturesOf(knowledge()))

  link = openLink({
    dev, org: membership.org, secret: membership.secret, boot,
    servers: () => config.cfg.servers?.mqtt?.map((server) => server.url) ?? membership.mqtt,
    groups: () => config.cfg.groups ?? [],
    onLetter: (payload) => void receive(payload),
    onUp: () => {
      reported()
      tele()
      void follow(config.cfg.manifest)
      void flush()
    },
    onDown: () => undefined,
  })
  event('boot', { ver: FW })
  setInterval(() => {
    tele()
    void follow(config.cfg.manifest)
  }, 60_000)
  setInterval(() => {
    pictures.want(picturesOf(knowledge()))
    let changed = false
    for (const [subject, { letter, shownFrom }] of running) {
      const alive = letter.typ === 'alert' ? alertRuns(letter, now()) || letter.exp * 1000 > now() : letter.typ === 'screen' ? noticeRuns({ letter, shownFrom }, now()) || letter.exp * 1000 > now() : letter.exp * 1000 > now()
      if (alive) continue
      running.delete(subject)
      changed = true
    }
    if (changed) keepRunning()
  }, 5000)

  return {
    now, knowledge, pictures,
    get connected() {
      return link?.connected ?? false
    },
    shown(view) {
      const ref = view.base.kind === 'card' ? '' : view.base.ref
      if (view.layer === current.layer && ref === current.ref) return
      if (current.ref !== '') event('play.end', { ref: current.ref.slice(0, 32), shown: 1, from: iso(current.since), to: iso() })
      current = { layer: view.layer, ref, since: now() }
      const letter = running.get(`${view.base.kind === 'alert' ? 'alert' : 'screen'}:${ref}`)?.letter
      if (letter !== undefined) ack(letter, 'started')
      tele()
    },
    fail: (ref, text) => event('screen.fail', { ref: ref.slice(0, 32), text: text.slice(0, 200) }),
  }
}

function isManifest(value: unknown, primitives: Primitives): value is ManifestLetter {
  return primitives.validate('manifest', value)
}
function isShown(value: unknown, primitives: Primitives): value is AlertLetter | ScreenLetter | LiveLetter {
  if (typeof value !== 'object' || value === null || !('typ' in value)) return false
  return (value.typ === 'alert' || value.typ === 'screen' || value.typ === 'live') && primitives.validate(value.typ, value)
}
