import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'

/** Price of one guess, as scrypt takes it. */
export interface PasswordCost {
  readonly N: number
  readonly r: number
  readonly p: number
}

/** OWASP: N = 2^15, r = 8, p = 3 (32 MiB). The numbers ride in the text, so that they can grow. */
const COST: PasswordCost = { N: 32_768, r: 8, p: 3 }
const KEY_BYTES = 32
const format = /^scrypt\$(\d+)\$(\d+)\$(\d+)\$([A-Za-z0-9_-]+)\$([A-Za-z0-9_-]+)$/

let queue: Promise<unknown> = Promise.resolve()

/** One at a time: a burst of sign-ins must not take all memory and all threads away from the air. */
function derive(password: string, salt: Buffer, cost: PasswordCost, bytes: number): Promise<Buffer> {
  const run = () => new Promise<Buffer>((resolve, reject) => {
    // NFC: the same Vietnamese password typed by two input methods is one password.
    scrypt(password.normalize('NFC'), salt, bytes, { ...cost, maxmem: 256 * cost.N * cost.r }, (error, key) => (error ? reject(error) : resolve(key)))
  })
  const result = queue.then(run, run)
  queue = result.catch(() => undefined)
  return result
}

export async function hashPassword(password: string, cost = COST): Promise<string> {
  const salt = randomBytes(16)
  const key = await derive(password, salt, cost, KEY_BYTES)
  return `scrypt$${cost.N}$${cost.r}$${cost.p}$${salt.toString('base64url')}$${key.toString('base64url')}`
}

/** With `stored` null (nobody of that name) it takes as long and says no, so that names cannot be guessed by time. */
export async function isPassword(password: string, stored: string | null, cost = COST): Promise<boolean> {
  const match = stored === null ? null : format.exec(stored)
  if (match === null) {
    await derive(password, Buffer.alloc(16), cost, KEY_BYTES)
    return false
  }
  const [, n, r, p, salt = '', key = ''] = match
  const expected = Buffer.from(key, 'base64url')
  const given = await derive(password, Buffer.from(salt, 'base64url'), { N: Number(n), r: Number(r), p: Number(p) }, expected.length)
  return timingSafeEqual(given, expected)
}
