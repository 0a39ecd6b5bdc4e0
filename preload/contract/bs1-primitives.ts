import { ed25519 } from '@noble/curves/ed25519.js'
import { decodeBase64Url } from '#common/letters/bytes.ts'
import type { Primitives } from '#common/letters/primitives.ts'
import { validateBs1 } from './bs1-schema.ts'

type Bytes = Uint8Array<ArrayBuffer>
/** WebCrypto takes no views of shared memory. */
const owned = (bytes: Uint8Array): Bytes => new Uint8Array(bytes)

/** The part of WebCrypto used here; both `crypto.subtle` of a page and `webcrypto.subtle` of Node fit. */
export interface Subtle {
  importKey(format: 'raw', data: Bytes, algorithm: { name: string; hash?: string }, extractable: boolean, usages: ('verify' | 'sign')[]): Promise<unknown>
  verify(algorithm: { name: string }, key: unknown, signature: Bytes, data: Bytes): Promise<boolean>
  sign(algorithm: { name: string }, key: unknown, data: Bytes): Promise<ArrayBuffer>
  digest(algorithm: string, data: Bytes): Promise<ArrayBuffer>
}

/**
 * Primitives for Node and for browsers. Chromium before 137 has no Ed25519 in WebCrypto: there (and only there) the library verifies.
 * Imported keys are kept: a trust list has few of them and importing costs more than verifying.
 */
export function createPrimitives(subtle: Subtle): Primitives {
  const keys = new Map<string, Promise<unknown>>()
  let native = true
  const importKey = (x: string, raw: Uint8Array): Promise<unknown> => {
    const known = keys.get(x)
    if (known !== undefined) return known
    if (keys.size > 200) keys.clear()
    const key = subtle.importKey('raw', owned(raw), { name: 'Ed25519' }, false, ['verify'])
    keys.set(x, key)
    return key
  }
  return {
    validate: validateBs1,
    sha256: async (bytes) => new Uint8Array(await subtle.digest('SHA-256', owned(bytes))),
    hmacSha256: async (key, bytes) => {
      const imported = await subtle.importKey('raw', owned(key), { name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])
      return new Uint8Array(await subtle.sign({ name: 'HMAC' }, imported, owned(bytes)))
    },
    verifyEd25519: async (x, message, signature) => {
      const raw = decodeBase64Url(x)
      if (raw === null || raw.length !== 32 || signature.length !== 64) return false
      if (native) {
        try {
          return await subtle.verify({ name: 'Ed25519' }, await importKey(x, raw), owned(signature), owned(message))
        } catch (error) {
          if (!(error instanceof Error) || error.name !== 'NotSupportedError') return false
          native = false
        }
      }
      try {
        return ed25519.verify(signature, message, raw, { zip215: false })
      } catch {
        return false
      }
    },
  }
}
