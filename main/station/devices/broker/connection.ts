import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { REPORTS, topicPrefix } from '#common/letters/index.ts'
import type { Server } from '#common/letters/index.ts'
import type { StationContext } from '../../context.ts'
import type { Authority } from '../keys/authority.ts'
import type { Keyring } from '../keys/keyring.ts'
import { openEmbeddedBroker } from './embedded.ts'
import type { EmbeddedBroker } from './embedded.ts'
import { openLink } from './link.ts'
import type { LinkOptions, StationLink } from './link.ts'
import type { BrokerDevice } from './messages.ts'
import { writeMosquittoFiles } from './mosquitto.ts'
import { STATION_ID } from './rights.ts'

export interface BrokerConnection {
  readonly link: StationLink
  /** Null when an external broker is used. */
  readonly embedded: EmbeddedBroker | null
  /** Broker address for people and status pages. */
  readonly url: string
  /** Where devices of a kind connect. */
  servers(kind: 'radio' | 'screen' | 'gateway'): readonly Server[]
  setDevices(devices: readonly BrokerDevice[], revoked: readonly { serial: string; at: number }[]): Promise<void>
}

export interface ConnectionOptions {
  readonly ctx: Pick<StationContext, 'folders' | 'settings' | 'scope' | 'logger' | 'boot'>
  readonly keys: Keyring
  readonly authority: Authority
  readonly devices: readonly BrokerDevice[]
  readonly ports: { readonly tls: number; readonly ws: number }
  readonly bind: string
  readonly host: string
}

/** Opens the embedded broker, or the way to an external one. Devices see no difference. */
export async function openBroker(options: ConnectionOptions): Promise<BrokerConnection> {
  const { ctx, keys, authority, host } = options
  const prefix = topicPrefix(keys.org)
  const logger = ctx.logger.child('broker')
  const hint = (online: boolean): string => JSON.stringify({ v: 1, online, boot: ctx.boot, iss: keys.iss, role: 'primary' })
  const common = {
    clientId: STATION_ID, subscribe: REPORTS.map((report) => `${prefix}d/+/${report}`), will: { topic: `${prefix}studio`, payload: hint(false) }, logger, scope: ctx.scope,
  } satisfies Partial<LinkOptions>
  const announce = (link: StationLink): StationLink => {
    link.onChange((up) => {
      if (up) link.publish(`${prefix}studio`, hint(true), { qos: 1, retain: true }).catch(() => undefined)
    })
    return link
  }

  const { broker } = ctx.settings.get()
  if (broker.kind === 'external') {
    const password = broker.passwordFile === null ? undefined : readFileSync(broker.passwordFile, 'utf8').trim()
    const link = announce(openLink({
      ...common, url: broker.url, ...(broker.userName === '' ? {} : { userName: broker.userName }), ...(password === undefined ? {} : { password }),
      ca: broker.caFile === null ? authority.ca : readFileSync(broker.caFile, 'utf8'), cert: authority.client.cert, key: authority.client.key,
    }))
    const setDevices: BrokerConnection['setDevices'] = async (devices, revoked) => {
      writeMosquittoFiles({ folder: join(ctx.folders.root, 'mosquitto'), org: keys.org, devices, ca: authority.ca, server: authority.server, crl: await authority.revocations(revoked) })
    }
    await setDevices(options.devices, [])
    return { link, embedded: null, url: broker.url, servers: () => [{ url: broker.url }], setDevices }
  }

  const embedded = await openEmbeddedBroker({
    org: keys.org, bind: options.bind, tlsPort: options.ports.tls, wsPort: options.ports.ws, key: authority.server.key, cert: authority.server.cert, ca: authority.ca,
    retainedFile: join(ctx.folders.root, 'broker-retained.jsonl'), devices: [...options.devices], logger, scope: ctx.scope,
    onRefused: (client, reason) => logger.warn('refused', { client, reason }),
  })
  const link = announce(openLink({ ...common, url: `mqtt://127.0.0.1:${embedded.innerPort}`, userName: STATION_ID, password: embedded.stationSecret }))
  return {
    link, embedded, url: `mqtts://${host}:${embedded.tlsPort}`,
    servers: (kind) => (kind === 'screen' ? [{ url: `ws://${host}:${embedded.wsPort}/mqtt` }] : [{ url: `mqtts://${host}:${embedded.tlsPort}`, spki: [authority.server.spki] }]),
    setDevices: async (devices) => embedded.setDevices(devices),
  }
}
