import { mkdirSync } from 'node:fs'
import { z } from 'zod'
import {
  acceptLetter, clockFrom, LetterInbox, MAX_MANIFEST_BYTES, RejectCounter, type AcceptOptions, type DeviceConfig, type Letter, type LetterState, type Moment, type Primitives, type Server, type Verdict,
} from '#common/letters/index.ts'
import type { DeviceClock } from './clock.ts'
import { settingsOf, type RadioSettings } from './config.ts'
import { openContentLibrary } from './content/library.ts'
import { openContentStore } from './content/store.ts'
import type { Flash } from './flash.ts'
import { openSimulatedHardware } from './hardware.ts'
import type { Identity } from './identity.ts'
import { openHttpClient } from './link/http.ts'
import { openSession } from './link/session.ts'
import type { TlsIdentity } from './link/tls.ts'
import type { Sink } from './output/sink.ts'
import type { Membership } from './pairing.ts'
import type { PcmLibrary } from './player/pcm-library.ts'
import { openPlayer, type PlayerFigures } from './player/player.ts'
import type { Timeline } from './player/timeline.ts'
import { openAcks, openEvents } from './reports.ts'
import { openRunningLetters } from './running.ts'
import { openStatus } from './status.ts'

export interface CoreOptions {
  readonly folder: string
  readonly flash: Flash
  readonly identity: Identity
  readonly membership: Membership
  readonly letters: LetterState
  readonly primitives: Primitives
  readonly clock: DeviceClock
  readonly pcm: PcmLibrary
  readonly hw: string
  readonly fw: string
  readonly caps: readonly string[]
  readonly simulated: boolean
  readonly ampWarmMs: number
  readonly diskBytes: number
  readonly acceptOptions: AcceptOptions
  readonly openSinks: (timeline: Timeline) => Sink[]
  readonly newId: () => string
  readonly random: () => number
  readonly onReboot: () => void
  readonly log: (text: string) => void
}

/** One boot of a paired radio: letters in, sound out, reports back. */
export interface RadioCore {
  figures(): PlayerFigures & { readonly connected: boolean; readonly manifestVer: number; readonly have: number; readonly need: number; readonly rejected: number; readonly mode: string }
  close(reason: 'shutdown' | 'reboot'): Promise<void>
}

const SavedConfig = z.object({ rev: z.number(), ep: z.number(), cfg: z.unknown() })
const MOVE_TRIAL_MS = 10 * 60_000
const BAD_LETTERS = 20
const BAD_LETTERS_MS = 5 * 60_000

export function openCore(options: CoreOptions): RadioCore {
  const { flash, clock, identity, membership, primitives, newId } = options
  const boot = newId()
  const bootMonotonic = clock.monotonicMs()
  const moment = (): Moment => ({ nowMs: clock.now(), monotonicMs: clock.monotonicMs(), bootMs: clock.now() - (clock.monotonicMs() - bootMonotonic) })
  const tls: TlsIdentity = { cert: membership.cert, key: identity.key, ca: membership.ca }
  mkdirSync(`${options.folder}/content`, { recursive: true })

  let config: { rev: number; ep: number; cfg: DeviceConfig } | null = loadConfig()
  let settings: RadioSettings = settingsOf(config?.cfg ?? null)
  let servers: { mqtt: readonly Server[]; http: readonly Server[] } = serversOf(config?.cfg)
  let previousServers: typeof servers | null = null
  let moveTimer: NodeJS.Timeout | null = null
  const takeoverRights: Record<string, readonly string[]> = {}
  const rejects = new RejectCounter()
  let badLetters: number[] = []
  let rejected = 0
  let notForMe = 0
  let closed = false

  function loadConfig(): typeof config {
    const saved = SavedConfig.safeParse(flash.read('desired.json'))
    if (!saved.success) return null
    const { rev, ep, cfg } = saved.data
    return isConfig(cfg, primitives) ? { rev, ep, cfg } : null
  }
  function serversOf(cfg: DeviceConfig | undefined): typeof servers {
    return { mqtt: cfg?.servers?.mqtt ?? membership.servers.mqtt, http: cfg?.servers?.http ?? membership.servers.http }
  }

  const http = openHttpClient({ servers: servers.http, identity: tls })
  const session = openSession({
    dev: identity.dev, org: membership.org, boot, fw: options.fw, simulated: options.simulated, identity: () => tls, servers: () => servers.mqtt, groups: () => settings.groups, keepaliveSec: () => settings.keepaliveSec,
    now: () => clock.now(), random: options.random,
    // `studio` is an unsigned hint, not a letter; this radio does not need it.
    onLetter: (payload, topic) => {
      if (!topic.endsWith('/studio')) void receive(payload)
    },
    onUp: () => {
      settleMove()
      status.sendAll()
      acks.repeatAll(player.subjects())
      events.flush()
      content.refresh()
      if (!clock.trusted) askTime()
    },
    onDown: () => options.log('link lost'),
  })
  const acks = openAcks({ clock, publish: (report, body) => session.publish(report, body) })
  const events = openEvents({ clock, flash, publish: (report, body) => session.publish(report, body), newId })
  const inbox = new LetterInbox(clock.trusted ? { ...options.letters, clockOk: true } : options.letters, { primitives, moment, store: (state) => flash.write('letters.json', state), options: options.acceptOptions })
  const content = openContentLibrary({
    flash, store: openContentStore(`${options.folder}/content`, { budgetBytes: options.diskBytes }), pcm: options.pcm, http, primitives,
    now: () => clock.now(), audience: () => ({ dev: identity.dev, groups: settings.groups }),
    async accept(body) {
      const verdict = await acceptLetter(body, inbox.state, moment(), primitives, { ...options.acceptOptions, maxBytes: MAX_MANIFEST_BYTES })
      if (verdict.event !== null) told(verdict)
      if (verdict.state !== inbox.state) await inbox.change((state) => ({ ...state, epochs: { ...state.epochs, ...verdict.state.epochs } }))
      return verdict
    },
    busy: () => player.busy(),
    onPlan: (manifest) => player.plan.set(manifest),
    onReport: () => status.changed(),
    onEvent: (kind, d) => events.add(kind, d),
  })
  const hardware = openSimulatedHardware({ warmMs: options.ampWarmMs })
  const running = openRunningLetters(flash, primitives)
  const player = openPlayer({
    dev: identity.dev, clock, flash, hardware, sounds: content, acks, manifest: () => content.manifest, settings: () => settings, identity: () => tls, takeoverRights: () => takeoverRights,
    event: (kind, d) => events.add(kind, d), openSinks: options.openSinks,
    sync: (what) => {
      status.sendAll()
      if (what.length === 0 || what.includes('manifest')) content.refresh()
      if (what.includes('acks')) acks.repeatAll(player.subjects())
      if (what.includes('time')) askTime()
    },
    reboot: (delaySec) => setTimeout(options.onReboot, delaySec * 1000),
    onChange: () => status.changed(),
  })
  const status = openStatus({
    boot: bootMonotonic, clock, session, hardware, settings: () => settings, fw: options.fw, hw: options.hw, caps: options.caps, config: () => (config === null ? { rev: 0, ep: 0 } : config), content: () => content.report(),
    figures: () => player.figures(), mute: () => player.mute(), keys: () => ({ rev: inbox.state.trust.rev, epochs: inbox.state.epochs }), counters: () => ({ rej: rejected, nfm: notForMe }), folder: options.folder,
  })

  /** Judge, store, then act: in the order of arrival. */
  async function receive(payload: Uint8Array): Promise<void> {
    if (payload.length === 0) return
    const receivedAt = clock.monotonicMs()
    const before = inbox.state
    const verdict = await inbox.feed(payload)
    if (!closed) act(verdict, before, receivedAt)
  }
  function told(verdict: Verdict): void {
    rejected++
    if (verdict.event === 'clock.need') return askTime()
    const count = rejects.add(verdict.code, clock.monotonicMs())
    if (count !== null) events.add('sec.reject', { code: verdict.code, count })
    if (verdict.code !== 'bad_sig' && verdict.code !== 'unknown_key') return
    const now = clock.monotonicMs()
    badLetters = [...badLetters.filter((at) => now - at < BAD_LETTERS_MS), now]
    if (badLetters.length < BAD_LETTERS) return
    badLetters = []
    events.add('move', { cause: 'bad letters' })
    session.move()
  }
  function act(verdict: Verdict, before: LetterState, receivedAt: number): void {
    const { letter } = verdict
    if (verdict.code === 'not_for_me') notForMe++
    if (verdict.event !== null) told(verdict)
    if (letter === null) return
    const subj = letter.typ === 'live' ? letter.sid : letter.typ === 'alert' ? letter.aid : undefined
    if (verdict.ack?.st === 'rejected' && verdict.ack.code !== '*') acks.step({ ref: letter.id, subj, receivedAt }, 'rejected', verdict.ack.code)
    if (verdict.ack?.st === '*') acks.repeat(letter.id, subj)
    if (verdict.action === 'set_clock' && letter.typ === 'time') setClock(clockFrom(letter, before, moment()))
    if (verdict.action === 'apply') apply(letter, verdict, receivedAt)
  }
  function apply(letter: Letter, verdict: Pick<Verdict, 'rank' | 'takeover'>, receivedAt: number): void {
    takeoverRights[letter.iss] = verdict.takeover
    switch (letter.typ) {
      case 'desired': return configure(letter.rev, letter.ep, letter.cfg)
      case 'keys': return status.changed()
      case 'live':
        running.keep(letter.sid, letter, verdict)
        return player.live(letter, verdict, receivedAt)
      case 'alert':
        running.keep(letter.aid, letter, verdict)
        return player.alert(letter, verdict, receivedAt)
      case 'screen': return acks.step({ ref: letter.id, subj: letter.sid, receivedAt }, 'rejected', 'unsupported')
      case 'cmd': return player.command(letter, receivedAt)
      case 'manifest': case 'time':
    }
  }
  function configure(rev: number, ep: number, cfg: DeviceConfig): void {
    const groupsBefore = settings.groups.join()
    const modeBefore = settings.mode
    flash.write('desired.json', { rev, ep, cfg })
    config = { rev, ep, cfg }
    settings = settingsOf(cfg)
    const next = serversOf(cfg)
    if (JSON.stringify(next) !== JSON.stringify(servers)) tryServers(next)
    content.follow(cfg.manifest)
    if (settings.groups.join() !== groupsBefore) {
      void session.resubscribe()
      player.plan.refresh()
      content.refresh()
    }
    if (settings.mode !== modeBefore) options.log(`mode ${settings.mode}`)
    status.changed()
  }

  /** A new list of servers is tried for ten minutes; without a connection by then the old one comes back. */
  function tryServers(next: typeof servers): void {
    const moved = JSON.stringify(next.mqtt) !== JSON.stringify(servers.mqtt)
    previousServers ??= servers
    servers = next
    http.setServers(next.http)
    if (!moved) {
      previousServers = null
      return
    }
    events.add('move', { cause: 'new servers' })
    session.move()
    if (moveTimer !== null) clearTimeout(moveTimer)
    moveTimer = setTimeout(() => {
      if (previousServers === null) return
      servers = previousServers
      previousServers = null
      http.setServers(servers.http)
      events.add('move', { cause: 'rolled back' })
      session.move()
    }, MOVE_TRIAL_MS)
  }
  function settleMove(): void {
    previousServers = null
    if (moveTimer !== null) clearTimeout(moveTimer)
    moveTimer = null
  }

  function askTime(): void {
    const value = Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString('base64url')
    void inbox.change((state) => ({ ...state, nonce: { value, sentAt: clock.monotonicMs() } })).then(() => events.add('clock.need', { nonce: value }))
  }
  function setClock(wallMs: number): void {
    if (clock.source === 'ntp') {
      if (Math.abs(wallMs - clock.now()) > 5000) events.add('clock.conflict', { fromMs: Math.round(clock.now()), toMs: Math.round(wallMs), src: 'ntp' })
      return
    }
    const fromMs = Math.round(clock.now())
    const first = clock.source === 'none'
    clock.set(wallMs, clock.monotonicMs(), 'beacon')
    // What came before there was a clock was refused: hear it again.
    if (first) void session.resubscribe(true)
    if (Math.abs(wallMs - fromMs) > 80) stepped(fromMs, Math.round(wallMs))
  }
  function stepped(fromMs: number, toMs: number): void {
    events.add('clock.step', { fromMs, toMs })
    player.retime()
  }

  const second = setInterval(() => {
    const step = clock.follow()
    if (step !== null) stepped(step.fromMs, step.toMs)
    running.prune(player.subjects(), clock.now())
  }, 1000)

  events.add('boot', { cause: 'power', ver: options.fw })
  if (content.manifest !== null) player.plan.set(content.manifest)
  content.follow(config?.cfg.manifest)
  // What ran when the power went: the broker may be away, the lease may not.
  for (const { letter, rank, takeover } of running.load(clock.now())) apply(letter, { rank, takeover }, clock.monotonicMs())

  return {
    figures() {
      const report = content.report()
      return { ...player.figures(), connected: session.connected, manifestVer: report.ver, have: report.have, need: report.need, rejected, mode: settings.mode }
    },
    async close(reason) {
      closed = true
      clearInterval(second)
      settleMove()
      status.close()
      player.close()
      await session.close(reason)
      events.close()
      await content.close()
      http.close()
    },
  }
}

function isConfig(value: unknown, primitives: Primitives): value is DeviceConfig {
  return primitives.validate('cfg', value)
}
