import { encodeBase64Url, writeLabel } from '#common/letters/index.ts'
import type { Store } from './store.ts'

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const
const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

export interface ScreenIdentity {
  readonly dev: string
  readonly claim: string
  readonly label: string
  readonly spkiSha256: string
  /** PKCS#10 request, base64url DER; loads the certificate library, which only pairing needs. */
  csr(): Promise<string>
}
interface Stored {
  readonly dev: string
  readonly claim: string
  readonly keys: CryptoKeyPair
}

const letters = (count: number): string => [...crypto.getRandomValues(new Uint8Array(count))].map((byte) => CROCKFORD[byte & 31] ?? '0').join('')

/** Made at the first opening of the page; the private key cannot leave this browser profile. */
export async function openIdentity(store: Store): Promise<ScreenIdentity> {
  const known = await store.get('identity')
  const stored: Stored = isStored(known) ? known : { dev: `SCR-${letters(6)}`, claim: letters(8), keys: await crypto.subtle.generateKey(ALGORITHM, false, ['sign', 'verify']) }
  if (!isStored(known)) await store.set('identity', stored)
  const spki = await crypto.subtle.exportKey('spki', stored.keys.publicKey)
  const spkiSha256 = encodeBase64Url(new Uint8Array(await crypto.subtle.digest('SHA-256', spki)))
  const { dev, claim, keys } = stored
  return {
    dev, claim, spkiSha256,
    label: writeLabel({ dev, spkiSha256, claim }),
    async csr() {
      const { requestFor } = await import('./certificate-request.ts')
      return requestFor(dev, keys)
    },
  }
}

function isStored(value: unknown): value is Stored {
  return typeof value === 'object' && value !== null && 'dev' in value && typeof value.dev === 'string' && 'claim' in value && typeof value.claim === 'string' && 'keys' in value && typeof value.keys === 'object'
}
