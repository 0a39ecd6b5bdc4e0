import { deviceTopic, LEASE_LIMITS } from '#common/letters/index.ts'
import type { DeviceConfig, ManifestPointer, Server } from '#common/letters/index.ts'
import type { StationContext } from '../../context.ts'
import type { Registry } from '../fleet/registry.ts'
import type { DeviceRow } from '../fleet/device-rows.ts'
import type { UnitTree } from '../fleet/units.ts'
import type { StationLink } from '../broker/link.ts'
import type { Keyring } from '../keys/keyring.ts'
import type { Outbox } from './outbox.ts'

export interface DesiredDeps {
  readonly keys: Keyring
  readonly outbox: Outbox
  readonly link: StationLink
  readonly registry: Registry
  readonly units: UnitTree
  servers(kind: DeviceRow['kind']): { readonly mqtt: readonly Server[]; readonly http: readonly Server[] }
  manifest(): ManifestPointer | null
}

/** One `desired` letter per device: its whole configuration, sent again only when it changed or a third of its lease is used. */
export class DesiredLetters {
  readonly #ctx: Pick<StationContext, 'clock' | 'newId' | 'logger'>
  readonly #deps: DesiredDeps
  #queue: Promise<void> = Promise.resolve()

  constructor(ctx: Pick<StationContext, 'clock' | 'newId' | 'logger'>, deps: DesiredDeps) {
    this.#ctx = ctx
    this.#deps = deps
  }

  configOf(device: DeviceRow): DeviceConfig {
    const { units } = this.#deps
    const manifest = this.#deps.manifest()
    const { mqtt, http } = this.#deps.servers(device.kind)
    const code = units.get(device.unitId)?.code ?? ''
    return {
      name: device.name, ...(code === '' ? {} : { unit: code }), mode: device.mode, groups: units.groupsOf(device.unitId), langs: ['vi-VN'], volumePct: device.volumePct, minPct: Math.max(40, device.volumePct), emgPct: 100,
      localBeats: 6, teleSec: 60, teleLiveSec: 10, keepaliveSec: 30, servers: { mqtt, ...(http.length === 0 ? {} : { http }) }, ...(manifest === null ? {} : { manifest }),
    }
  }

  /** The letter in force for a device, freshly signed when needed; not published. */
  async letterFor(id: string): Promise<string> {
    const device = this.#deps.registry.require(id)
    const iat = Math.floor(this.#ctx.clock.now() / 1000)
    // Seconds as revisions survive a restored database: a number is never used twice for different words.
    const rev = Math.max(device.desiredRev + 1, iat)
    const cfg = this.configOf(device)
    const claims = { v: 1, typ: 'desired', id: this.#ctx.newId(), org: this.#deps.keys.org, iss: this.#deps.keys.iss, aud: [`d/${id}`], iat, exp: iat + LEASE_LIMITS.desired, ep: this.#deps.keys.epoch, rev, cfg }
    const body = await this.#deps.outbox.sign(claims, 'desired', this.#deps.keys.routine)
    this.#deps.registry.setDesired(id, rev, JSON.stringify({ ep: this.#deps.keys.epoch, cfg }), claims.exp)
    return body
  }

  /** Publishes what changed. Calls follow each other. */
  refresh(): Promise<void> {
    this.#queue = this.#queue.then(() => this.#refresh()).catch((error: unknown) => this.#ctx.logger.error('configuration letters failed', { error }))
    return this.#queue
  }

  async #refresh(): Promise<void> {
    const now = Math.floor(this.#ctx.clock.now() / 1000)
    for (const device of this.#deps.registry.list()) {
      const wanted = JSON.stringify({ ep: this.#deps.keys.epoch, cfg: this.configOf(device) })
      const used = device.desiredUntil - now < (LEASE_LIMITS.desired * 2) / 3
      if (wanted === device.desiredCfg && !used) continue
      await this.publish(device.id)
    }
  }

  async publish(id: string): Promise<void> {
    const body = await this.letterFor(id)
    // Not awaited: with the broker away it goes out when the link is back.
    this.#deps.link.publish(deviceTopic(this.#deps.keys.org, id, 'desired'), body, { qos: 1, retain: true }).catch(() => undefined)
  }
}
