import { createHash } from 'node:crypto'
import { z } from 'zod'
import { isRecord, LEASE_LIMITS, letterTopics, MAX_LETTER_BYTES, topicPrefix, writeLetter } from '#common/letters/index.ts'
import { explainBs1, validateBs1 } from '#contract/bs1-schema.ts'
import { AppError } from '#contract/errors.ts'
import type { StationContext } from '../../context.ts'
import type { OutgoingLetter } from '../../faces.ts'
import type { Keyring } from '../keys/keyring.ts'
import type { Signer } from '../keys/signing-key.ts'
import type { StationLink } from '../broker/link.ts'

const Subject = z.object({ subject: z.string(), rev: z.number(), exp: z.number(), stopped: z.number(), topics: z.string() })
const Topics = z.array(z.string())
/** A `cmd` is sent again with the same id at these times until every device has answered (BS1 2). */
const CMD_AGAIN_MS = [2000, 5000, 10_000] as const
const KEEP_SUBJECT_SEC = 7200

export interface Sent { readonly id: string; readonly iat: number; readonly exp: number }
interface Running { readonly prio: number; readonly title: string; exp: number }

/** Signs and sends letters; counts revisions per subject; clears topics when their lease is over. */
export class Outbox {
  readonly #ctx: Pick<StationContext, 'db' | 'clock' | 'logger' | 'audit' | 'scope' | 'newId'>
  readonly #keys: Keyring
  readonly #link: StationLink
  readonly #waiting = new Map<string, Set<string>>()
  readonly #running = new Map<string, Running>()

  constructor(ctx: Pick<StationContext, 'db' | 'clock' | 'logger' | 'audit' | 'scope' | 'newId'>, keys: Keyring, link: StationLink) {
    this.#ctx = ctx
    this.#keys = keys
    this.#link = link
  }

  /** What is known about a running subject or command. */
  describe(ref: string): { prio: number; title: string } | null {
    return this.#running.get(ref) ?? null
  }

  /** @param expected devices a command waits for */
  async send(letter: OutgoingLetter, signer: Signer, expected: readonly string[] = []): Promise<Sent> {
    const { typ, aud, claims } = letter
    const subjectId = typ === 'cmd' ? null : claimText(claims, typ === 'alert' ? 'aid' : 'sid')
    const stop = claims['state'] === 'stop'
    const known = subjectId === null ? null : this.#subject(`${typ}:${subjectId}`)
    const iat = this.#seconds()
    const limit = claims['state'] === 'prepare' ? 180 : LEASE_LIMITS[typ]
    const lease = Math.min(letter.leaseSec, limit)
    // A stop stays until the last earlier lease is over: a device may return late with one of them.
    const exp = stop ? Math.min(Math.max(iat + lease, known?.exp ?? 0), iat + limit) : iat + lease
    const id = this.#ctx.newId()
    const envelope = { v: 1, typ, id, org: this.#keys.org, iss: this.#keys.iss, aud: [...aud], iat, exp, ep: this.#keys.epoch, ...(subjectId === null ? {} : { rev: (known?.rev ?? 0) + 1 }), prio: letter.prio }
    const body = await this.sign({ ...claims, ...envelope }, typ, signer)
    const topics = letterTopics(this.#keys.org, typ, aud, subjectId)
    this.#running.set(subjectId ?? id, { prio: letter.prio, title: titleOf(claims), exp })
    if (subjectId !== null) {
      const allTopics = [...new Set([...(known === null ? [] : Topics.parse(JSON.parse(known.topics))), ...topics])]
      this.#ctx.db.prepare('INSERT INTO letter_subjects (subject, rev, exp, stopped, topics) VALUES (?, ?, ?, ?, ?) ON CONFLICT (subject) DO UPDATE SET rev = excluded.rev, exp = max(exp, excluded.exp), stopped = excluded.stopped, topics = excluded.topics')
        .run(`${typ}:${subjectId}`, (known?.rev ?? 0) + 1, exp, stop ? 1 : 0, JSON.stringify(allTopics))
    }
    this.#ctx.audit.append({ personId: null, name: 'station' }, `letter.${typ}`, subjectId ?? id, { id, state: claims['state'] ?? claims['op'] ?? null, aud: [...aud], prio: letter.prio, exp, kid: signer.kid, sha256: createHash('sha256').update(body).digest('hex') })
    const publish = (): Promise<unknown> => Promise.all(topics.map((topic) => this.#link.publish(topic, body, { qos: 1, retain: typ !== 'cmd' })))
    const taken = publish().catch((error: unknown) => this.#ctx.logger.warn('a letter waits for the broker', { id, error }))
    if (typ === 'cmd') this.#repeat(id, expected, exp, publish)
    // While the broker is away the letter waits in the link; the caller sees its effect by the acks that do not come.
    await Promise.race([taken, new Promise((resolve) => setTimeout(resolve, 2000).unref())])
    return { id, iat, exp }
  }

  acked(device: string, ref: string): void {
    this.#waiting.get(ref)?.delete(device)
  }

  /** Claims → compact letter, checked against the schema and the size limit before it leaves. */
  async sign(claims: object, typ: string, signer: Signer, maxBytes = MAX_LETTER_BYTES): Promise<string> {
    if (!validateBs1(typ, claims)) throw new AppError('letter-refused', { data: { reason: explainBs1(typ, claims).slice(-2).join('; ').slice(0, 300) } })
    const body = await writeLetter(claims, signer.kid, signer.sign)
    if (body.length > maxBytes) throw new AppError('letter-refused', { data: { reason: 'too_big' } })
    return body
  }

  /** Signed time: a beacon to all, or the answer to one device's challenge. */
  async sendTime(answer: { device: string; nonce: string } | null): Promise<void> {
    const prefix = topicPrefix(this.#keys.org)
    const t = Math.floor(this.#ctx.clock.now())
    const iat = Math.floor(t / 1000)
    const claims = {
      v: 1, typ: 'time', id: this.#ctx.newId(), org: this.#keys.org, iss: this.#keys.iss, aud: [answer === null ? 'g/all' : `d/${answer.device}`], iat, exp: iat + 60, ep: this.#keys.epoch, t,
      ...(answer === null ? {} : { nonce: answer.nonce }),
    }
    const body = await this.sign(claims, 'time', this.#keys.routine)
    if (answer === null) {
      if (this.#link.connected) await this.#link.publish(`${prefix}time`, body, { qos: 0, retain: false })
    } else await this.#link.publish(`${prefix}d/${answer.device}/time`, body, { qos: 1, retain: false })
  }

  /** Clears topics whose lease is over and forgets old subjects. Runs at start and every half minute. */
  async tidy(): Promise<void> {
    const now = this.#seconds()
    for (const [ref, running] of this.#running) if (running.exp + KEEP_SUBJECT_SEC < now) this.#running.delete(ref)
    if (!this.#link.connected) return
    for (const row of z.array(Subject).parse(this.#ctx.db.prepare('SELECT * FROM letter_subjects WHERE exp < ?').all(now - 5))) {
      const topics = Topics.parse(JSON.parse(row.topics))
      for (const topic of topics) await this.#link.publish(topic, '', { qos: 1, retain: true })
      if (topics.length > 0) this.#ctx.db.prepare("UPDATE letter_subjects SET topics = '[]' WHERE subject = ? AND rev = ?").run(row.subject, row.rev)
      if (row.exp + KEEP_SUBJECT_SEC < now) this.#ctx.db.prepare('DELETE FROM letter_subjects WHERE subject = ?').run(row.subject)
    }
  }

  #repeat(id: string, expected: readonly string[], exp: number, publish: () => Promise<unknown>): void {
    const waiting = new Set(expected)
    this.#waiting.set(id, waiting)
    for (const delay of CMD_AGAIN_MS) {
      this.#ctx.scope.after(delay, () => {
        if (waiting.size > 0 && this.#seconds() <= exp) publish().catch(() => undefined)
        if (delay === CMD_AGAIN_MS.at(-1)) this.#waiting.delete(id)
      })
    }
  }

  #subject(subject: string): z.infer<typeof Subject> | null {
    return Subject.nullable().parse(this.#ctx.db.prepare('SELECT * FROM letter_subjects WHERE subject = ?').get(subject) ?? null)
  }

  #seconds(): number {
    return Math.floor(this.#ctx.clock.now() / 1000)
  }
}

/** Words for a running item: alerts carry theirs in the CAP facts. */
function titleOf(claims: Readonly<Record<string, unknown>>): string {
  const { title, cap } = claims
  const headline = isRecord(cap) ? cap['headline'] : undefined
  return typeof title === 'string' ? title : typeof headline === 'string' ? headline : ''
}

function claimText(claims: Readonly<Record<string, unknown>>, name: string): string {
  const value = claims[name]
  if (typeof value !== 'string') throw new AppError('letter-refused', { data: { reason: `${name} missing` } })
  return value
}
