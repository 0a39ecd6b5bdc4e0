import { z } from 'zod'

/** Shape of resources/protocol/vectors.json. */
const Jwk = z.object({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: z.string() })
const Trust = z.object({
  rev: z.number(), ep: z.number(), roots: z.array(z.object({ kid: z.string(), jwk: Jwk })),
  keys: z.array(z.object({
    kid: z.string(), iss: z.string(), jwk: Jwk, types: z.array(z.string()), maxPrio: z.number(), rank: z.number().exactOptional(), scope: z.array(z.string()), notBefore: z.number().exactOptional(), notAfter: z.number(),
    minEp: z.number().exactOptional(), takeover: z.array(z.string()).exactOptional(), co: z.object({ prio: z.number(), kids: z.array(z.string()) }).exactOptional(),
  })),
  maxLease: z.object({ alert: z.number().exactOptional(), live: z.number().exactOptional(), cmd: z.number().exactOptional(), screen: z.number().exactOptional() }).exactOptional(),
})
const Subject = z.object({ iss: z.string(), ep: z.number(), rev: z.number(), id: z.string(), state: z.string(), prio: z.number(), exp: z.number() })
const Nonce = z.object({ value: z.string(), ageMs: z.number() }).nullable()
const members = {
  dev: z.string(), org: z.string(), groups: z.array(z.string()), boot: z.number(), clockOk: z.boolean(), trust: z.string(),
  epochs: z.record(z.string(), z.number()), seen: z.record(z.string(), z.number()), subjects: z.record(z.string(), Subject), nonce: Nonce,
}
const State = z.object(members)
const StateChange = z.object({
  dev: members.dev.exactOptional(), org: members.org.exactOptional(), groups: members.groups.exactOptional(), boot: members.boot.exactOptional(), clockOk: members.clockOk.exactOptional(), trust: members.trust.exactOptional(),
  epochs: members.epochs.exactOptional(), seen: members.seen.exactOptional(), subjects: members.subjects.exactOptional(), nonce: members.nonce.exactOptional(),
})
export type VectorState = z.infer<typeof State>
const Outcome = z.object({ st: z.enum(['sounding', 'accepted', 'preempted', 'rejected', 'done']), code: z.enum(['ok', 'busy_higher', 'muted', 'muted_local', 'quiet']) })
const Stagger = z.object({ slotSec: z.number(), slots: z.number() })
const PlayAt = z.object({ playAtUs: z.number() })
const named = { name: z.string(), why: z.string() }

export const Vectors = z.object({
  base: z.object({ now: z.number(), state: State }),
  keys: z.record(z.string(), z.object({ kid: z.string(), x: z.string(), d: z.string() })),
  trustLists: z.record(z.string(), Trust),
  vectors: z.array(z.object({ ...named, now: z.number(), state: StateChange, letter: z.string(), letterTimes: z.number().optional(), expect: z.object({ code: z.string(), action: z.string(), ack: z.unknown(), evt: z.string().nullable(), after: z.record(z.string(), z.unknown()) }) })).length(124),
  sequences: z.array(z.object({ ...named, state: StateChange, steps: z.array(z.object({ why: z.string(), now: z.number(), letter: z.string(), code: z.string(), patch: StateChange.optional() })) })).min(7),
  arbitration: z.array(z.object({
    ...named,
    situation: z.object({
      local: z.boolean(), localBeats: z.number(), quiet: z.number().nullable(), mute: z.number().nullable(), takeoverRights: z.record(z.string(), z.array(z.string())),
      items: z.array(z.object({ ref: z.string(), kind: z.enum(['slot', 'live', 'alert', 'cmd', 'screen']), prio: z.number(), rank: z.number(), iss: z.string(), sent: z.string().exactOptional(), takeover: z.string().exactOptional(), replaces: z.array(z.string()).exactOptional() })),
    }),
    expect: z.object({ sounding: z.string().nullable(), results: z.record(z.string(), Outcome) }),
  })).min(23),
  pairing: z.array(z.object({ dev: z.string(), claim: z.string(), devSpkiSha256: z.string(), rootX: z.string(), nonceD: z.string(), nonceS: z.string(), expect: z.object({ qr: z.string(), commit: z.string(), T: z.string(), digits: z.string(), mac: z.string() }) })).min(2),
  timing: z.array(z.discriminatedUnion('kind', [
    z.object({ ...named, kind: z.literal('live'), anchor: z.object({ at: z.string(), sample: z.number() }), bufferMs: z.number(), delayMs: z.number(), sample: z.number(), expect: PlayAt }),
    z.object({ ...named, kind: z.literal('stored'), startAt: z.string(), delayMs: z.number(), sample: z.number(), expect: PlayAt }),
    z.object({ ...named, kind: z.literal('stagger'), startAt: z.string(), sirenMs: z.number(), delayMs: z.number(), stagger: Stagger, index: z.number(), play: z.number(), sample: z.number(), expect: PlayAt }),
  ])).min(6),
  samples: z.object({ valid: z.record(z.string(), z.array(z.unknown())), invalid: z.array(z.object({ def: z.string(), why: z.string(), value: z.unknown() })).min(20) }),
})
