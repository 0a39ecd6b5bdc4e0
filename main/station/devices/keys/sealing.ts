import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto'
import { z } from 'zod'

/** Something that only opens with a secret a person knows: scrypt, then AES-256-GCM bound to its purpose. */
export const Sealed = z.object({ v: z.literal(1), n: z.number().int().min(2 ** 14).max(2 ** 20), salt: z.string(), nonce: z.string(), box: z.string() })
export type Sealed = z.infer<typeof Sealed>

/** About 80 ms and 32 MiB per try on an office PC: an emergency must not wait for it. What keeps a guesser out first is the mode of the file. */
const COST = 2 ** 15

function derive(secret: string, salt: Buffer, n: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(secret.normalize('NFC'), salt, 32, { N: n, r: 8, p: 1, maxmem: 256 * n * 8 }, (error, key) => (error === null ? resolve(key) : reject(error)))
  })
}

export async function seal(content: string, secret: string, purpose: string): Promise<Sealed> {
  const salt = randomBytes(16)
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', await derive(secret, salt, COST), nonce)
  cipher.setAAD(Buffer.from(purpose))
  const box = Buffer.concat([cipher.update(content, 'utf8'), cipher.final(), cipher.getAuthTag()])
  return { v: 1, n: COST, salt: salt.toString('base64url'), nonce: nonce.toString('base64url'), box: box.toString('base64url') }
}

/** Null when the secret is wrong (or the box was changed). */
export async function unseal(sealed: Sealed, secret: string, purpose: string): Promise<string | null> {
  const box = Buffer.from(sealed.box, 'base64url')
  if (box.length < 17) return null
  const decipher = createDecipheriv('aes-256-gcm', await derive(secret, Buffer.from(sealed.salt, 'base64url'), sealed.n), Buffer.from(sealed.nonce, 'base64url'))
  decipher.setAAD(Buffer.from(purpose))
  decipher.setAuthTag(box.subarray(-16))
  try {
    return Buffer.concat([decipher.update(box.subarray(0, -16)), decipher.final()]).toString('utf8')
  } catch {
    return null
  }
}
