import { createHash, randomBytes, webcrypto } from 'node:crypto'
import { EventEmitter } from 'node:events'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { deviceTopic, parseReportTopic, topicPrefix } from '#common/letters/index.ts'
import { createPrimitives } from '#contract/bs1-primitives.ts'
import type { DeviceProgress, Targets } from '#contract/devices.ts'
import type { StationContext } from '../context.ts'
import type { DevicesRoom, LogRoom, MediaRoom } from '../faces.ts'
import { openBroker } from './broker/connection.ts'
import type { EmbeddedBroker } from './broker/embedded.ts'
import type { BrokerDevice } from './broker/messages.ts'
import { Registry } from './fleet/registry.ts'
import { UnitTree } from './fleet/units.ts'
import { deviceHandlers } from './handlers.ts'
import { openAuthority } from './keys/authority.ts'
import { openKeyring } from './keys/keyring.ts'
import { readSecret, writeSecret } from './keys/key-files.ts'
import { DesiredLetters } from './letters/desired.ts'
import { Outbox } from './letters/outbox.ts'
import { ContentShelf } from './listener/content.ts'
import { openDeviceListener } from './listener/device-listener.ts'
import { DeviceRoutes } from './listener/device-routes.ts'
import { LiveStreams } from './listener/live-streams.ts'
import { PairingDesk } from './listener/pairing.ts'
import type { Enrolment, Newcomer } from './listener/pairing.ts'
import { HAZARDS, makeEmergencySet, SIRENS } from './manifest/emergency-set.ts'
import type { EmergencyParts } from './manifest/emergency-set.ts'
import { ManifestPublisher } from './manifest/publisher.ts'
import { PinGuard } from './pins.ts'

const Ports = z.object({ https: z.number().int(), tls: z.number().int(), ws: z.number().int() })
const BURST_MS = 200

export interface DevicesDeps {
  readonly media: MediaRoom
  /** Without a log there is no schedule on the radios, only orders. */
  readonly log?: Pick<LogRoom, 'plan' | 'onPlan'>
  /** Parts of the stored emergency set; without them radios have none. */
  readonly emergency?: Omit<EmergencyParts, 'media'>
}
export interface OpenDevices extends DevicesRoom {
  /** Embedded broker thread, for fault tests; null with an external broker. */
  readonly broker: EmbeddedBroker | null
  readonly publisher: ManifestPublisher
  readonly registry: Registry
  /** Whether the station hears its broker. */
  linkUp(): boolean
}

/** The fleet: units, devices, pairing, broker, letters, content and reports. */
export async function openDevices(ctx: StationContext, deps: DevicesDeps): Promise<OpenDevices> {
  const settings = ctx.settings.get()
  const host = settings.publicHost ?? (settings.bindAddress === '0.0.0.0' || settings.bindAddress === '::' ? '127.0.0.1' : settings.bindAddress)
  const keys = await openKeyring(ctx)
  const authority = await openAuthority(ctx, [...new Set(['127.0.0.1', 'localhost', host])])
  const primitives = createPrimitives(webcrypto.subtle)
  const units = new UnitTree(ctx)
  const shelf = new ContentShelf(ctx)
  const streams = new LiveStreams({ media: deps.media, clock: ctx.clock, logger: ctx.logger })
  ctx.scope.add(() => streams.closeAll())
  const progress = new EventEmitter<{ progress: [string, DeviceProgress] }>().setMaxListeners(0)
  const pins = new PinGuard(ctx, keys)

  const registry = new Registry(ctx, {
    describe: (ref) => outbox.describe(ref) ?? described(publisher.titleOf(ref)),
    progress: (subject, step) => void progress.emit('progress', subject, step),
    acked: (device, ref) => outbox.acked(device, ref),
    clockNeeded: (device, nonce) => void outbox.sendTime({ device, nonce }).catch((error: unknown) => ctx.logger.warn('a clock answer was not sent', { device, error })),
  })
  const brokerDevices = (): BrokerDevice[] => registry.list().filter((device) => device.mode !== 'disabled' || device.certSerial !== null)
    .map((device) => ({ id: device.id, groups: units.groupsOf(device.unitId), certSerial: device.certSerial, secretSha256: device.secretSha256 }))
  const revoked = (): { serial: string; at: number }[] => registry.rows.all().flatMap((row) => (row.revokedAt === null || row.certSerial === null ? [] : [{ serial: row.certSerial, at: row.revokedAt }]))

  const portsFile = join(ctx.folders.keys, 'ports.json')
  const ports = readSecret(portsFile, Ports) ?? { https: 0, tls: 0, ws: 0 }
  let routes: DeviceRoutes | null = null
  const listener = await openDeviceListener({
    key: authority.server.key, cert: authority.server.cert, ca: authority.ca, bind: settings.bindAddress, port: ports.https, routes: () => routes, scope: ctx.scope, logger: ctx.logger,
    certificateInForce: (device, serial) => registry.get(device)?.certSerial === serial,
  })
  const broker = await openBroker({ ctx, keys, authority, devices: brokerDevices(), ports: { tls: ports.tls, ws: ports.ws }, bind: settings.bindAddress, host })
  const { link } = broker
  writeSecret(portsFile, JSON.stringify({ https: listener.port, tls: broker.embedded?.tlsPort ?? ports.tls, ws: broker.embedded?.wsPort ?? ports.ws }))
  const devicesUrl = `https://${host}:${listener.port}`

  const outbox = new Outbox(ctx, keys, link)
  const publisher = new ManifestPublisher(ctx, {
    media: deps.media, shelf, keys, outbox, zone: () => ctx.settings.get().zone, published: () => void desired.refresh(),
    groupsOf: (unitIds) => unitIds.flatMap((id) => units.get(id)?.group ?? []),
  })
  const desired = new DesiredLetters(ctx, {
    keys, outbox, link, registry, units, manifest: () => publisher.pointer(),
    // Kiosk pages of this computer use the address they were loaded from.
    servers: (kind) => ({ mqtt: broker.servers(kind), http: kind === 'screen' ? [] : [{ url: devicesUrl, spki: [authority.server.spki] }] }),
  })

  /** After any change of units or devices: rights, configurations, windows. */
  const changed = async (): Promise<void> => {
    registry.reload()
    await broker.setDevices(brokerDevices(), revoked())
    publisher.touch()
    await desired.refresh()
    registry.sweep()
  }

  const enrol = async (newcomer: Newcomer): Promise<Enrolment> => {
    const { label, request } = newcomer
    const { cert, serial } = await authority.issue(label.dev, request)
    // A page in a browser has no client certificate: it gets a password of 256 bits instead.
    const secret = label.dev.startsWith('SCR-') ? randomBytes(32).toString('base64url') : null
    registry.rows.enrol({
      id: label.dev, name: newcomer.name, unitId: newcomer.unitId, spkiSha256: label.spkiSha256, certSerial: serial, fw: newcomer.fw, hw: newcomer.hw,
      secretSha256: secret === null ? null : createHash('sha256').update(secret).digest('hex'),
    })
    registry.reload()
    await broker.setDevices(brokerDevices(), revoked())
    const letter = await desired.letterFor(label.dev)
    link.publish(deviceTopic(keys.org, label.dev, 'desired'), letter, { qos: 1, retain: true }).catch(() => undefined)
    registry.sweep()
    const device = registry.require(label.dev)
    const { servers } = desired.configOf(device)
    return { cert, ca: [authority.ca], ...(secret === null ? {} : { secret }), keys: keys.trustLetter(), desired: letter, servers: servers ?? {}, ntp: [] }
  }
  const pairing = new PairingDesk({
    clock: ctx.clock, primitives, org: keys.org, orgName: () => ctx.settings.get().stationName, root: keys.root, enrol, changed: (pending) => ctx.events.emit('devices.pairing', pending),
  })
  const deviceOfSecret = (secret: string): string | null => {
    const digest = createHash('sha256').update(secret).digest('hex')
    return registry.list().find((device) => device.secretSha256 === digest)?.id ?? null
  }
  const openRoutes = new DeviceRoutes({ clock: ctx.clock, pairing, content: shelf, streams, sendFile: ctx.http.sendFile, manifest: (ver) => publisher.get(ver), deviceOfSecret })
  routes = openRoutes
  for (const prefix of ['bs1', 'm', 'c', 'live'] as const) ctx.http.add('public', prefix, (request, response, rest) => openRoutes.answer(request, response, rest === '' ? prefix : `${prefix}/${rest}`, { spki: null, device: null }), { post: prefix === 'bs1' })

  link.onMessage(({ topic, payload, retain }) => {
    const parsed = parseReportTopic(keys.org, topic)
    if (parsed !== null) registry.receive(parsed.dev, parsed.report, payload, retain)
  })
  const publishTrust = (): void => void link.publish(`${topicPrefix(keys.org)}keys`, keys.trustLetter(), { qos: 1, retain: true }).catch(() => undefined)
  const everybody = (): string[] => registry.list().map((device) => device.id)
  link.onChange((up) => {
    registry.setLink(up)
    if (!up) {
      ctx.logger.warn('the broker is away')
      return
    }
    publishTrust()
    // A broker that lost its memory learns every configuration again; a device knows its letters by revision.
    void (async () => {
      for (const id of everybody()) await desired.publish(id)
      await outbox.tidy()
      await outbox.sendTime(null)
      if (everybody().length > 0) await outbox.send({ typ: 'cmd', aud: ['g/all'], leaseSec: 60, prio: 0, claims: { op: 'sync', args: { what: ['reported', 'tele'] } } }, keys.routine)
    })().catch((error: unknown) => ctx.logger.warn('the broker did not take the state of the fleet', { error }))
  })

  ctx.scope.every(5000, () => registry.sweep())
  ctx.scope.every(10_000, () => registry.save())
  ctx.scope.every(30_000, () => void outbox.tidy().catch(() => undefined))
  ctx.scope.every(60_000, () => void outbox.sendTime(null).catch(() => undefined))
  ctx.scope.every(3_600_000, () => {
    keys.moveMark()
    void desired.refresh()
    void keys.refreshTrust().then((renewed) => { if (renewed) publishTrust() }, () => undefined)
  })
  ctx.scope.add(() => registry.save())

  const stopping = new AbortController()
  ctx.scope.add(() => stopping.abort())
  if (deps.log !== undefined) {
    publisher.setPlan(deps.log.plan())
    ctx.scope.add(deps.log.onPlan((plan) => publisher.setPlan(plan)))
  }
  let emergencySet = Promise.resolve()
  if (deps.emergency !== undefined) {
    emergencySet = makeEmergencySet(ctx, shelf, { ...deps.emergency, media: deps.media }, stopping.signal).then(
      (made) => { if (!stopping.signal.aborted) publisher.setEmergency(made) }, (error: unknown) => ctx.logger.error('the emergency set is missing', { error }),
    )
    // Ends run in reverse: the making has to be told to stop before it is waited for.
    ctx.scope.add(() => {
      stopping.abort()
      return emergencySet
    })
  }

  // Two askers of the same thing wait for one maker.
  const beingMade = new Map<string, ReturnType<DevicesRoom['contentOnce']>>()
  const make: DevicesRoom['contentOnce'] = async (source, mime, write) => {
    const known = shelf.encodedAs(source, mime)
    if (known !== null) return { sha256: known.sha256, bytes: known.bytes, url: `/c/${known.sha256}`, durMs: known.durMs }
    const file = join(ctx.folders.temp, `content-${ctx.newId()}`)
    try {
      const { title, durMs } = await write(file)
      const stored = await shelf.add(file, mime, { pinned: true, title, durMs })
      shelf.rememberEncode(source, mime, stored.sha256)
      return { sha256: stored.sha256, bytes: stored.bytes, url: `/c/${stored.sha256}`, durMs }
    } finally {
      await rm(file, { force: true })
    }
  }
  const once: DevicesRoom['contentOnce'] = (source, mime, write) => {
    const key = `${mime} ${source}`
    const made = beingMade.get(key) ?? make(source, mime, write).finally(() => beingMade.delete(key))
    beingMade.set(key, made)
    return made
  }

  const targetsOf = (targets: Targets): { deviceIds: string[]; groups: string[] } => {
    const wanted = new Set(targets.unitIds.flatMap((id) => [...units.below(units.require(id).id)]))
    const single = new Set(targets.deviceIds)
    const deviceIds = registry.list().filter((device) => device.mode === 'active' && (wanted.has(device.unitId) || single.has(device.id))).map((device) => device.id)
    return { deviceIds, groups: units.groupsOfTargets(targets) }
  }
  const expectedOf = (aud: readonly string[]): string[] => registry.list()
    .filter((device) => registry.isOnline(device.id) && aud.some((entry) => entry === `d/${device.id}` || entry === 'g/all' || (entry.startsWith('g/') && units.groupsOf(device.unitId).includes(entry.slice(2)))))
    .map((device) => device.id)

  return {
    handlers: deviceHandlers({ ctx, units, registry, pairing, changed, devicesUrl: () => devicesUrl, clearDevice: (id) => {
      for (const report of ['desired', 'online', 'reported']) link.publish(deviceTopic(keys.org, id, report), '', { qos: 1, retain: true }).catch(() => undefined)
    } }),
    broker: broker.embedded, publisher, registry, linkUp: () => link.connected,
    addresses: () => ({ devicesUrl, brokerUrl: broker.url, screenBrokerUrl: broker.servers('screen')[0]?.url ?? null }),
    units: () => units.list(),
    devices: () => registry.list().map((device) => registry.describe(device.id)),
    resolve: targetsOf,
    publishLetter: (letter) => outbox.send(letter, keys.routine, expectedOf(letter.aud)),
    async withEmergencyKey(personId, pin, use) {
      const signer = await pins.open(personId, pin)
      return use((letter) => outbox.send(letter, signer, expectedOf(letter.aud)))
    },
    onProgress(run) {
      progress.on('progress', run)
      return () => void progress.off('progress', run)
    },
    online: (ids) => ids.filter((id) => registry.isOnline(id)),
    async addContent(file, mime, options) {
      const stored = await shelf.add(file, mime, { pinned: options.pinned, title: options.title ?? '', durMs: options.durMs ?? null })
      return { sha256: stored.sha256, bytes: stored.bytes, url: `/c/${stored.sha256}` }
    },
    contentOnce: once,
    openStream(sid, options) {
      const stream = streams.open(sid, { kbps: options.kbps, burstMs: options.burstMs ?? BURST_MS })
      return { urls: [{ codec: 'opus', url: `${devicesUrl}/live/${sid}.ogg`, kbps: options.kbps, spki: [authority.server.spki] }], token: stream.token, write: stream.write, anchor: stream.anchor, close: stream.close }
    },
    hasEmergencyKey: (personId) => keys.hasEmergencyKey(personId),
    async sealEmergencyKey(personId, pin) {
      await keys.setPin(personId, pin)
      publishTrust()
    },
    async removeEmergencyKey(personId) {
      await keys.removeHolder(personId)
      publishTrust()
    },
    stored: () => ({ sirens: SIRENS, hazards: Object.keys(HAZARDS), allClear: publisher.emergency().allClear?.['vi-VN'] ?? null }),
  }
}

function described(title: string | null): { prio: number; title: string } | null {
  return title === null ? null : { prio: 3, title }
}
