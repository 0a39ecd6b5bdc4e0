import { z } from 'zod'

/** Shapes shared by several rooms. */
export const Id = z.string().regex(/^[0-7][0-9A-HJKMNP-TV-Z]{25}$/, 'ULID')
export const Sha256 = z.string().regex(/^[0-9a-f]{64}$/)
/** UTC instant, Unix milliseconds. */
export const InstantMs = z.number().int().nonnegative()
/** Integer samples at 48 kHz. */
export const SampleCount = z.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER)
/** Day of the log in the station's zone, `YYYY-MM-DD`. */
export const BroadcastDate = z.string().regex(/^\d{4}-\d{2}-\d{2}$/)
export const Rev = z.number().int().nonnegative()
export const Text = z.string().max(4000)
export const Title = z.string().trim().min(1).max(200)
export const DeviceId = z.string().regex(/^[A-Z]{3}-[0-9A-Z]{6,16}$/)
export const GroupId = z.string().regex(/^[a-z0-9][a-z0-9-]{0,47}$/)
export const Nothing = z.object({})
export const Done = z.object({ ok: z.literal(true) })
export const JobRef = z.object({ jobId: Id })
