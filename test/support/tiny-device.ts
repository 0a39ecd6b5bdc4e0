import 'reflect-metadata'
import { EventEmitter } from 'node:events'
import { createHash, randomBytes } from 'node:crypto'
import { request as httpsRequest } from 'node:https'
import { request as httpRequest } from 'node:http'
import * as x509 from '@peculiar/x509'
import mqtt from 'mqtt'
import type { IClientOptions, MqttClient } from 'mqtt'
import { z } from 'zod'
import { deviceTopic, LetterInbox, newLetterState, pairingProof, reportTopic, subscriptions, writeLabel } from '../../preload/common/letters/index.ts'
import type { Letter, Verdict } from '../../preload/common/letters/index.ts'
import { createPrimitives } from '../../preload/contract/bs1-primitives.ts'
import { validateBs1 } from '../../preload/contract/bs1-schema.ts'
import { closedComplaints } from './closed-schema.ts'

x509.cryptoProvider.set(crypto)
const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const
const primitives = createPrimitives(crypto.subtle)
const Pair1Reply = z.object({ org: z.string(), root: z.object({ kid: z.string(), jwk: z.object({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: z.string() }) }), nonceS: z.string() })
const Server = z.object({ url: z.string(), spki: z.array(z.string()).optional() })
const Pair3Reply = z.object({ state: z.enum(['wait', 'ok', 'refused']), cert: z.string().optional(), ca: z.array(z.string()).optional(), secret: z.string().optional(), keys: z.string().optional(), desired: z.string().optional(), servers: z.object({ mqtt: z.array(Server).optional(), http: z.array(Server).optional() }).optional() })
export type Enrolment = z.infer<typeof Pair3Reply>

export interface Reply { readonly status: number; readonly headers: NodeJS.Dict<string | string[]>; readonly body: Buffer }

/** The least a BS1 device must do, written straight from the protocol: pairs, verifies, subscribes, acks. For tests of the station. */
export class TinyDevice {
  readonly id: string
  readonly claim: string
  readonly keyPem: string
  readonly selfCert: string
  readonly spkiSha256: string
  readonly csr: string
  readonly heard: { topic: string; payload: Buffer; verdict: Verdict }[] = []
  /** What the station sent beside the protocol. */
  readonly inexact: string[] = []
  readonly events = new EventEmitter<{ letter: [Letter, Verdict]; verdict: [Verdict, string] }>()
  enrolment: Enrolment | null = null
  inbox: LetterInbox | null = null
  client: MqttClient | null = null
  org = ''
  boot = '01JD0000000000000000000000'
  conn = 0
  clockOk = true

  private constructor(id: string, claim: string, keys: { keyPem: string; selfCert: string; spkiSha256: string; csr: string }) {
    this.id = id
    this.claim = claim
    this.keyPem = keys.keyPem
    this.selfCert = keys.selfCert
    this.spkiSha256 = keys.spkiSha256
    this.csr = keys.csr
  }

  static async make(id: string, claim = '7KQ2M9XA'): Promise<TinyDevice> {
    const keys = await crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])
    const keyPem = x509.PemConverter.encode(await crypto.subtle.exportKey('pkcs8', keys.privateKey), 'PRIVATE KEY')
    const selfCert = (await x509.X509CertificateGenerator.createSelfSigned({ name: `CN=${id}`, notBefore: new Date(Date.now() - 1000), notAfter: new Date(Date.now() + 86_400_000), signingAlgorithm: ALGORITHM, keys })).toString('pem')
    const csr = Buffer.from((await x509.Pkcs10CertificateRequestGenerator.create({ name: `CN=${id}`, keys, signingAlgorithm: ALGORITHM })).rawData).toString('base64url')
    const spkiSha256 = createHash('sha256').update(Buffer.from(await crypto.subtle.exportKey('spki', keys.publicKey))).digest('base64url')
    return new TinyDevice(id, claim, { keyPem, selfCert, spkiSha256, csr })
  }

  get label(): string {
    return writeLabel({ dev: this.id, spkiSha256: this.spkiSha256, claim: this.claim })
  }

  http(url: string, options: { method?: string; body?: unknown; headers?: Record<string, string>; anonymous?: boolean } = {}): Promise<Reply> {
    const target = new URL(url)
    const body = options.body === undefined ? undefined : JSON.stringify(options.body)
    const cert = this.enrolment?.cert ?? this.selfCert
    return new Promise((resolve, reject) => {
      const tls = options.anonymous ? { rejectUnauthorized: false } : { key: this.keyPem, cert, rejectUnauthorized: false }
      const send = target.protocol === 'https:' ? httpsRequest : httpRequest
      const request = send(target, { method: options.method ?? (body === undefined ? 'GET' : 'POST'), agent: false, headers: { ...options.headers, ...(body === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }) }, ...(target.protocol === 'https:' ? tls : {}) }, (response) => {
        const parts: Buffer[] = []
        response.on('data', (part: Buffer) => parts.push(part))
        response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(parts) }))
        response.on('error', reject)
      })
      request.on('error', reject)
      request.end(body)
    })
  }

  /** First two steps; gives the digits the device would speak. Throws when the station does not know the claim. */
  async beginPairing(url: string, change: { csr?: string } = {}): Promise<{ digits: string; nonceD: string }> {
    const nonce = randomBytes(16)
    const nonceD = nonce.toString('base64url')
    const first = await this.http(`${url}/bs1/pair/1`, { body: { v: 1, dev: this.id, hw: 'tiny', fw: '0.1', commit: createHash('sha256').update(nonce).digest('hex'), csr: change.csr ?? this.csr } })
    if (first.status !== 200) throw new Error(`pair/1 ${first.status} ${first.body.toString()}`)
    if (!validateBs1('pair1Reply', JSON.parse(first.body.toString()))) throw new Error('pair1Reply')
    const { org, root, nonceS } = Pair1Reply.parse(JSON.parse(first.body.toString()))
    const second = await this.http(`${url}/bs1/pair/2`, { body: { v: 1, nonceD } })
    const { mac } = z.object({ mac: z.string() }).parse(JSON.parse(second.body.toString()))
    const proof = await pairingProof({ spkiSha256: this.spkiSha256, rootX: root.jwk.x, nonceD, nonceS, claim: this.claim }, primitives)
    if (proof.mac !== mac) throw new Error('the station does not know the claim')
    this.org = org
    const state = { ...newLetterState(this.id, org, root), clockOk: this.clockOk }
    const started = Date.now() - 60_000
    this.inbox = new LetterInbox(state, { primitives, store: () => undefined, moment: () => ({ nowMs: Date.now(), monotonicMs: performance.now(), bootMs: started }) })
    return { digits: proof.digits, nonceD }
  }

  async finishPairing(url: string, nonceD: string, options: { anonymous?: boolean } = {}): Promise<Enrolment> {
    for (;;) {
      const reply = await this.http(`${url}/bs1/pair/3`, { headers: { authorization: `Bearer ${nonceD}` }, ...options })
      const body: unknown = JSON.parse(reply.body.toString())
      if (!validateBs1('pair3Reply', body)) throw new Error(`pair3Reply ${reply.body.toString()}`)
      const enrolment = Pair3Reply.parse(body)
      if (enrolment.state === 'wait') continue
      this.enrolment = enrolment
      for (const letter of [enrolment.keys, enrolment.desired]) if (letter !== undefined) await this.inbox?.feed(Buffer.from(letter))
      return enrolment
    }
  }

  /** Connects with clean session, will and exactly the subscriptions of the protocol. */
  async connect(change: IClientOptions & { url?: string; subscribe?: boolean } = {}): Promise<MqttClient> {
    const { url, subscribe, ...options } = change
    this.conn += 1
    const server = url ?? this.enrolment?.servers?.mqtt?.[0]?.url ?? ''
    const secret = this.enrolment?.secret
    const will = { topic: reportTopic(this.org, this.id, 'online'), payload: Buffer.from(JSON.stringify({ v: 1, online: false, boot: this.boot, conn: this.conn, reason: 'lwt' })), qos: 1 as const, retain: true }
    const client = mqtt.connect(server, {
      clientId: this.id, clean: true, keepalive: 30, protocolVersion: 4, reconnectPeriod: 200, will,
      ...(server.startsWith('ws') ? { username: this.id, password: secret ?? '' } : { key: this.keyPem, cert: this.enrolment?.cert ?? this.selfCert, ca: this.enrolment?.ca ?? [], rejectUnauthorized: true, servername: 'localhost' }),
      ...options,
    })
    this.client = client
    client.on('error', () => undefined)
    client.on('message', (topic, payload) => {
      void this.inbox?.feed(payload).then((verdict) => {
        this.heard.push({ topic, payload, verdict })
        if (verdict.letter !== null && verdict.action !== 'refuse') this.inexact.push(...closedComplaints(verdict.letter.typ, verdict.letter))
        this.events.emit('verdict', verdict, topic)
        if (verdict.letter !== null && verdict.action === 'apply') this.events.emit('letter', verdict.letter, verdict)
      })
    })
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('the broker does not answer')), 10_000)
      client.once('close', () => {
        if (options.reconnectPeriod === 0) reject(new Error('the broker closed the connection'))
      })
      client.once('connect', () => {
        clearTimeout(timer)
        resolve()
      })
    })
    if (subscribe !== false) {
      await client.subscribeAsync(subscriptions(this.org, this.id, this.inbox?.state.groups ?? []), { qos: 1 })
      await this.report('online', { v: 1, online: true, boot: this.boot, conn: this.conn, at: new Date().toISOString(), reason: 'connect', proto: '1.0', fw: '0.1', net: 'lan' }, true)
    }
    return client
  }

  async report(kind: 'online' | 'reported' | 'tele' | 'ack' | 'evt', body: object, retain = false): Promise<void> {
    if (!validateBs1(kind, body)) throw new Error(`not a ${kind}: ${JSON.stringify(body)}`)
    await this.client?.publishAsync(reportTopic(this.org, this.id, kind), JSON.stringify(body), { qos: kind === 'tele' ? 0 : 1, retain })
  }

  tele(extra: object = {}): Promise<void> {
    return this.report('tele', { v: 1, n: 0, at: new Date().toISOString(), up: 5, run: 'idle', clk: { src: 'ntp' }, ...extra })
  }

  ack(letter: Letter, st: string, code = 'ok', ev: object = {}): Promise<void> {
    const subj = 'sid' in letter ? letter.sid : 'aid' in letter ? letter.aid : undefined
    return this.report('ack', { v: 1, ref: letter.id, ...(subj === undefined ? {} : { subj }), st, code, at: new Date().toISOString(), ev })
  }

  /** The next accepted letter that fits; also one that has already come. */
  async letter<L extends Letter>(fits: (letter: Letter) => letter is L, timeoutMs = 10_000): Promise<L> {
    for (const { verdict } of this.heard) if (verdict.letter !== null && verdict.action === 'apply' && fits(verdict.letter)) return verdict.letter
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.events.off('letter', seen)
        reject(new Error('no such letter came'))
      }, timeoutMs)
      const seen = (letter: Letter): void => {
        if (!fits(letter)) return
        clearTimeout(timer)
        this.events.off('letter', seen)
        resolve(letter)
      }
      this.events.on('letter', seen)
    })
  }

  topic(rest: string): string {
    return deviceTopic(this.org, this.id, rest)
  }

  async close(): Promise<void> {
    await this.client?.endAsync(true)
  }
}
