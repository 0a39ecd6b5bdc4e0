import { createHash, timingSafeEqual } from 'node:crypto'
import { mayPublish, maySubscribe } from '#common/letters/index.ts'
import type { BrokerDevice } from './messages.ts'

export const STATION_ID = 'station'
/** Messages a device may publish: 20 a second, with a short burst for the catch-up after a reconnect. */
const RATE_PER_SECOND = 20
const BURST = 60
const MAX_PAYLOAD_BYTES = 32_768

export interface Publication { readonly topic: string; readonly qos: number; readonly bytes: number }

/** Rights of BS1 section 2: one decision for publications, wills and subscriptions. */
export class Rights {
  readonly #org: string
  #devices = new Map<string, BrokerDevice>()
  readonly #buckets = new Map<string, { tokens: number; at: number }>()

  constructor(org: string, devices: readonly BrokerDevice[]) {
    this.#org = org
    this.set(devices)
  }

  set(devices: readonly BrokerDevice[]): void {
    this.#devices = new Map(devices.map((device) => [device.id, device]))
    for (const id of this.#buckets.keys()) if (!this.#devices.has(id)) this.#buckets.delete(id)
  }

  device(id: string): BrokerDevice | null {
    return this.#devices.get(id) ?? null
  }

  acceptsCertificate(id: string, serial: string): boolean {
    return this.device(id)?.certSerial === serial.toLowerCase()
  }

  acceptsSecret(id: string, secret: Buffer): boolean {
    const expected = this.device(id)?.secretSha256 ?? null
    return expected !== null && timingSafeEqual(createHash('sha256').update(secret).digest(), Buffer.from(expected, 'hex'))
  }

  mayPublish(id: string, publication: Publication): boolean {
    return this.device(id) !== null && publication.qos < 2 && publication.bytes <= MAX_PAYLOAD_BYTES && mayPublish(this.#org, id, publication.topic)
  }

  maySubscribe(id: string, filter: string): boolean {
    const device = this.device(id)
    return device !== null && maySubscribe(this.#org, id, device.groups, filter)
  }

  /** Still allowed to hear this topic: asked for each delivery, so that a device loses a group at once. */
  mayHear(id: string, topic: string): boolean {
    return this.maySubscribe(id, topic)
  }

  /** Token bucket; false = this device sends too fast. */
  spend(id: string, monotonicMs: number): boolean {
    const bucket = this.#buckets.get(id) ?? { tokens: BURST, at: monotonicMs }
    bucket.tokens = Math.min(BURST, bucket.tokens + ((monotonicMs - bucket.at) / 1000) * RATE_PER_SECOND)
    bucket.at = monotonicMs
    this.#buckets.set(id, bucket)
    if (bucket.tokens < 1) return false
    bucket.tokens -= 1
    return true
  }
}
