import { timingSafeEqual } from 'node:crypto'
import { createServer as createHttpServer } from 'node:http'
import { createServer as createTcpServer } from 'node:net'
import type { AddressInfo, Server } from 'node:net'
import { performance } from 'node:perf_hooks'
import type { Duplex } from 'node:stream'
import { createServer as createTlsServer } from 'node:tls'
import { parentPort, workerData } from 'node:worker_threads'
import { Aedes } from 'aedes'
import type { Client } from 'aedes'
import { createWebSocketStream, WebSocketServer } from 'ws'
import { BrokerStart, ToBroker } from './messages.ts'
import type { FromBroker } from './messages.ts'
import { GuardedConnection, MAX_PACKET_BYTES } from './packet-guard.ts'
import { RetainedFile } from './retained-file.ts'
import { Rights, STATION_ID } from './rights.ts'

/** The embedded broker: aedes in its own thread, so that neither a slow device nor SQLite can hold up the other. Settings of BS1 section 16. */
const start = BrokerStart.parse(workerData)
const rights = new Rights(start.org, start.devices)
const retained = new RetainedFile(start.retainedFile)
const tell = (message: FromBroker): void => parentPort?.postMessage(message)

/** How a connection proved who it is: by certificate, by password, or as the station's own client. */
type Proof = { readonly kind: 'certificate'; readonly id: string; readonly serial: string } | { readonly kind: 'password' } | { readonly kind: 'inner' }
const proofs = new WeakMap<object, Proof>()
const stationSecret = Buffer.from(start.stationSecret)
const isStation = (client: Client | null): boolean => client !== null && proofs.get(client.conn)?.kind === 'inner'
const refused = (client: Client | null, reason: string): Error => {
  tell({ kind: 'refused', client: client?.id ?? '', reason })
  return new Error(reason)
}

const broker = new Aedes({
  concurrency: 1000, drainTimeout: 2500, queueLimit: 42, keepaliveLimit: 120, connectTimeout: 10_000, maxClientsIdLength: 64, maxTopicLevels: 10,
  preConnect(client, packet, done) {
    const proof = proofs.get(client.conn)
    const { clientId, will } = packet
    if (proof === undefined) return done(refused(client, 'unknown listener'), false)
    if (proof.kind === 'inner') return done(null, clientId === STATION_ID)
    if (proof.kind === 'certificate' && (proof.id !== clientId || !rights.acceptsCertificate(clientId, proof.serial))) return done(refused(client, `certificate is not of ${clientId}`), false)
    if (rights.device(clientId) === null) return done(refused(client, `unknown device ${clientId}`), false)
    // Retained state replaces queues: a kept session of a device that never returns would only grow.
    if (packet.clean === false) return done(refused(client, `${clientId}: clean session only`), false)
    if (will !== undefined && !rights.mayPublish(clientId, { topic: will.topic, qos: will.qos ?? 0, bytes: will.payload?.length ?? 0 })) return done(refused(client, `${clientId}: will on ${will.topic}`), false)
    done(null, true)
  },
  authenticate(client, userName, password, done) {
    const proof = proofs.get(client.conn)
    if (proof?.kind === 'certificate') return done(null, true)
    const given = Buffer.from(password ?? '')
    if (proof?.kind === 'inner') return done(null, userName === STATION_ID && given.length === stationSecret.length && timingSafeEqual(given, stationSecret))
    const good = proof?.kind === 'password' && userName === client.id && rights.acceptsSecret(client.id, given)
    if (!good) tell({ kind: 'refused', client: client.id, reason: 'wrong password' })
    done(null, good)
  },
  authorizePublish(client, packet, done) {
    if (client === null || isStation(client)) return done(null)
    if (!rights.mayPublish(client.id, { topic: packet.topic, qos: packet.qos, bytes: packet.payload.length })) return done(refused(client, `publish on ${packet.topic}`))
    if (!rights.spend(client.id, performance.now())) return done(refused(client, 'too many messages'))
    done(null)
  },
  authorizeSubscribe(client, subscription, done) {
    if (isStation(client) || (subscription.qos < 2 && rights.maySubscribe(client.id, subscription.topic))) return done(null, subscription)
    tell({ kind: 'refused', client: client.id, reason: `subscribe to ${subscription.topic}` })
    done(null, null)
  },
  authorizeForward: (client, packet) => (isStation(client) || rights.mayHear(client.id, packet.topic) ? packet : null),
})
broker.on('publish', (packet) => {
  if (packet.retain && !packet.topic.startsWith('$')) retained.set({ topic: packet.topic, payload: Buffer.from(packet.payload), qos: packet.qos === 0 ? 0 : 1 })
})
const connected = new Set<Client>()
broker.on('client', (client) => connected.add(client))
broker.on('clientDisconnect', (client) => connected.delete(client))
// Connections end with errors all the time; each one ends alone.
broker.on('clientError', () => undefined)
broker.on('connectionError', () => undefined)

function handle(connection: Duplex, proof: Proof): void {
  const guarded = new GuardedConnection(connection)
  proofs.set(guarded, proof)
  broker.handle(guarded)
}

const tls = createTlsServer({ key: start.key, cert: start.cert, ca: start.ca, requestCert: true, rejectUnauthorized: true, minVersion: 'TLSv1.2', handshakeTimeout: 10_000 }, (socket) => {
  const certificate = socket.getPeerCertificate()
  const name = certificate.subject?.CN
  socket.setNoDelay(true)
  handle(socket, { kind: 'certificate', id: typeof name === 'string' ? name : '', serial: certificate.serialNumber ?? '' })
})
tls.on('tlsClientError', () => undefined)

const inner = createTcpServer((socket) => {
  socket.setNoDelay(true)
  handle(socket, { kind: 'inner' })
})

const http = createHttpServer({ headersTimeout: 10_000, maxHeaderSize: 8192 }, (_request, response) => {
  response.writeHead(426).end()
})
const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_PACKET_BYTES + 5, perMessageDeflate: false, handleProtocols: (offered) => (offered.has('mqtt') ? 'mqtt' : false) })
http.on('upgrade', (request, socket, head) => {
  if ((request.url ?? '').split('?', 1)[0] !== '/mqtt') {
    socket.destroy()
    return
  }
  sockets.handleUpgrade(request, socket, head, (ws) => handle(createWebSocketStream(ws), { kind: 'password' }))
})

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const bind = (wanted: number): void => {
      const failed = (error: Error): void => {
        // The port of last time is taken by somebody else: take any, the station tells its devices.
        if (wanted !== 0 && 'code' in error && error.code === 'EADDRINUSE') bind(0)
        else reject(error)
      }
      server.once('error', failed)
      server.listen(wanted, server === inner ? '127.0.0.1' : start.bind, () => {
        server.off('error', failed)
        const address: AddressInfo | string | null = server.address()
        resolve(address === null || typeof address === 'string' ? wanted : address.port)
      })
    }
    bind(port)
  })
}

parentPort?.on('message', (body: unknown) => {
  const message = ToBroker.parse(body)
  if (message.kind === 'devices') {
    rights.set(message.devices)
    // Rights gone, connection gone: a revoked device, a new certificate, a new password.
    for (const client of connected) {
      const proof = proofs.get(client.conn)
      if (proof === undefined || proof.kind === 'inner') continue
      if (rights.device(client.id) === null || (proof.kind === 'certificate' && !rights.acceptsCertificate(client.id, proof.serial))) client.close()
    }
    return
  }
  retained.save()
  for (const server of [tls, inner, http]) server.close()
  broker.close(() => {
    tell({ kind: 'stopped' })
    process.exit(0)
  })
})

await broker.listen()
for (const message of retained.load()) {
  await new Promise<void>((resolve) => broker.publish({ cmd: 'publish', topic: message.topic, payload: message.payload, qos: message.qos, retain: true, dup: false }, () => resolve()))
}
const [tlsPort, wsPort, innerPort] = [await listen(tls, start.tlsPort), await listen(http, start.wsPort), await listen(inner, start.innerPort)]
tell({ kind: 'ready', tlsPort, wsPort, innerPort })
