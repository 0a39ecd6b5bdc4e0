import { z } from 'zod'
import { AppError } from '#contract/errors.ts'
import type { StationContext } from '../context.ts'
import type { Keyring } from './keys/keyring.ts'
import type { Signer } from './keys/signing-key.ts'

const MAX_TRIES = 5
const WINDOW_MS = 15 * 60_000

/** Opens a person's emergency key. Wrong PINs are counted in the database, so a restart does not give new tries. */
export class PinGuard {
  readonly #ctx: Pick<StationContext, 'db' | 'clock' | 'audit'>
  readonly #keys: Keyring

  constructor(ctx: Pick<StationContext, 'db' | 'clock' | 'audit'>, keys: Keyring) {
    this.#ctx = ctx
    this.#keys = keys
  }

  async open(personId: string, pin: string): Promise<Signer> {
    if (!this.#keys.hasEmergencyKey(personId)) throw new AppError('pin-not-set')
    const now = Math.floor(this.#ctx.clock.now())
    const { tries } = z.object({ tries: z.number() }).parse(this.#ctx.db.prepare('SELECT count(*) AS tries FROM pin_tries WHERE person_id = ? AND at > ?').get(personId, now - WINDOW_MS))
    if (tries >= MAX_TRIES) throw new AppError('too-many-tries')
    // Counted before it is tried: parallel guesses do not slip through.
    const { lastInsertRowid } = this.#ctx.db.prepare('INSERT INTO pin_tries (person_id, at) VALUES (?, ?)').run(personId, now)
    const signer = await this.#keys.openEmergencyKey(personId, pin)
    if (signer === null) {
      this.#ctx.audit.append({ personId, name: '' }, 'emergency.wrongPin', personId)
      throw new AppError('wrong-pin')
    }
    this.#ctx.db.prepare('DELETE FROM pin_tries WHERE person_id = ? AND (at <= ? OR rowid = ?)').run(personId, now - WINDOW_MS, lastInsertRowid)
    this.#ctx.db.prepare('DELETE FROM pin_tries WHERE person_id = ?').run(personId)
    return signer
  }
}
