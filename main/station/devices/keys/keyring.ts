import { randomBytes } from 'node:crypto'
import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { writeLetter } from '#common/letters/index.ts'
import type { TrustKey } from '#common/letters/index.ts'
import { AppError } from '#contract/errors.ts'
import type { StationContext } from '../../context.ts'
import { readSecret, readText, writeSecret } from './key-files.ts'
import { seal, Sealed, unseal } from './sealing.ts'
import { newSigningKey, signerOf, StoredKey } from './signing-key.ts'
import type { Signer } from './signing-key.ts'

const Identity = z.object({ org: z.string(), iss: z.string(), epoch: z.number().int().min(1), mark: z.string() })
const Holder = z.object({ personId: z.string(), kid: z.string(), x: z.string(), sealed: Sealed })
type Holder = z.infer<typeof Holder>
const TrustFile = z.object({ letter: z.string(), rev: z.number().int(), iat: z.number().int(), exp: z.number().int() })
type TrustFile = z.infer<typeof TrustFile>

export interface Keyring {
  readonly org: string
  /** Issuer of routine and emergency letters. */
  readonly iss: string
  /** Counts reinstallations and restored backups of this station. */
  readonly epoch: number
  readonly root: { readonly kid: string; readonly x: string }
  readonly routine: Signer
  /** The signed trust list, as published and handed out at pairing. */
  trustLetter(): string
  hasEmergencyKey(personId: string): boolean
  /** New emergency key for a person, sealed with the PIN; the person's former key leaves the trust list. */
  setPin(personId: string, pin: string): Promise<void>
  /** Null when the PIN is wrong. */
  openEmergencyKey(personId: string, pin: string): Promise<Signer | null>
  removeHolder(personId: string): Promise<void>
  /** Signs the list anew when a third of its life is over or the epoch moved. */
  refreshTrust(): Promise<boolean>
  /** The database was written by this station since `mark`: called at start and every hour. */
  moveMark(): void
}

const TRUST_LIFE = 400 * 86_400
const KEY_LIFE = 3 * 365 * 86_400

/**
 * Keys of the station, in the folder `keys` (0700, files 0600), never in the database or its backups:
 * - `root.json` signs trust lists and nothing else. It lies here from the installation on; moving it offline (BS1 4) is an operator's step: copy the file to a safe medium and
 *   remove it, and everything but new emergency keys goes on working (`key-locked` until it is back). It is not sealed with a PIN: a forgotten PIN would cost a visit to every pole.
 * - `routine.json` signs everyday letters up to priority 6.
 * - `emergency-<person>.json`: every holder has an own key for priorities up to 9, made when the person sets a PIN and stored only sealed with it. The audit and the radios see who fired,
 *   a changed PIN revokes the former key, and no holder's PIN opens another's key.
 * - `identity.json`: organisation, issuer and epoch. A mark is kept here and in the database; when they differ the database is not the one this folder knows, so the epoch rises by one
 *   and letters of the former life are refused by every device.
 */
export async function openKeyring(ctx: Pick<StationContext, 'folders' | 'db' | 'clock' | 'logger' | 'newId'>): Promise<Keyring> {
  const file = (name: string): string => join(ctx.folders.keys, name)
  const seconds = (): number => Math.floor(ctx.clock.now() / 1000)

  const readMark = (): string | null => z.object({ mark: z.string() }).nullable().parse(ctx.db.prepare('SELECT mark FROM device_identity WHERE id = 1').get() ?? null)?.mark ?? null
  const known = readSecret(file('identity.json'), Identity)
  const org = known?.org ?? `vx-${randomBytes(6).toString('hex')}`
  let identity = known ?? { org, iss: `studio/${org}`, epoch: 1, mark: '' }
  if (known !== null && readMark() !== known.mark) {
    identity = { ...identity, epoch: identity.epoch + 1 }
    ctx.logger.warn('the database is not the one these keys last saw: new epoch', { epoch: identity.epoch })
  }
  const moveMark = (): void => {
    const mark = ctx.newId()
    // Database first: a crash in between costs one epoch, never a repeated one.
    ctx.db.prepare('INSERT INTO device_identity (id, mark) VALUES (1, ?) ON CONFLICT (id) DO UPDATE SET mark = excluded.mark').run(mark)
    identity = { ...identity, mark }
    writeSecret(file('identity.json'), JSON.stringify(identity))
  }
  moveMark()

  const makeKey = (name: string, role: 'root' | 'ops'): StoredKey => {
    const made = newSigningKey(role)
    writeSecret(file(name), JSON.stringify(made))
    return made
  }
  const routineKey = readSecret(file('routine.json'), StoredKey) ?? makeKey('routine.json', 'ops')
  const routine = signerOf(routineKey)
  const RootPublic = StoredKey.omit({ d: true })
  let rootPublic = readSecret(file('root.pub.json'), RootPublic)
  if (rootPublic === null) {
    const { kid, x } = readSecret(file('root.json'), StoredKey) ?? makeKey('root.json', 'root')
    rootPublic = { kid, x }
    writeSecret(file('root.pub.json'), JSON.stringify(rootPublic))
  }
  const root = rootPublic

  const holders = new Map<string, Holder>()
  for (const name of readdirSync(ctx.folders.keys)) {
    if (!/^emergency-[0-9A-Z]{26}\.json$/.test(name)) continue
    const holder = readSecret(file(name), Holder)
    if (holder !== null) holders.set(holder.personId, holder)
  }

  let trust: TrustFile | null = readText(file('trust.json')) === null ? null : readSecret(file('trust.json'), TrustFile)
  const signTrust = async (): Promise<void> => {
    const rootKey = readSecret(file('root.json'), StoredKey)
    if (rootKey === null) throw new AppError('key-locked')
    const iat = seconds()
    const common = { iss: identity.iss, scope: ['*'], rank: 1, notBefore: iat - 86_400, notAfter: iat + KEY_LIFE }
    const jwk = (x: string): TrustKey['jwk'] => ({ kty: 'OKP', crv: 'Ed25519', x })
    const keys: TrustKey[] = [
      { ...common, kid: routineKey.kid, jwk: jwk(routineKey.x), types: ['live', 'screen', 'cmd', 'desired', 'manifest', 'time'], maxPrio: 6 },
      ...[...holders.values()].map((holder) => ({ ...common, kid: holder.kid, jwk: jwk(holder.x), types: ['alert', 'live', 'screen', 'cmd'], maxPrio: 9 })),
    ]
    const rev = Math.max(iat, (trust?.rev ?? 0) + 1)
    const claims = { v: 1, typ: 'keys', id: ctx.newId(), org: identity.org, iss: `root/${identity.org}`, aud: ['g/all'], iat, exp: iat + TRUST_LIFE, ep: identity.epoch, rev, keys, roots: [{ kid: root.kid, jwk: jwk(root.x) }] }
    const letter = await writeLetter(claims, root.kid, signerOf(rootKey).sign)
    trust = { letter, rev, iat, exp: claims.exp }
    writeSecret(file('trust.json'), JSON.stringify(trust))
  }
  let epochOfTrust = known !== null && known.epoch === identity.epoch && trust !== null ? identity.epoch : 0
  const refreshTrust = async (): Promise<boolean> => {
    const fresh = trust !== null && seconds() < trust.iat + TRUST_LIFE / 3
    if (fresh && epochOfTrust === identity.epoch) return false
    await signTrust()
    epochOfTrust = identity.epoch
    return true
  }
  await refreshTrust().catch((error: unknown) => {
    // Without the root the list in force stays in force; only a station that never had one cannot go on.
    if (trust === null) throw error
    ctx.logger.warn('the trust list cannot be renewed: the root key is not here')
  })

  const writeHolder = (holder: Holder): void => writeSecret(file(`emergency-${holder.personId}.json`), JSON.stringify(holder))

  return {
    get org() { return identity.org },
    get iss() { return identity.iss },
    get epoch() { return identity.epoch },
    root, routine, moveMark, refreshTrust,
    trustLetter() {
      if (trust === null) throw new AppError('key-locked')
      return trust.letter
    },
    hasEmergencyKey: (personId) => holders.has(personId),
    async setPin(personId, pin) {
      if (readText(file('root.json')) === null) throw new AppError('key-locked')
      const key = newSigningKey('emg')
      const holder: Holder = { personId, kid: key.kid, x: key.x, sealed: await seal(JSON.stringify(key), pin, `emergency/${personId}`) }
      const before = holders.get(personId)
      holders.set(personId, holder)
      try {
        await signTrust()
      } catch (error) {
        if (before === undefined) holders.delete(personId)
        else holders.set(personId, before)
        throw error
      }
      writeHolder(holder)
    },
    async openEmergencyKey(personId, pin) {
      const holder = holders.get(personId)
      const text = holder === undefined ? null : await unseal(holder.sealed, pin, `emergency/${personId}`)
      return text === null ? null : signerOf(StoredKey.parse(JSON.parse(text)))
    },
    async removeHolder(personId) {
      if (!holders.delete(personId)) return
      rmSync(file(`emergency-${personId}.json`), { force: true })
      await signTrust()
    },
  }
}
