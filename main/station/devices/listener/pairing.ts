import { randomBytes, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import { commitmentOf, pairingProof, parseLabel } from '#common/letters/index.ts'
import type { DeviceLabel, Primitives } from '#common/letters/index.ts'
import { validateBs1 } from '#contract/bs1-schema.ts'
import type { PendingPairing } from '#contract/devices.ts'
import { AppError } from '#contract/errors.ts'
import type { Clock } from '../../context.ts'
import { readRequest } from '../keys/authority.ts'
import type { DeviceRequest } from '../keys/authority.ts'

const WINDOW_MS = 10 * 60_000
const MAX_TRIES = 5
const LONG_POLL_MS = 25_000
const Pair1 = z.object({ v: z.literal(1), dev: z.string(), hw: z.string(), fw: z.string(), commit: z.string(), csr: z.string() })
const Pair2 = z.object({ v: z.literal(1), nonceD: z.string() })

/** What a confirmed device is given. */
export interface Enrolment { readonly cert: string; readonly ca: readonly string[]; readonly secret?: string; readonly keys: string; readonly desired: string; readonly servers: object; readonly ntp: readonly string[] }
export interface Newcomer { readonly label: DeviceLabel; readonly name: string; readonly unitId: string; readonly hw: string; readonly fw: string; readonly request: DeviceRequest }
export type Answer = { readonly status: number; readonly body: object }

interface Pairing {
  readonly label: DeviceLabel
  readonly name: string
  readonly unitId: string
  readonly startedAt: number
  step: PendingPairing['step']
  hw: string
  fw: string
  tries: number
  commit: string
  nonceS: string
  nonceD: string
  digits: string | null
  request: DeviceRequest | null
  enrolment: Enrolment | null
  waiting: (() => void)[]
}

export interface PairingDeps {
  readonly clock: Clock
  readonly primitives: Primitives
  readonly org: string
  readonly orgName: () => string
  readonly root: { readonly kid: string; readonly x: string }
  enrol(newcomer: Newcomer): Promise<Enrolment>
  changed(pairing: PendingPairing): void
}

/**
 * Pairing (BS1 14): the technician names the device by its label, the device proves its key and learns from the mac that the station knows the label, both show six digits,
 * and only the technician's confirmation makes it a device of this station. A window stays open for ten minutes and allows five tries.
 */
export class PairingDesk {
  readonly #deps: PairingDeps
  readonly #pairings = new Map<string, Pairing>()

  constructor(deps: PairingDeps) {
    this.#deps = deps
  }

  expect(label: string, name: string, unitId: string): DeviceLabel {
    const parsed = parseLabel(label)
    if (parsed === null) throw new AppError('claim-wrong')
    this.#forget()
    const pairing: Pairing = { label: parsed, name, unitId, startedAt: this.#now(), step: 'waiting', hw: '', fw: '', tries: 0, commit: '', nonceS: '', nonceD: '', digits: null, request: null, enrolment: null, waiting: [] }
    this.#pairings.set(parsed.dev, pairing)
    this.#tell(pairing)
    return parsed
  }

  list(): PendingPairing[] {
    this.#forget()
    return [...this.#pairings.values()].map(publicPart)
  }

  /** `peerSpki` = hash of the key of the TLS client certificate, where there is one. */
  async first(body: unknown, peerSpki: string | null): Promise<Answer> {
    if (!validateBs1('pair1', body)) return refusal(400, 'bad_schema')
    const { dev, hw, fw, commit, csr } = Pair1.parse(body)
    const pairing = this.#open(dev)
    if (pairing === null) return refusal(404, 'not_expected')
    if (pairing.enrolment !== null || pairing.step === 'refused') return refusal(409, 'closed')
    pairing.tries += 1
    if (pairing.tries > MAX_TRIES) return refusal(429, 'too_many_tries')
    const request = await readRequest(csr)
    if (request === null || request.spkiSha256 !== pairing.label.spkiSha256 || (peerSpki !== null && peerSpki !== pairing.label.spkiSha256)) return refusal(403, 'key_mismatch')
    Object.assign(pairing, { hw, fw, commit, request, nonceS: randomBytes(16).toString('base64url'), nonceD: '', digits: null, step: 'waiting' })
    this.#tell(pairing)
    const root = { kid: this.#deps.root.kid, jwk: { kty: 'OKP', crv: 'Ed25519', x: this.#deps.root.x } }
    return { status: 200, body: { v: 1, org: this.#deps.org, orgName: this.#deps.orgName(), root, nonceS: pairing.nonceS } }
  }

  async second(body: unknown): Promise<Answer> {
    if (!validateBs1('pair2', body)) return refusal(400, 'bad_schema')
    const { nonceD } = Pair2.parse(body)
    const commit = await commitmentOf(nonceD, this.#deps.primitives)
    const pairing = [...this.#pairings.values()].find((entry) => entry.commit === commit && this.#open(entry.label.dev) === entry && entry.step === 'waiting')
    if (pairing === undefined) return refusal(404, 'not_expected')
    const proof = await pairingProof({ ...pairing.label, rootX: this.#deps.root.x, nonceD, nonceS: pairing.nonceS }, this.#deps.primitives)
    Object.assign(pairing, { nonceD, digits: proof.digits, step: 'digits' })
    this.#tell(pairing)
    return { status: 200, body: { v: 1, mac: proof.mac } }
  }

  /** Long poll. The device is known by its TLS client key, or by the nonce only it and the station know (`Authorization: Bearer {nonceD}`). */
  async third(known: { peerSpki: string | null; nonceD: string | null }): Promise<Answer> {
    const mine = (entry: Pairing): boolean => entry.nonceD !== '' && ((known.nonceD !== null && same(known.nonceD, entry.nonceD)) || known.peerSpki === entry.label.spkiSha256)
    const pairing = [...this.#pairings.values()].find((entry) => mine(entry) && this.#open(entry.label.dev) === entry)
    if (pairing === undefined) return refusal(404, 'not_expected')
    if (pairing.step === 'digits') {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, LONG_POLL_MS)
        pairing.waiting.push(() => {
          clearTimeout(timer)
          resolve()
        })
      })
    }
    if (pairing.step === 'refused') return { status: 200, body: { v: 1, state: 'refused' } }
    if (pairing.enrolment === null) return { status: 200, body: { v: 1, state: 'wait' } }
    return { status: 200, body: { v: 1, state: 'ok', ...pairing.enrolment } }
  }

  /** The technician has heard the digits. Wrong digits end the pairing: somebody may sit in between. */
  async confirm(dev: string, digits: string): Promise<void> {
    const pairing = this.#open(dev)
    if (pairing === null) throw new AppError('pairing-expired')
    const { request } = pairing
    if (pairing.step !== 'digits' || pairing.digits === null || request === null) throw new AppError('stale')
    if (pairing.digits !== digits) {
      this.#end(pairing, 'refused')
      throw new AppError('claim-wrong')
    }
    pairing.enrolment = await this.#deps.enrol({ label: pairing.label, name: pairing.name, unitId: pairing.unitId, hw: pairing.hw, fw: pairing.fw, request })
    this.#end(pairing, 'confirmed')
  }

  refuse(dev: string): void {
    const pairing = this.#open(dev)
    if (pairing === null) throw new AppError('pairing-expired')
    if (pairing.step !== 'confirmed') this.#end(pairing, 'refused')
  }

  #end(pairing: Pairing, step: 'confirmed' | 'refused'): void {
    pairing.step = step
    this.#tell(pairing)
    for (const wake of pairing.waiting.splice(0)) wake()
  }

  #open(dev: string): Pairing | null {
    this.#forget()
    return this.#pairings.get(dev) ?? null
  }

  #forget(): void {
    for (const [dev, pairing] of this.#pairings) if (this.#now() > pairing.startedAt + WINDOW_MS) this.#pairings.delete(dev)
  }

  #now(): number {
    return Math.floor(this.#deps.clock.now())
  }

  #tell(pairing: Pairing): void {
    this.#deps.changed(publicPart(pairing))
  }
}

function publicPart(pairing: Pairing): PendingPairing {
  return { id: pairing.label.dev, hw: pairing.hw, fw: pairing.fw, startedAt: pairing.startedAt, step: pairing.step, digits: pairing.digits }
}
function refusal(status: number, code: string): Answer {
  return { status, body: { v: 1, code } }
}
function same(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b))
}
