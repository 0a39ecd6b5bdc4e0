import { createHash, webcrypto } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { acceptLetter, arbitrate, commitmentOf, livePlayAtUs, newLetterState, pairingProof, parseLabel, staggerPlayAtUs, storedPlayAtUs } from '#common/letters/index.ts'
import type { LetterState, Moment, Verdict } from '#common/letters/index.ts'
import { createPrimitives } from '#contract/bs1-primitives.ts'
import type { Subtle } from '#contract/bs1-primitives.ts'
import { validateBs1 } from '#contract/bs1-schema.ts'
import { Vectors } from './vectors-file.ts'
import type { VectorState } from './vectors-file.ts'

const vectors = Vectors.parse((await import('#resources/protocol/vectors.json', { with: { type: 'json' } })).default)
const primitives = createPrimitives(webcrypto.subtle)
/** A subtle without Ed25519, as in Chromium 130. */
const oldBrowser = createPrimitives({ ...withoutEd25519(), digest: (algorithm, data) => webcrypto.subtle.digest(algorithm, data) })
function withoutEd25519(): Pick<Subtle, 'importKey' | 'verify' | 'sign'> {
  const refuse = (): Promise<never> => Promise.reject(new DOMException('Unrecognized name', 'NotSupportedError'))
  return { importKey: refuse, verify: refuse, sign: refuse }
}
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
const MONOTONIC = 5_000_000

function deviceBefore(over: Partial<VectorState>): { state: LetterState; boot: number } {
  const base = { ...vectors.base.state, ...over }
  const trust = vectors.trustLists[base.trust]
  if (trust === undefined) throw new Error(`no trust list ${base.trust}`)
  const nonce = base.nonce === null ? null : { value: base.nonce.value, sentAt: MONOTONIC - base.nonce.ageMs }
  return { state: { dev: base.dev, org: base.org, groups: base.groups, clockOk: base.clockOk, trust, epochs: base.epochs, seen: base.seen, subjects: base.subjects, nonce }, boot: base.boot }
}
const moment = (now: number, boot: number): Moment => ({ nowMs: now * 1000, monotonicMs: MONOTONIC, bootMs: boot * 1000 })

/** Members of the state a letter changed, in the words of the vectors file. */
function changed(before: LetterState, after: LetterState): Record<string, unknown> {
  const difference: Record<string, unknown> = {}
  for (const key of ['clockOk', 'epochs', 'seen', 'subjects', 'nonce'] as const) if (JSON.stringify(before[key]) !== JSON.stringify(after[key])) difference[key] = after[key]
  if (before.trust.rev !== after.trust.rev) difference['trustRev'] = after.trust.rev
  return difference
}

describe.each([['WebCrypto', primitives], ['the library fallback', oldBrowser]])('acceptance with %s', (_name, parts) => {
  it.each(vectors.vectors.map((vector) => [vector.name, vector.why, vector] as const))('%s %s', async (_id, _why, vector) => {
    const { state, boot } = deviceBefore(vector.state)
    const letter = vector.letterTimes === undefined ? vector.letter : vector.letter.repeat(vector.letterTimes)
    const verdict = await acceptLetter(bytes(letter), state, moment(vector.now, boot), parts, { allowTestKeys: true })
    expect({ code: verdict.code, action: verdict.action, ack: verdict.ack, evt: verdict.event, after: changed(state, verdict.state) }).toEqual(vector.expect)
  })
})

describe('sequences', () => {
  it.each(vectors.sequences.map((sequence) => [sequence.name, sequence] as const))('%s', async (_name, sequence) => {
    let { state, boot } = deviceBefore(sequence.state)
    for (const step of sequence.steps) {
      if (step.patch?.boot !== undefined) boot = step.patch.boot
      if (step.patch?.seen !== undefined) state = { ...state, seen: step.patch.seen }
      if (step.patch?.nonce !== undefined) state = { ...state, nonce: step.patch.nonce === null ? null : { value: step.patch.nonce.value, sentAt: MONOTONIC - step.patch.nonce.ageMs } }
      const verdict: Verdict = await acceptLetter(bytes(step.letter), state, moment(step.now, boot), primitives, { allowTestKeys: true })
      expect(`${step.why}: ${verdict.code}`).toBe(`${step.why}: ${step.code}`)
      state = verdict.state
    }
  })
})

describe('keys printed in the vectors', () => {
  it('are trusted by no product', async () => {
    const genuine = vectors.vectors.filter((vector) => vector.expect.code === 'ok')
    expect(genuine.length).toBeGreaterThan(20)
    for (const vector of genuine) {
      const { state, boot } = deviceBefore(vector.state)
      const verdict = await acceptLetter(bytes(vector.letter), state, moment(vector.now, boot), primitives)
      expect([verdict.code, verdict.action]).toEqual(['unknown_key', 'refuse'])
    }
  })
  it('are all on the refused list', async () => {
    for (const key of Object.values(vectors.keys)) {
      const state = newLetterState('SPK-000123', 'bd-tuyphuoc', { kid: key.kid, jwk: { kty: 'OKP', crv: 'Ed25519', x: key.x } })
      const letter = vectors.sequences.flatMap((sequence) => sequence.steps).find((step) => step.letter !== '')?.letter ?? ''
      const [, payload, signature] = letter.split('.')
      const header = Buffer.from(JSON.stringify({ alg: 'EdDSA', typ: 'bs1+jws', kid: key.kid })).toString('base64url')
      const verdict = await acceptLetter(bytes(`${header}.${payload}.${signature}`), state, moment(vectors.base.now, 0), primitives)
      expect(verdict.code).toBe('unknown_key')
    }
  })
})

describe('arbitration', () => {
  it.each(vectors.arbitration.map((entry) => [entry.name, entry.why, entry] as const))('%s %s', (_name, _why, entry) => {
    expect(arbitrate(entry.situation)).toEqual(entry.expect)
  })
})

describe('pairing', () => {
  it.each(vectors.pairing.map((entry) => [entry.dev, entry] as const))('%s derives digits and mac', async (_dev, entry) => {
    const label = parseLabel(entry.expect.qr)
    expect(label).toEqual({ dev: entry.dev, spkiSha256: entry.devSpkiSha256, claim: entry.claim })
    const proof = await pairingProof({ spkiSha256: entry.devSpkiSha256, rootX: entry.rootX, nonceD: entry.nonceD, nonceS: entry.nonceS, claim: entry.claim }, primitives)
    expect({ commit: await commitmentOf(entry.nonceD, primitives), T: Buffer.from(proof.transcript).toString('hex'), digits: proof.digits, mac: proof.mac, qr: entry.expect.qr }).toEqual(entry.expect)
    expect(createHash('sha256').update(Buffer.from(entry.nonceD, 'base64url')).digest('hex')).toBe(entry.expect.commit)
  })
})

describe('timing', () => {
  it.each(vectors.timing.map((entry) => [entry.name, entry.why, entry] as const))('%s %s', (_name, _why, entry) => {
    const at = entry.kind === 'live' ? livePlayAtUs(entry.anchor, entry.sample, entry.bufferMs, entry.delayMs) : entry.kind === 'stored' ? storedPlayAtUs(entry.startAt, entry.sample, entry.delayMs) : staggerPlayAtUs(entry)
    expect(at).toBe(entry.expect.playAtUs)
  })
})

describe('schema samples', () => {
  it.each(Object.entries(vectors.samples.valid))('every valid %s passes', (name, values) => {
    for (const value of values) expect(validateBs1(name, value)).toBe(true)
  })
  it.each(vectors.samples.invalid.map((sample) => [sample.def, sample.why, sample.value] as const))('an invalid %s is refused: %s', (name, _why, value) => {
    expect(validateBs1(name, value)).toBe(false)
  })
})
