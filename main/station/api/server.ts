import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import { AppError } from '#contract/errors.ts'
import { MAX_BINARY_BYTES } from '#contract/wire.ts'
import type { Scope } from '../context.ts'
import { serveConnection } from './connection.ts'
import type { ConnectionDeps } from './connection.ts'
import { endWith } from './routes.ts'
import type { RouteBook } from './routes.ts'

const APP_ORIGIN = 'app://studio'
const MAX_CONNECTIONS = 200

export interface ApiDeps extends ConnectionDeps {
  readonly scope: Scope
  readonly routes: RouteBook
  readonly mode: 'normal' | 'safe'
  newId(): string
}

/** The bound port. It outlives one opening of the house: between two of them callers are told to come back. */
export interface Listener {
  readonly port: number
  serve(answers: Answers | null): void
  /** Ends open connections, not the port. */
  dropConnections(): void
  close(): Promise<void>
}
export interface Answers {
  request(request: IncomingMessage, response: ServerResponse): void
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void
}

function turnAway(socket: Duplex, status: string): void {
  if (socket.writable) socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
  else socket.destroy()
}

/** Binds before anything else is opened, so that a taken port is known at once. @throws AppError port-in-use */
export async function listen(port: number): Promise<Listener> {
  let current: Answers | null = null
  const server = createServer({ requestTimeout: 30_000, headersTimeout: 10_000, keepAliveTimeout: 10_000, maxHeaderSize: 16_384 })
  server.on('request', (request, response) => (current === null ? endWith(response, 503, 'busy') : current.request(request, response)))
  server.on('upgrade', (request, socket, head) => {
    // A reset before the upgrade is the peer's business; without this listener it would be ours.
    socket.on('error', () => socket.destroy())
    if (current === null) turnAway(socket, '503 Service Unavailable')
    else current.upgrade(request, socket, head)
  })
  server.on('clientError', (_, socket) => turnAway(socket, '400 Bad Request'))
  await new Promise<void>((resolve, reject) => {
    server.once('error', error => {
      reject('code' in error && (error.code === 'EADDRINUSE' || error.code === 'EACCES') ? new AppError('port-in-use', { cause: error, data: { port } }) : error)
    })
    server.listen(port, '127.0.0.1', resolve)
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the listener has no port')
  return {
    port: address.port,
    serve(answers) {
      current = answers
    },
    dropConnections: () => server.closeAllConnections(),
    close: () => new Promise(resolve => {
      server.close(() => resolve())
      server.closeAllConnections()
    }),
  }
}

/** The studio's listener: `/rpc`, `/health`, `/files/<ticket>/…` and the public pages rooms add. */
export function openApi(listener: Listener, deps: ApiDeps): void {
  const { port } = listener
  const { scope, logger, routes } = deps
  const hosts = new Set([`127.0.0.1:${port}`, `localhost:${port}`])
  const origins = new Set([APP_ORIGIN, `http://127.0.0.1:${port}`])

  const isOurs = (request: IncomingMessage) =>
    // A foreign page that points its own name at 127.0.0.1 sends its own name as Host (DNS rebinding).
    hosts.has(request.headers.host ?? '') && (request.headers.origin === undefined || origins.has(request.headers.origin))

  const route = (request: IncomingMessage): { access: 'files' | 'public'; ticket: string; prefix: string; rest: string } | null => {
    const [path = ''] = (request.url ?? '').split('?', 1)
    const parts: string[] = []
    for (const part of path.split('/').slice(1)) {
      try {
        parts.push(decodeURIComponent(part))
      } catch {
        // Not a path we ever gave out.
        return null
      }
    }
    // No handler has to think about climbing out of its folder or about NUL in file names.
    if (parts.some(part => part === '..' || part === '.' || /[\\/\0]/.test(part))) return null
    const [first = '', ...others] = parts
    if (first !== 'files') return { access: 'public', ticket: '', prefix: first, rest: others.join('/') }
    const [ticket = '', prefix = '', ...rest] = others
    return { access: 'files', ticket, prefix, rest: rest.join('/') }
  }

  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    response.setHeader('x-content-type-options', 'nosniff')
    response.setHeader('referrer-policy', 'no-referrer')
    response.setHeader('vary', 'origin')
    if (!isOurs(request)) return endWith(response, 403, 'forbidden')
    if (request.headers.origin !== undefined) {
      response.setHeader('access-control-allow-origin', request.headers.origin)
      response.setHeader('access-control-expose-headers', 'content-range, content-length, accept-ranges, etag')
    }
    if (request.method === 'OPTIONS') {
      response.writeHead(204, { 'access-control-allow-methods': 'GET, HEAD', 'access-control-allow-headers': 'range, if-none-match, if-range', 'access-control-max-age': '600' })
      response.end()
      return
    }
    const wanted = route(request)
    if (wanted === null) return endWith(response, 400, 'invalid-input')
    if (request.method !== 'GET' && request.method !== 'HEAD' && !(request.method === 'POST' && routes.takesPost(wanted.access, wanted.prefix))) {
      response.setHeader('allow', 'GET, HEAD, OPTIONS')
      return endWith(response, 405, 'invalid-input')
    }
    if (wanted.access === 'public' && wanted.prefix === 'health') {
      response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-store' })
      response.end(JSON.stringify({ ok: true, boot: deps.boot, version: deps.version, mode: deps.mode }))
      return
    }
    if (wanted.access === 'files') {
      if (!deps.identities.ticket(wanted.ticket)) return endWith(response, 403, 'session-expired')
      // The page lives on app://studio, the files here: the ticket is the permission.
      response.setHeader('cross-origin-resource-policy', 'cross-origin')
    }
    const handler = routes.find(wanted.access, wanted.prefix)
    if (handler === undefined) return endWith(response, 404, 'not-found')
    await handler(request, response, wanted.rest)
  }

  const onRequest = (request: IncomingMessage, response: ServerResponse) => {
    answer(request, response).catch((error: unknown) => {
      logger.error('a request failed', { method: request.method, error })
      endWith(response, 500, 'internal')
    })
  }

  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_BINARY_BYTES + 1024, perMessageDeflate: false, skipUTF8Validation: false })
  const onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (!isOurs(request)) {
      logger.warn('a connection from a foreign origin was refused', { origin: request.headers.origin, host: request.headers.host })
      return turnAway(socket, '403 Forbidden')
    }
    if (request.url?.split('?', 1)[0] !== '/rpc') return turnAway(socket, '404 Not Found')
    if (sockets.clients.size >= MAX_CONNECTIONS) return turnAway(socket, '503 Service Unavailable')
    sockets.handleUpgrade(request, socket, head, client => {
      const id = deps.newId()
      serveConnection(client, id, scope.child('connection'), deps)
    })
  }
  listener.serve({ request: onRequest, upgrade: onUpgrade })
  scope.add(() => {
    listener.serve(null)
    sockets.close()
    listener.dropConnections()
  })
}
