import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync } from 'node:fs'
import { z } from 'zod'
import { decodeUtf8, MAX_MANIFEST_BYTES, parseForm, readPayload, type AcceptOptions, type DeviceConfig, type LetterState, type ManifestLetter, type ManifestPointer, type Primitives } from '#common/letters/index.ts'
import type { DeviceClock } from '../clock.ts'
import { openContentStore } from '../content/store.ts'
import { writeFileAtomic, type Flash } from '../flash.ts'
import type { Identity } from '../identity.ts'
import { openHttpClient, readBody } from '../link/http.ts'
import { openSession } from '../link/session.ts'
import type { Membership } from '../pairing.ts'
import { openAcks, openEvents } from '../reports.ts'
import { openBoard } from './board.ts'
import { openPictures } from './pictures.ts'

export const SCREEN_CAPS = ['screen', 'screen.full', 'screen.overlay', 'screen.alert', 'screen.now-playing']
export const SCREEN_HW = 'vangxa-screen'

export interface ScreenCoreOptions {
  readonly folder: string
  readonly flash: Flash
  readonly identity: Identity
  readonly membership: Membership
  /** `https://host:port` it paired with: pictures and manifests come from there while the configuration names no other server. */
  readonly station: string
  readonly letters: LetterState
  readonly primitives: Primitives
  readonly clock: DeviceClock
  readonly fw: string
  readonly simulated: boolean
  readonly diskBytes: number
  readonly acceptOptions: AcceptOptions
  readonly newId: () => string
  readonly random: () => number
  readonly log: (text: string) => void
}
export interface ScreenFigures {
  readonly connected: boolean
  readonly layer: string
  readonly item: string
  readonly title: string
  readonly pictures: number
  readonly rejected: number
}
/** One boot of a paired screen without a display. */
export interface ScreenCore {
  figures(): ScreenFigures
  close(reason: 'shutdown' | 'reboot'): Promise<void>
}

const SavedConfig = z.object({ rev: z.number(), ep: z.number(), cfg: z.unknown() })
const LOOK_MS = 500
const FOLLOW_MS = 10_000

export function openScreenCore(options: ScreenCoreOptions): ScreenCore {
  const { flash, clock, identity, membership, primitives } = options
  const started = clock.monotonicMs()
  const at = (): string => new Date(clock.now()).toISOString()
  mkdirSync(`${options.folder}/content`, { recursive: true })
  const stopped = new AbortController()
  const saved = SavedConfig.safeParse(flash.read('desired.json'))
  let config: { rev: number; ep: number; cfg: DeviceConfig } = saved.success && isConfig(saved.data.cfg, primitives) ? { ...saved.data, cfg: saved.data.cfg } : { rev: 0, ep: 0, cfg: {} }
  let manifest = heldManifest()
  let following = false
  let teleCount = 0
  let lastTeleAt = -Infinity
  let reportTimer: NodeJS.Timeout | null = null
  let layerBefore = ''

  const tls = { cert: membership.cert, key: identity.key, ca: membership.ca }
  const httpServers = () => config.cfg.servers?.http ?? []
  const http = openHttpClient({ servers: httpServers().length > 0 ? httpServers() : [{ url: options.station }], identity: tls })
  const session = openSession({
    dev: identity.dev, org: membership.org, boot: options.newId(), fw: options.fw, simulated: options.simulated, identity: () => tls, secret: membership.secret,
    servers: () => config.cfg.servers?.mqtt ?? membership.servers.mqtt, groups: () => config.cfg.groups ?? [], keepaliveSec: () => config.cfg.keepaliveSec ?? 30, now: () => clock.now(), random: options.random,
    onLetter: (payload, topic) => {
      if (!topic.endsWith('/studio')) void board.receive(payload)
    },
    onUp: () => {
      sendAll()
      acks.repeatAll(board.subjects())
      events.flush()
      void follow(config.cfg.manifest)
    },
    onDown: () => options.log('link lost'),
  })
  const acks = openAcks({ clock, publish: (report, body) => session.publish(report, body) })
  const events = openEvents({ clock, flash, publish: (report, body) => session.publish(report, body), newId: options.newId })
  const pictures = openPictures({
    http, store: openContentStore(`${options.folder}/content`, { budgetBytes: options.diskBytes }), monotonicMs: () => clock.monotonicMs(), onReady: () => changed(), onFail: (sha256, code) => events.add('screen.fail', { sha256, code }),
  })
  const board = openBoard({
    dev: identity.dev, stationName: membership.orgName, letters: options.letters, primitives, acceptOptions: options.acceptOptions, clock, flash, acks, event: (kind, d) => events.add(kind, d), pictures,
    config: () => config.cfg, manifest: () => manifest?.letter ?? null,
    onDesired({ rev, ep, cfg }) {
      config = { rev, ep, cfg }
      flash.write('desired.json', config)
      if (httpServers().length > 0) http.setServers(httpServers())
      void session.resubscribe()
      void follow(cfg.manifest)
      changed()
    },
    onCommand(letter, target) {
      if (letter.op !== 'sync') return acks.step(target, 'rejected', 'unsupported')
      sendAll()
      void follow(config.cfg.manifest)
      acks.step(target, 'done')
    },
    onChange: () => {
      changed()
      void tele()
    },
  })

  function changed(): void {
    if (!stopped.signal.aborted) reportTimer ??= setTimeout(() => void reported(), 300)
  }
  async function reported(): Promise<void> {
    if (reportTimer !== null) clearTimeout(reportTimer)
    reportTimer = null
    const wanted = board.wanted()
    await session.publish('reported', {
      v: 1, at: at(), rev: config.rev, ep: config.ep, proto: '1.0', fw: options.fw, hw: SCREEN_HW, maker: 'VangXa', caps: SCREEN_CAPS, display: { wPx: 1280, hPx: 720, on: true },
      manifest: { ver: manifest?.letter.ver ?? 0, have: wanted.filter((one) => pictures.has(one.sha256)).length, need: wanted.length, state: 'ok' }, keys: { rev: board.letters.trust.rev, epochs: board.letters.epochs },
    })
  }
  async function tele(): Promise<void> {
    lastTeleAt = clock.monotonicMs()
    const { layer } = board.view
    if (layer !== layerBefore) options.log(`shows ${layer} ${titleShown()}`.trimEnd())
    layerBefore = layer
    await session.publish('tele', {
      v: 1, n: teleCount++, at: at(), up: Math.floor((clock.monotonicMs() - started) / 1000), run: layer === 'alert' ? 'alert' : layer === 'default' ? 'idle' : 'schedule', clk: { src: clock.source }, sec: board.counters,
      scr: { on: true, item: itemShown().slice(0, 64), layer },
    })
  }
  function sendAll(): void {
    void reported()
    void tele()
  }
  function itemShown(): string {
    const { base } = board.view
    return base.kind === 'card' ? '' : base.ref
  }
  function titleShown(): string {
    const { base } = board.view
    return base.kind === 'card' ? '' : base.kind === 'playing' ? base.now.title : base.words.title
  }

  function parse(body: Uint8Array): ManifestLetter | null {
    const payload = parseForm(decodeUtf8(body) ?? '')?.payloads[0]
    const value = payload === undefined ? null : readPayload(payload)
    return isManifest(value, primitives) ? value : null
  }
  /** It was judged when it came. */
  function heldManifest(): { sha256: string; letter: ManifestLetter } | null {
    try {
      const body = readFileSync(flash.path('manifest.jws'))
      const letter = parse(body)
      return letter === null ? null : { sha256: createHash('sha256').update(body).digest('hex'), letter }
    } catch {
      // None yet.
      return null
    }
  }
  async function follow(pointer: ManifestPointer | undefined): Promise<void> {
    if (pointer === undefined || pointer.sha256 === manifest?.sha256 || following) return
    following = true
    try {
      const answer = await http.get(pointer.url, { signal: stopped.signal })
      const body = await readBody(answer, MAX_MANIFEST_BYTES)
      if (answer.status !== 200) return
      if (createHash('sha256').update(body).digest('hex') !== pointer.sha256) return events.add('cache.fail', { code: 'bad_hash', ver: String(pointer.ver) })
      const verdict = await board.judge(body)
      if (verdict.action !== 'apply' || verdict.letter?.typ !== 'manifest') return events.add('cache.fail', { code: verdict.code, ver: String(pointer.ver) })
      writeFileAtomic(flash.path('manifest.jws'), body)
      manifest = { sha256: pointer.sha256, letter: verdict.letter }
      changed()
    } catch {
      // The station is away; what is held stays in force and the next turn tries again.
    } finally {
      following = false
    }
  }

  const looking = setInterval(() => {
    board.look()
    if (session.connected && clock.monotonicMs() - lastTeleAt >= (config.cfg.teleSec ?? 60) * 1000) void tele()
  }, LOOK_MS)
  const followingTimer = setInterval(() => void follow(config.cfg.manifest), FOLLOW_MS)
  events.add('boot', { cause: 'power', ver: options.fw })
  board.look()

  return {
    figures: () => ({ connected: session.connected, layer: board.view.layer, item: itemShown(), title: titleShown(), pictures: board.wanted().filter((one) => pictures.has(one.sha256)).length, rejected: board.counters.rej }),
    async close(reason) {
      stopped.abort()
      clearInterval(looking)
      clearInterval(followingTimer)
      if (reportTimer !== null) clearTimeout(reportTimer)
      await session.close(reason)
      events.close()
      await pictures.close()
      http.close()
    },
  }
}

function isConfig(value: unknown, primitives: Primitives): value is DeviceConfig {
  return primitives.validate('cfg', value)
}
function isManifest(value: unknown, primitives: Primitives): value is ManifestLetter {
  return typeof value === 'object' && value !== null && 'typ' in value && value.typ === 'manifest' && primitives.validate('manifest', value)
}
