import { createHash, createPrivateKey, generateKeyPairSync, sign } from 'node:crypto'
import { z } from 'zod'
import type { SignBytes } from '#common/letters/index.ts'

/** Private Ed25519 key with its id; `x` public, `d` secret. */
export const StoredKey = z.object({ kid: z.string(), x: z.string().length(43), d: z.string().length(43) })
export type StoredKey = z.infer<typeof StoredKey>
const PrivateJwk = z.object({ x: z.string().length(43), d: z.string().length(43) })

export interface Signer {
  readonly kid: string
  readonly x: string
  readonly sign: SignBytes
}

/** The id is derived from the public key: two stations never share one by accident. */
export function newSigningKey(role: 'root' | 'ops' | 'emg'): StoredKey {
  const { privateKey } = generateKeyPairSync('ed25519')
  const { x, d } = PrivateJwk.parse(privateKey.export({ format: 'jwk' }))
  const print = createHash('sha256').update(Buffer.from(x, 'base64url')).digest('hex')
  return { kid: `${role}-${print.slice(0, 8)}`, x, d }
}

export function signerOf(key: StoredKey): Signer {
  const privateKey = createPrivateKey({ key: { kty: 'OKP', crv: 'Ed25519', x: key.x, d: key.d }, format: 'jwk' })
  return { kid: key.kid, x: key.x, sign: (bytes) => sign(null, bytes, privateKey) }
}
