import 'reflect-metadata'
import { createHash, randomBytes, X509Certificate as NodeCertificate } from 'node:crypto'
import { join } from 'node:path'
import * as x509 from '@peculiar/x509'
import { z } from 'zod'
import type { StationContext } from '../../context.ts'
import { readSecret, writeSecret } from './key-files.ts'

x509.cryptoProvider.set(crypto)
const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const
const DAY = 86_400_000
const Pair = z.object({ key: z.string(), cert: z.string() })
type Pair = z.infer<typeof Pair>

export interface ServerIdentity {
  readonly key: string
  readonly cert: string
  /** `sha256/…` pin of the server key; it stays the same when the certificate is renewed. */
  readonly spki: string
}
export interface Authority {
  /** PEM of the station's own certificate authority. */
  readonly ca: string
  readonly server: ServerIdentity
  /** Client certificate of the station itself, for an external broker. */
  readonly client: { readonly key: string; readonly cert: string }
  /** Issues a client certificate (CN = device id, one year) for the key of a request. */
  issue(deviceId: string, request: DeviceRequest): Promise<{ cert: string; serial: string }>
  /** PEM revocation list for an external broker. */
  revocations(serials: readonly { serial: string; at: number }[]): Promise<string>
}
/** A checked certificate request: its key, and proof that the sender holds the private half. */
export interface DeviceRequest { readonly publicKey: x509.PublicKey; readonly spkiSha256: string }

/** Parses PKCS#10 (base64url DER). Null when malformed, not P-256, or not signed by its own key. */
export async function readRequest(csr: string): Promise<DeviceRequest | null> {
  try {
    const request = new x509.Pkcs10CertificateRequest(Buffer.from(csr, 'base64url'))
    if (!(await request.verify())) return null
    const { algorithm } = request.publicKey
    if (algorithm.name !== 'ECDSA' || !('namedCurve' in algorithm) || algorithm.namedCurve !== 'P-256') return null
    return { publicKey: request.publicKey, spkiSha256: spkiHash(Buffer.from(request.publicKey.rawData)) }
  } catch {
    return null
  }
}

export const spkiHash = (der: Buffer): string => createHash('sha256').update(der).digest('base64url')
export const spkiPin = (certificate: string): string => `sha256/${createHash('sha256').update(new NodeCertificate(certificate).publicKey.export({ type: 'spki', format: 'der' })).digest('base64')}`

/** The station's certificate authority: made once, kept in the folder of keys. */
export async function openAuthority(ctx: Pick<StationContext, 'folders' | 'clock'>, hosts: readonly string[]): Promise<Authority> {
  const file = (name: string): string => join(ctx.folders.keys, name)
  const serialNumber = (): string => `01${randomBytes(15).toString('hex')}`
  const from = (): Date => new Date(ctx.clock.now() - DAY)
  const until = (days: number): Date => new Date(ctx.clock.now() + days * DAY)
  const makeKeys = () => crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])
  const pemOfKey = async (key: Parameters<typeof crypto.subtle.exportKey>[1]): Promise<string> => x509.PemConverter.encode(await crypto.subtle.exportKey('pkcs8', key), 'PRIVATE KEY')
  const readKey = (pem: string) => crypto.subtle.importKey('pkcs8', x509.PemConverter.decodeFirst(pem), ALGORITHM, true, ['sign'])

  let stored = readSecret(file('ca.json'), Pair)
  if (stored === null) {
    const keys = await makeKeys()
    const cert = await x509.X509CertificateGenerator.createSelfSigned({
      serialNumber: serialNumber(), name: 'CN=VangXa Station CA', notBefore: from(), notAfter: until(3650 * 2), signingAlgorithm: ALGORITHM, keys,
      extensions: [new x509.BasicConstraintsExtension(true, 0, true), new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true), await x509.SubjectKeyIdentifierExtension.create(keys.publicKey)],
    })
    stored = { key: await pemOfKey(keys.privateKey), cert: cert.toString('pem') }
    writeSecret(file('ca.json'), JSON.stringify(stored))
  }
  const caCert = new x509.X509Certificate(stored.cert)
  const caKey = await readKey(stored.key)

  const sign = async (subject: string, publicKey: x509.PublicKeyType, days: number, extensions: x509.Extension[]): Promise<x509.X509Certificate> => x509.X509CertificateGenerator.create({
    serialNumber: serialNumber(), subject, issuer: caCert.subject, notBefore: from(), notAfter: until(days), signingKey: caKey, publicKey, signingAlgorithm: ALGORITHM,
    extensions: [new x509.BasicConstraintsExtension(false, undefined, true), new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true), await x509.AuthorityKeyIdentifierExtension.create(caCert.publicKey), ...extensions],
  })
  const serverExtensions = (): x509.Extension[] => [
    new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
    new x509.SubjectAlternativeNameExtension(hosts.map((host) => ({ type: /^[\d.]+$|:/.test(host) ? 'ip' as const : 'dns' as const, value: host }))),
  ]
  const renew = async (name: string, subject: string, extensions: () => x509.Extension[], stale: (pair: Pair) => boolean): Promise<Pair> => {
    const before = readSecret(file(name), Pair)
    if (before !== null && !stale(before)) return before
    // The key stays: its pin is in the configuration of every device.
    const fresh = before === null ? await makeKeys() : null
    const keyPem = before?.key ?? (fresh === null ? '' : await pemOfKey(fresh.privateKey))
    const publicKey = fresh?.publicKey ?? new x509.X509Certificate(before?.cert ?? '').publicKey
    const pair = { key: keyPem, cert: (await sign(subject, publicKey, 365, extensions())).toString('pem') }
    writeSecret(file(name), JSON.stringify(pair))
    return pair
  }
  const old = (pair: Pair): boolean => new x509.X509Certificate(pair.cert).notAfter.getTime() < ctx.clock.now() + 120 * DAY
  const namesOf = (pair: Pair): string => new NodeCertificate(pair.cert).subjectAltName ?? ''
  const missesHost = (pair: Pair): boolean => hosts.some((host) => !namesOf(pair).includes(host))
  const server = await renew('server.json', 'CN=vangxa-station', serverExtensions, (pair) => old(pair) || missesHost(pair))
  const client = await renew('client.json', 'CN=station', () => [new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.clientAuth])], old)

  return {
    ca: stored.cert,
    server: { ...server, spki: spkiPin(server.cert) },
    client,
    async issue(deviceId, request) {
      const certificate = await sign(`CN=${deviceId}`, request.publicKey, 365, [new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.clientAuth])])
      return { cert: certificate.toString('pem'), serial: certificate.serialNumber.toLowerCase() }
    },
    async revocations(serials) {
      const list = await x509.X509CrlGenerator.create({
        issuer: caCert.subject, thisUpdate: from(), nextUpdate: until(3650), signingAlgorithm: ALGORITHM, signingKey: caKey,
        entries: serials.map((entry) => ({ serialNumber: entry.serial, revocationDate: new Date(entry.at), reason: x509.X509CrlReason.keyCompromise })),
      })
      return x509.PemConverter.encode(list.rawData, 'X509 CRL')
    },
  }
}
