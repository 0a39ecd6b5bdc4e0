import 'reflect-metadata'
import { Pkcs10CertificateRequestGenerator } from '@peculiar/x509'
import { encodeBase64Url } from '#common/letters/index.ts'

export async function requestFor(dev: string, keys: CryptoKeyPair): Promise<string> {
  const request = await Pkcs10CertificateRequestGenerator.create({ name: `CN=${dev}`, keys, signingAlgorithm: { name: 'ECDSA', hash: 'SHA-256' } })
  return encodeBase64Url(new Uint8Array(request.rawData))
}
