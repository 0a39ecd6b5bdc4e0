import { z } from 'zod'
import { commitmentOf, encodeBase64Url, encodeUtf8, LetterInbox, newLetterState, pairingProof, type DeviceConfig, type LetterState, type Primitives } from '#common/letters/index.ts'
import type { ScreenIdentity } from './identity.ts'

const Root = z.object({ kid: z.string(), jwk: z.object({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: z.string() }) })
const Pair1Reply = z.object({ v: z.literal(1), org: z.string(), orgName: z.string().default(''), root: Root, nonceS: z.string() })
const Pair2Reply = z.object({ v: z.literal(1), mac: z.string() })
const Pair3Reply = z.object({ v: z.literal(1), state: z.enum(['wait', 'ok', 'refused']), secret: z.string().optional(), keys: z.string().optional(), desired: z.string().optional(), servers: z.object({ mqtt: z.array(z.object({ url: z.string() })).default([]) }).optional() })
export const Membership = z.object({ org: z.string(), orgName: z.string(), secret: z.string(), mqtt: z.array(z.string()) })
export type Membership = z.infer<typeof Membership>

export interface Paired {
  readonly membership: Membership
  readonly letters: LetterState
  readonly config: { readonly rev: number; readonly ep: number; readonly cfg: DeviceConfig }
}
export type PairingState = { readonly kind: 'waiting' } | { readonly kind: 'digits'; readonly digits: string } | { readonly kind: 'refused' } | { readonly kind: 'no-station' }

const RETRY_MS = 2000
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** Pairs like every device (BS1 14), over the address this page came from: a browser has no client certificate, so the station gives it a password of 256 bits. */
export async function pair(identity: ScreenIdentity, primitives: Primitives, tell: (state: PairingState) => void): Promise<Paired> {
  for (;;) {
    const paired = await attempt(identity, primitives, tell).catch(() => {
      tell({ kind: 'no-station' })
      return null
    })
    if (paired !== null) return paired
    await pause(RETRY_MS)
  }
}

async function attempt(identity: ScreenIdentity, primitives: Primitives, tell: (state: PairingState) => void): Promise<Paired | null> {
  const nonceD = encodeBase64Url(crypto.getRandomValues(new Uint8Array(16)))
  const first = await post('/bs1/pair/1', { v: 1, dev: identity.dev, hw: 'vangxa-kiosk', fw: '0.1.0', caps: ['screen'], commit: await commitmentOf(nonceD, primitives), csr: await identity.csr() })
  const hello = Pair1Reply.safeParse(first.body)
  if (first.status !== 200 || !hello.success) {
    tell({ kind: 'waiting' })
    return null
  }
  const { org, orgName, root, nonceS } = hello.data
  const second = await post('/bs1/pair/2', { v: 1, nonceD })
  const answer = Pair2Reply.safeParse(second.body)
  if (second.status !== 200 || !answer.success) return null
  const proof = await pairingProof({ spkiSha256: identity.spkiSha256, rootX: root.jwk.x, nonceD, nonceS, claim: identity.claim }, primitives)
  // A station that does not know the claim is not the one the installer means; nothing of it is kept.
  if (proof.mac !== answer.data.mac) {
    tell({ kind: 'refused' })
    return null
  }
  tell({ kind: 'digits', digits: proof.digits })
  for (;;) {
    const response = await fetch('/bs1/pair/3', { headers: { authorization: `Bearer ${nonceD}` }, cache: 'no-store' })
    const reply = Pair3Reply.safeParse(await response.json())
    if (!response.ok || !reply.success) return null
    if (reply.data.state === 'wait') continue
    if (reply.data.state === 'refused') {
      tell({ kind: 'refused' })
      return null
    }
    const { secret, keys, desired, servers } = reply.data
    if (secret === undefined || keys === undefined || desired === undefined || servers === undefined) return null
    const inbox = new LetterInbox({ ...newLetterState(identity.dev, org, root), clockOk: true }, { primitives, moment: () => ({ nowMs: Date.now(), monotonicMs: performance.now(), bootMs: Date.now() }), store: () => undefined })
    await inbox.feed(encodeUtf8(keys))
    const verdict = await inbox.feed(encodeUtf8(desired))
    if (verdict.action !== 'apply' || verdict.letter?.typ !== 'desired') return null
    return { membership: { org, orgName, secret, mqtt: servers.mqtt.map((server) => server.url) }, letters: inbox.state, config: { rev: verdict.letter.rev, ep: verdict.letter.ep, cfg: verdict.letter.cfg } }
  }
}

async function post(path: string, body: object): Promise<{ status: number; body: unknown }> {
  const response = await fetch(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body), cache: 'no-store' })
  const value: unknown = await response.json().catch(() => null)
  return { status: response.status, body: value }
}
