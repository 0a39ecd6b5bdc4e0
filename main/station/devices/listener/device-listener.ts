import { createServer } from 'node:https'
import type { Server } from 'node:https'
import type { IncomingMessage } from 'node:http'
import { TLSSocket } from 'node:tls'
import type { Logger, Scope } from '../../context.ts'
import { spkiHash } from '../keys/authority.ts'
import { sendJson } from './bodies.ts'
import type { DeviceRoutes, Peer } from './device-routes.ts'

export interface ListenerOptions {
  readonly key: string
  readonly cert: string
  readonly ca: string
  readonly bind: string
  /** Port of last time: devices find the station again. 0 or taken = any. */
  readonly port: number
  readonly routes: () => DeviceRoutes | null
  readonly scope: Scope
  readonly logger: Logger
  /** Whether this certificate is the one in force for the device. */
  certificateInForce(device: string, serial: string): boolean
}

/** HTTPS for devices. Certificates are asked for, not demanded: a device that is just being paired has none of ours yet. */
export async function openDeviceListener(options: ListenerOptions): Promise<{ port: number }> {
  const { scope, logger } = options
  const server = createServer({
    key: options.key, cert: options.cert, ca: options.ca, requestCert: true, rejectUnauthorized: false, minVersion: 'TLSv1.2', handshakeTimeout: 10_000,
    requestTimeout: 60_000, headersTimeout: 10_000, keepAliveTimeout: 30_000, maxHeaderSize: 16_384,
  }, (request, response) => {
    const routes = options.routes()
    const [path = '/'] = (request.url ?? '/').split('?', 1)
    if (routes === null) return sendJson(response, 503, { v: 1, code: 'starting' })
    routes.answer(request, response, path.slice(1), peerOf(request, options)).catch((error: unknown) => {
      logger.error('a device request failed', { error })
      sendJson(response, 500, { v: 1, code: 'internal' })
    })
  })
  server.on('tlsClientError', () => undefined)
  server.on('clientError', (_error, socket) => socket.destroy())
  const port = await listen(server, options.bind, options.port)
  scope.add(async () => {
    server.closeAllConnections()
    await new Promise<void>((resolve) => server.close(() => resolve()))
  })
  return { port }
}

function peerOf(request: IncomingMessage, options: Pick<ListenerOptions, 'certificateInForce'>): Peer {
  if (!(request.socket instanceof TLSSocket)) return { spki: null, device: null }
  const certificate = request.socket.getPeerX509Certificate()
  if (certificate === undefined) return { spki: null, device: null }
  const spki = spkiHash(certificate.publicKey.export({ type: 'spki', format: 'der' }))
  const name = /(?:^|\n)CN=([A-Z]{3}-[0-9A-Z]{6,16})(?:\n|$)/.exec(certificate.subject)?.[1]
  const genuine = request.socket.authorized && name !== undefined && options.certificateInForce(name, certificate.serialNumber.toLowerCase())
  return { spki, device: genuine ? name : null }
}

function listen(server: Server, bind: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const failed = (error: Error): void => {
      if (port !== 0 && 'code' in error && (error.code === 'EADDRINUSE' || error.code === 'EACCES')) listen(server, bind, 0).then(resolve, reject)
      else reject(error)
    }
    server.once('error', failed)
    server.listen(port, bind, () => {
      server.off('error', failed)
      const address = server.address()
      resolve(address === null || typeof address === 'string' ? port : address.port)
    })
  })
}
