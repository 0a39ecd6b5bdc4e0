import { createHash, type X509Certificate } from 'node:crypto'
import { Agent, request as httpsRequest, type RequestOptions } from 'node:https'
import { connect, type TLSSocket } from 'node:tls'
import type { Duplex } from 'node:stream'

/** What the device shows and what it believes. `any` only while pairing: the claim proves the station there. */
export interface TlsIdentity {
  readonly cert: string
  readonly key: string
  readonly ca: readonly string[]
}
export type Trust = { readonly kind: 'any' } | { readonly kind: 'pinned'; readonly spki: readonly string[] } | { readonly kind: 'ca' }

export class PinError extends Error {
  readonly code = 'spki'
  constructor(host: string) {
    super(`server key of ${host} is not the one announced`)
    this.name = 'PinError'
  }
}

/** `sha256/…` of a server key, as written in letters. */
export function spkiPin(certificate: X509Certificate): string {
  const der = certificate.publicKey.export({ type: 'spki', format: 'der' })
  return `sha256/${createHash('sha256').update(der).digest('base64')}`
}

export function trustFor(spki: readonly string[] | undefined): Trust {
  return spki !== undefined && spki.length > 0 ? { kind: 'pinned', spki } : { kind: 'ca' }
}

/** Connects and checks the server before a single byte of ours (bearer, client id) is sent. */
export function connectTls(host: string, port: number, identity: TlsIdentity | null, trust: Trust, timeoutMs = 10_000): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const isAddress = /^[\d.]+$|:/.test(host)
    const socket = connect({
      host, port, minVersion: 'TLSv1.2', rejectUnauthorized: false,
      ...(isAddress ? {} : { servername: host }),
      ...(identity === null ? {} : { cert: identity.cert, key: identity.key, ...(identity.ca.length === 0 ? {} : { ca: [...identity.ca] }) }),
    })
    const timer = setTimeout(() => socket.destroy(new Error('timeout')), timeoutMs)
    const fail = (error: Error): void => {
      clearTimeout(timer)
      reject(error)
    }
    socket.once('error', fail)
    socket.once('close', () => fail(new Error('closed')))
    socket.once('secureConnect', () => {
      clearTimeout(timer)
      const certificate = socket.getPeerX509Certificate()
      const good = trust.kind === 'any' || (trust.kind === 'pinned' ? certificate !== undefined && trust.spki.includes(spkiPin(certificate)) : socket.authorized)
      if (!good) {
        socket.destroy()
        reject(new PinError(host))
        return
      }
      socket.removeListener('error', fail)
      resolve(socket)
    })
  })
}

class CheckedAgent extends Agent {
  readonly #identity: TlsIdentity | null
  readonly #trust: Trust
  constructor(identity: TlsIdentity | null, trust: Trust) {
    super({ keepAlive: true, maxSockets: 4, timeout: 30_000 })
    this.#identity = identity
    this.#trust = trust
  }
  override createConnection(options: RequestOptions, callback?: (error: Error | null, stream: Duplex) => void): Duplex | null | undefined {
    connectTls(options.host ?? '', Number(options.port ?? 443), this.#identity, this.#trust).then(
      (socket) => callback?.(null, socket),
      // Node reads only the error here; the second parameter of its type is not optional.
      (error: unknown) => callback?.(error instanceof Error ? error : new Error(String(error)), undefined as never),
    )
    return undefined
  }
}

export const openAgent = (identity: TlsIdentity | null, trust: Trust): Agent => new CheckedAgent(identity, trust)
export { httpsRequest }
