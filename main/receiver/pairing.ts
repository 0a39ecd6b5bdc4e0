import { randomBytes, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import { commitmentOf, encodeBase64Url, pairingProof, type Primitives } from '#common/letters/index.ts'
import type { Identity } from './identity.ts'
import { readBody, sendRequest } from './link/http.ts'
import { openAgent } from './link/tls.ts'

const ServerShape = z.object({ url: z.string(), spki: z.array(z.string()).optional() }).transform(({ url, spki }) => (spki === undefined ? { url } : { url, spki }))
const Pair1Reply = z.object({ v: z.literal(1), org: z.string(), orgName: z.string().optional(), root: z.object({ kid: z.string(), jwk: z.object({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: z.string() }) }), nonceS: z.string() })
const Pair2Reply = z.object({ v: z.literal(1), mac: z.string() })
const Pair3Reply = z.object({
  v: z.literal(1), state: z.enum(['wait', 'ok', 'refused']), cert: z.string().optional(), ca: z.array(z.string()).optional(), secret: z.string().optional(), keys: z.string().optional(), desired: z.string().optional(),
  servers: z.object({ mqtt: z.array(ServerShape).default([]), http: z.array(ServerShape).default([]) }).optional(),
})
/** What pairing leaves in the flash. The letters were judged before it is written. */
export const Membership = z.object({
  org: z.string(), orgName: z.string(), root: Pair1Reply.shape.root, cert: z.string(), ca: z.array(z.string()), secret: z.string().nullable(),
  servers: z.object({ mqtt: z.array(ServerShape), http: z.array(ServerShape) }), keys: z.string(), desired: z.string(), pairedAt: z.string(),
})
export type Membership = z.infer<typeof Membership>

export interface PairingOptions {
  readonly identity: Identity
  readonly station: string
  readonly hw: string
  readonly fw: string
  readonly caps: readonly string[]
  readonly primitives: Primitives
  readonly signal: AbortSignal
  /** The six digits: spoken on a real pole. */
  readonly onDigits: (digits: string) => void
  readonly onState: (text: string) => void
}

const RETRY_MS = 2000

/** Pairs for real (BS1 14): goes on asking until an installer has named this device at the station and confirmed its digits. */
export async function pair(options: PairingOptions): Promise<Membership> {
  const { identity, signal } = options
  const agent = openAgent({ cert: identity.selfSigned, key: identity.key, ca: [] }, { kind: 'any' })
  try {
    for (;;) {
      const membership = await attempt(options, agent)
      if (membership !== null) return membership
      signal.throwIfAborted()
      await new Promise<void>((resolve) => {
        const done = (): void => {
          clearTimeout(timer)
          signal.removeEventListener('abort', done)
          resolve()
        }
        const timer = setTimeout(done, RETRY_MS)
        signal.addEventListener('abort', done)
      })
      signal.throwIfAborted()
    }
  } finally {
    agent.destroy()
  }
}

async function attempt({ identity, station, hw, fw, caps, primitives, signal, onDigits, onState }: PairingOptions, agent: ReturnType<typeof openAgent>): Promise<Membership | null> {
  const call = async (step: 1 | 2 | 3, body?: object, headers: Record<string, string> = {}): Promise<{ status: number; body: unknown } | null> => {
    try {
      const answer = await sendRequest(new URL(`/bs1/pair/${step}`, station), agent, { method: body === undefined ? 'GET' : 'POST', headers, signal, idleMs: 40_000, ...(body === undefined ? {} : { body: JSON.stringify(body) }) })
      const text = (await readBody(answer, 256 * 1024)).toString('utf8')
      const value: unknown = text === '' ? null : JSON.parse(text)
      return { status: answer.status, body: value }
    } catch (error) {
      if (signal.aborted) throw error
      onState(`station not reached: ${error instanceof Error ? error.message : String(error)}`)
      return null
    }
  }
  const nonceD = encodeBase64Url(randomBytes(16))
  const first = await call(1, { v: 1, dev: identity.dev, hw, fw, caps, commit: await commitmentOf(nonceD, primitives), csr: await identity.csr() })
  if (first === null) return null
  const hello = Pair1Reply.safeParse(first.body)
  if (first.status !== 200 || !hello.success) {
    onState(first.status === 404 ? 'waiting to be named at the station' : `pairing refused with ${first.status}`)
    return null
  }
  const { org, root, nonceS } = hello.data
  const second = await call(2, { v: 1, nonceD })
  const answer = Pair2Reply.safeParse(second?.body)
  if (second === null || second.status !== 200 || !answer.success) return null
  const proof = await pairingProof({ spkiSha256: identity.spkiSha256, rootX: root.jwk.x, nonceD, nonceS, claim: identity.claim }, primitives)
  const given = Buffer.from(answer.data.mac)
  const expected = Buffer.from(proof.mac)
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
    onState('the station does not know the claim of this device; nothing was stored')
    return null
  }
  onDigits(proof.digits)
  for (;;) {
    const third = await call(3, undefined, { authorization: `Bearer ${nonceD}` })
    if (third === null) {
      signal.throwIfAborted()
      await new Promise((resolve) => setTimeout(resolve, 1000))
      continue
    }
    const reply = Pair3Reply.safeParse(third.body)
    if (third.status !== 200 || !reply.success) return null
    if (reply.data.state === 'wait') continue
    if (reply.data.state === 'refused') {
      onState('pairing was refused at the station')
      return null
    }
    const { cert, ca, secret, keys, desired, servers } = reply.data
    if (cert === undefined || keys === undefined || desired === undefined || servers === undefined) return null
    return { org, orgName: hello.data.orgName ?? '', root, cert, ca: ca ?? [], secret: secret ?? null, servers, keys, desired, pairedAt: new Date().toISOString() }
  }
}
