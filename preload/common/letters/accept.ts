import { decodeUtf8 } from './bytes.ts'
import { FUTURE_TOLERANCE, LEASE_LIMITS, PREPARE_LEASE, prune } from './device-state.ts'
import type { LetterState, Moment, SubjectRecord } from './device-state.ts'
import { MAX_LETTER_BYTES, parseForm, readPayload } from './form.ts'
import type { Primitives } from './primitives.ts'
import { TEST_KEYS } from './test-keys.ts'
import type { AckCode } from './reports.ts'
import type { Envelope, Letter, LetterType, TimeLetter, TrustKey, TrustRoot } from './types.ts'

/** Result of the acceptance rules (BS1 5). */
export type VerdictCode = AckCode | 'empty' | 'duplicate'
export interface Verdict {
  readonly code: VerdictCode
  /** apply = act on `letter`; reassert = make sure it runs, no second start; repeat_ack = send the earlier ack again; set_clock = adopt `letter.t`. */
  readonly action: 'apply' | 'set_clock' | 'reassert' | 'repeat_ack' | 'refuse' | 'ignore'
  /** Ack to publish. `*` = the step and code reached earlier for this id. */
  readonly ack: { readonly st: 'accepted' | 'rejected' | '*'; readonly code: AckCode | '*'; readonly rep?: true } | null
  readonly event: 'sec.reject' | 'clock.need' | null
  /** Present from the moment the letter is known to be genuine and well formed. */
  readonly letter: Letter | null
  /** Rank of the first signing key: orders equal alerts. */
  readonly rank: number
  /** Issuers the first key may take over. */
  readonly takeover: readonly string[]
  /** State after the letter. Store it before acting. */
  readonly state: LetterState
}
export interface AcceptOptions {
  /** Only the protocol's own tests set this: the keys of the test vectors are public. */
  readonly allowTestKeys?: boolean
  /** Manifests come by HTTP and may be larger than a letter on MQTT: `MAX_MANIFEST_BYTES`. */
  readonly maxBytes?: number
}

export const KNOWN_OPS: ReadonlySet<string> = new Set([
  'play', 'stop', 'mute', 'unmute', 'volume.temp', 'test.tone', 'test.loopback', 'test.line', 'calibrate', 'identify', 'sync', 'reboot', 'update.apply', 'log.upload', 'screenshot', 'display', 'source',
])
const TYPES: ReadonlySet<string> = new Set<LetterType>(['live', 'alert', 'screen', 'desired', 'keys', 'time', 'cmd', 'manifest'])
const SILENT: ReadonlySet<string> = new Set(['time', 'manifest'])

interface Signer { readonly kid: string; readonly x: string; readonly root: boolean; readonly key: TrustKey | null }

/** Judges one letter by rules 1–20, in order; the first failing rule gives the code. Pure: the new state is in the verdict. */
export async function acceptLetter(body: Uint8Array, state: LetterState, moment: Moment, primitives: Primitives, options: AcceptOptions = {}): Promise<Verdict> {
  const plain = { letter: null, rank: 0, takeover: [], state } as const
  const early = (code: VerdictCode): Verdict => ({ ...plain, code, action: 'refuse', ack: null, event: 'sec.reject' })
  if (body.length === 0) return { ...plain, code: 'empty', action: 'ignore', ack: null, event: null }
  if (body.length > (options.maxBytes ?? MAX_LETTER_BYTES)) return early('too_big')
  const text = decodeUtf8(body)
  const form = text === null ? null : parseForm(text)
  if (form === null) return early('bad_sig')
  const signers: Signer[] = []
  for (const part of form.parts) {
    const signer = findSigner(part.kid, state, options)
    if (signer === null) return early('unknown_key')
    signers.push(signer)
  }
  const [first] = signers
  const [payload] = form.payloads
  if (first === undefined || payload === undefined || form.payloads.some((other) => other !== payload)) return early('bad_sig')
  for (const [index, part] of form.parts.entries()) {
    const signer = signers[index]
    if (signer === undefined || !(await primitives.verifyEd25519(signer.x, part.signedBytes, part.signature))) return early('bad_sig')
  }
  const value = readPayload(payload)
  if (!isEnvelope(value, primitives) || value.exp <= value.iat) return early('bad_schema')
  return judge(value, signers, first, state, moment, primitives, plain)
}

function judge(value: Envelope, signers: readonly Signer[], first: Signer, state: LetterState, moment: Moment, primitives: Primitives, plain: Pick<Verdict, 'letter' | 'rank' | 'takeover' | 'state'>): Verdict {
  const groups = new Set([...state.groups, 'all'])
  const mine = value.aud.filter((entry) => entry === `d/${state.dev}` || (entry.startsWith('g/') && groups.has(entry.slice(2))))
  const rank = first.key?.rank ?? 0
  const takeover = first.key?.takeover ?? []
  let letter: Letter | null = null
  const refuse = (code: AckCode, tell: { ack: boolean; event: Verdict['event'] }): Verdict => {
    const acked = tell.ack && !SILENT.has(value.typ)
    return { code, action: 'refuse', ack: acked ? { st: 'rejected', code } : null, event: tell.event, letter, rank, takeover, state }
  }
  const both = (code: AckCode): Verdict => refuse(code, { ack: true, event: 'sec.reject' })

  if (value.org !== state.org || mine.length === 0) return { ...plain, code: 'not_for_me', action: 'refuse', ack: null, event: null }
  if (value.v !== 1 || !TYPES.has(value.typ)) return refuse('unsupported', { ack: true, event: null })
  if (!isLetter(value, primitives)) return both('bad_schema')
  letter = value
  const prio = letter.prio ?? 0
  if (!maySay(letter, prio, mine, first, groups)) return both('key_scope')
  const co = first.key?.co
  if (co !== undefined && prio >= co.prio && !signers.some((signer) => signer.kid !== first.kid && co.kids.includes(signer.kid))) return both('need_cosig')

  const answer = letter.typ === 'time' && letter.nonce !== undefined
  if (!state.clockOk && letter.typ !== 'keys' && !answer) return refuse('no_clock', { ack: true, event: 'clock.need' })
  const now = Math.floor(moment.nowMs / 1000)
  const expired = (signer: Signer): boolean => signer.key !== null && (now < (signer.key.notBefore ?? 0) || now > signer.key.notAfter)
  if (!answer && signers.some(expired)) return both('key_expired')
  if (letter.exp - letter.iat > leaseLimit(letter, state)) return both('lease_long')
  if (letter.typ === 'time') {
    if (!answer && letter.t < moment.nowMs - 2000) return refuse('expired', { ack: false, event: null })
  } else if (letter.typ !== 'keys' || state.clockOk) {
    if (letter.iat > now + FUTURE_TOLERANCE) return both('future')
    if (now > letter.exp) return refuse('expired', { ack: letter.typ === 'cmd', event: null })
  }
  if (letter.ep < (state.epochs[letter.iss] ?? 0) || letter.ep < (first.key?.minEp ?? 0)) return both('old_epoch')

  const accepted = (action: Verdict['action'], next: LetterState): Verdict => {
    const epochs = letter !== null && letter.ep > (state.epochs[letter.iss] ?? 0) ? { ...next.epochs, [letter.iss]: letter.ep } : next.epochs
    const silent = value.typ === 'desired' || value.typ === 'keys' || SILENT.has(value.typ)
    const nowKnown = action === 'set_clock' && value.typ === 'time' ? Math.max(moment.nowMs, letter?.typ === 'time' ? letter.t : 0) : moment.nowMs
    return { code: 'ok', action, ack: silent ? null : { st: 'accepted', code: 'ok' }, event: null, letter, rank, takeover, state: prune({ ...next, epochs }, nowKnown) }
  }
  if (letter.typ === 'time') return answer ? answered(letter, state, moment, accepted, refuse) : accepted('set_clock', state)
  if (letter.typ === 'manifest') return accepted('apply', state)
  if (letter.typ === 'cmd') {
    if (state.seen[letter.id] !== undefined) return { code: 'duplicate', action: 'repeat_ack', ack: { st: '*', code: '*', rep: true }, event: null, letter, rank, takeover, state }
    if (letter.iat < Math.floor(moment.bootMs / 1000) - 5) return both('replay')
    const remembered = { ...state, seen: { ...state.seen, [letter.id]: letter.exp + 120 } }
    return KNOWN_OPS.has(letter.op) ? accepted('apply', remembered) : { ...refuse('unsupported', { ack: true, event: null }), state: prune(remembered, moment.nowMs) }
  }

  const subject = subjectOf(letter)
  const known = state.subjects[subject]
  if (known !== undefined) {
    const newOwner = known.iss !== letter.iss
    if (newOwner) {
      const adopts = letter.typ === 'live' && letter.takeover?.sid === letter.sid && takeover.some((issuer) => issuer === '*' || issuer === known.iss)
      if (!adopts) return both('not_owner')
      if (letter.rev <= known.rev) return refuse('replay', { ack: false, event: 'sec.reject' })
    } else if (letter.ep === known.ep && letter.rev === known.rev && letter.id === known.id) {
      const silent = letter.typ === 'desired' || letter.typ === 'keys'
      return { code: 'duplicate', action: 'reassert', ack: silent ? null : { st: '*', code: '*', rep: true }, event: null, letter, rank, takeover, state }
    } else if (letter.ep < known.ep || (letter.ep === known.ep && letter.rev <= known.rev)) return refuse('replay', { ack: false, event: 'sec.reject' })
  }
  const record: SubjectRecord = { iss: letter.iss, ep: letter.ep, rev: letter.rev, id: letter.id, state: 'state' in letter ? letter.state : 'set', prio, exp: letter.exp }
  const next = { ...state, subjects: { ...state.subjects, [subject]: record } }
  if (letter.typ === 'desired') return accepted('apply', { ...next, groups: ['all', ...(letter.cfg.groups ?? []).filter((group) => group !== 'all')] })
  if (letter.typ === 'keys') {
    const trust = { rev: letter.rev, ep: letter.ep, roots: letter.roots ?? state.trust.roots, keys: letter.keys, ...(letter.maxLease === undefined ? {} : { maxLease: letter.maxLease }) }
    return accepted('apply', { ...next, trust })
  }
  return accepted('apply', next)
}

function answered(letter: TimeLetter, state: LetterState, moment: Moment, accepted: (action: Verdict['action'], next: LetterState) => Verdict, refuse: (code: AckCode, tell: { ack: boolean; event: Verdict['event'] }) => Verdict): Verdict {
  const { nonce } = state
  if (nonce === null || nonce.value !== letter.nonce || moment.monotonicMs - nonce.sentAt > 10_000) return refuse('replay', { ack: false, event: 'sec.reject' })
  return accepted('set_clock', { ...state, clockOk: true, nonce: null })
}

/** The clock a device adopts after `set_clock`: an answer counts half the way of its round trip. */
export function clockFrom(letter: TimeLetter, before: LetterState, moment: Moment): number {
  return letter.nonce !== undefined && before.nonce !== null ? letter.t + (moment.monotonicMs - before.nonce.sentAt) / 2 : letter.t
}

export function subjectOf(letter: Letter): string {
  switch (letter.typ) {
    case 'live': case 'screen': return `${letter.typ}:${letter.sid}`
    case 'alert': return `alert:${letter.aid}`
    default: return letter.typ
  }
}

function findSigner(kid: string, state: LetterState, options: AcceptOptions): Signer | null {
  const root: TrustRoot | undefined = state.trust.roots.find((entry) => entry.kid === kid)
  const key = state.trust.keys.find((entry) => entry.kid === kid)
  const jwk = root?.jwk ?? key?.jwk
  if (jwk === undefined || (!options.allowTestKeys && TEST_KEYS.has(jwk.x))) return null
  return { kid, x: jwk.x, root: root !== undefined, key: root === undefined ? (key ?? null) : null }
}

/** Rule 9. */
function maySay(letter: Letter, prio: number, mine: readonly string[], first: Signer, groups: ReadonlySet<string>): boolean {
  if (first.root || first.key === null) return first.root && letter.typ === 'keys' && letter.iss.startsWith('root/')
  const { key } = first
  if (letter.typ === 'keys' || letter.iss !== key.iss || !key.types.includes(letter.typ) || prio > key.maxPrio) return false
  const inScope = (entry: string): boolean => key.scope.includes(entry) || (entry.startsWith('d/') && key.scope.some((scope) => scope.startsWith('g/') && groups.has(scope.slice(2))))
  return key.scope.includes('*') || mine.some(inScope)
}

function leaseLimit(letter: Letter, state: LetterState): number {
  const limit = LEASE_LIMITS[letter.typ]
  const shorter = letter.typ === 'cmd' || letter.typ === 'live' || letter.typ === 'alert' || letter.typ === 'screen' ? state.trust.maxLease?.[letter.typ] : undefined
  return Math.min(limit, shorter ?? limit, letter.typ === 'live' && letter.state === 'prepare' ? PREPARE_LEASE : limit)
}

function isEnvelope(value: unknown, primitives: Primitives): value is Envelope {
  return primitives.validate('base', value)
}
function isLetter(value: Envelope, primitives: Primitives): value is Letter {
  return TYPES.has(value.typ) && primitives.validate(value.typ, value)
}
