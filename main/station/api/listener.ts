import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { AppError } from '#contract/errors.ts'
import { endWith } from './routes.ts'

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

export function turnAway(socket: Duplex, status: string): void {
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
