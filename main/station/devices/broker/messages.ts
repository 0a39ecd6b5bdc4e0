import { z } from 'zod'

/** What the broker knows about a device; pushed from the main thread on every change. */
export const BrokerDevice = z.object({
  id: z.string(), groups: z.array(z.string()),
  /** Serial of the certificate in force, lower-case hex; null = no client certificate. */
  certSerial: z.string().nullable(),
  /** SHA-256 (hex) of the MQTT password; null = certificate only. */
  secretSha256: z.string().nullable(),
})
export type BrokerDevice = z.infer<typeof BrokerDevice>

export const BrokerStart = z.object({
  org: z.string(), bind: z.string(), tlsPort: z.number().int(), wsPort: z.number().int(), innerPort: z.number().int(),
  key: z.string(), cert: z.string(), ca: z.string(), stationSecret: z.string(), retainedFile: z.string(), devices: z.array(BrokerDevice),
})
export type BrokerStart = z.infer<typeof BrokerStart>

export const ToBroker = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('devices'), devices: z.array(BrokerDevice) }),
  z.object({ kind: z.literal('stop') }),
])
export type ToBroker = z.infer<typeof ToBroker>

export const FromBroker = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ready'), tlsPort: z.number().int(), wsPort: z.number().int(), innerPort: z.number().int() }),
  z.object({ kind: z.literal('refused'), client: z.string(), reason: z.string() }),
  z.object({ kind: z.literal('stopped') }),
])
export type FromBroker = z.infer<typeof FromBroker>
