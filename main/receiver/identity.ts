import 'reflect-metadata'
import { createHash, randomInt } from 'node:crypto'
import * as x509 from '@peculiar/x509'
import { z } from 'zod'
import { encodeBase64Url, writeLabel } from '#common/letters/index.ts'
import type { Flash } from './flash.ts'

x509.cryptoProvider.set(crypto)
const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const
const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

const Stored = z.object({ dev: z.string(), claim: z.string(), key: z.string(), selfSigned: z.string(), spkiSha256: z.string(), madeAt: z.string() })

/** Who the device is: made at its first start, never changed. The label is what is printed on its box. */
export interface Identity {
  readonly dev: string
  readonly claim: string
  /** Private TLS key, PKCS#8 PEM. */
  readonly key: string
  /** Certificate of that key signed by itself: only shown while pairing. */
  readonly selfSigned: string
  readonly spkiSha256: string
  readonly label: string
  /** PKCS#10 request, base64url DER. */
  csr(): Promise<string>
}

const letters = (count: number): string => Array.from({ length: count }, () => CROCKFORD[randomInt(CROCKFORD.length)] ?? '0').join('')
const importKey = (pem: string) => crypto.subtle.importKey('pkcs8', x509.PemConverter.decodeFirst(pem), ALGORITHM, true, ['sign'])

export async function openIdentity(flash: Flash, wanted: { dev?: string | undefined; claim?: string | undefined }): Promise<Identity> {
  const known = Stored.safeParse(flash.read('identity.json'))
  const stored = known.success ? known.data : await makeIdentity(wanted)
  if (!known.success) {
    flash.write('identity.json', stored)
  }
  return {
    ...stored,
    label: writeLabel(stored),
    async csr() {
      const privateKey = await importKey(stored.key)
      const publicKey = await new x509.X509Certificate(stored.selfSigned).publicKey.export(ALGORITHM, ['verify'])
      const request = await x509.Pkcs10CertificateRequestGenerator.create({ name: `CN=${stored.dev}`, keys: { privateKey, publicKey }, signingAlgorithm: ALGORITHM })
      return encodeBase64Url(new Uint8Array(request.rawData))
    },
  }
}

async function makeIdentity(wanted: { dev?: string | undefined; claim?: string | undefined }): Promise<z.infer<typeof Stored>> {
  const dev = wanted.dev ?? `SPK-${letters(8)}`
  const claim = wanted.claim ?? letters(8)
  if (!/^[A-Z]{3}-[0-9A-Z]{6,16}$/.test(dev)) throw new Error(`not a device id: ${dev}`)
  if (!/^[0-9A-HJKMNP-TV-Z]{8}$/.test(claim)) throw new Error('the claim has eight letters or digits, without I L O U')
  const keys = await crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])
  const spki = new Uint8Array(await crypto.subtle.exportKey('spki', keys.publicKey))
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({ name: `CN=${dev}`, keys, signingAlgorithm: ALGORITHM, notBefore: new Date('2020-01-01T00:00:00Z'), notAfter: new Date('2060-01-01T00:00:00Z') })
  return {
    dev, claim, key: x509.PemConverter.encode(await crypto.subtle.exportKey('pkcs8', keys.privateKey), 'PRIVATE KEY'), selfSigned: certificate.toString('pem'),
    spkiSha256: createHash('sha256').update(spki).digest('base64url'), madeAt: new Date().toISOString(),
  }
}
