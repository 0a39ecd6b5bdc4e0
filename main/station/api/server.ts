import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import { MAX_BINARY_BYTES } from '#contract/wire.ts'
import type { Scope } from '../context.ts'
import { serveConnection } from './connection.ts'
import type { ConnectionDeps } from './connection.ts'
import { turnAway } from './listener.ts'
import type { Listener } from './listener.ts'
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
