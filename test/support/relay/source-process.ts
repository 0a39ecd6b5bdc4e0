import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { ServerResponse } from 'node:http'

/**
 * A station that sends, as a program of its own: an MP3 at its pace to everybody who listens, round and round. Lines on its input: `silence`, `sound`.
 * Arguments: port (0 = any), file, file of silence, bytes a second. Says `listening <port>`.
 */
const [port = '0', soundPath = '', silencePath = '', rate = '16000'] = process.argv.slice(2)
const sounds = { sound: readFileSync(soundPath), silence: readFileSync(silencePath) }
let sends: keyof typeof sounds = 'sound'
const TICK_MS = 50
const perTick = Math.round((Number(rate) * TICK_MS) / 1000)
/** What a listener gets at once, as live servers do. */
const BURST_TICKS = 10

const listeners = new Map<ServerResponse, number>()
const server = createServer((_request, response) => {
  response.writeHead(200, { 'content-type': 'audio/mpeg', 'icy-name': 'Dai tinh' })
  listeners.set(response, 0)
  for (let n = 0; n < BURST_TICKS; n++) send(response)
  response.on('close', () => listeners.delete(response))
})

function send(response: ServerResponse): void {
  const bytes = sounds[sends]
  const at = (listeners.get(response) ?? 0) % bytes.length
  const end = Math.min(bytes.length, at + perTick)
  response.write(bytes.subarray(at, end))
  listeners.set(response, end)
}
let sent = 0
const began = performance.now()
setInterval(() => {
  // By the clock: a held-up process sends what it owes, but no more than a second of it.
  const due = Math.floor((performance.now() - began) / TICK_MS)
  sent = Math.max(sent, due - 1000 / TICK_MS)
  for (; sent < due; sent++) for (const response of listeners.keys()) send(response)
}, TICK_MS)
process.stdin.on('data', (chunk) => {
  const word = chunk.toString().trim()
  if (word === 'silence' || word === 'sound') sends = word
})
server.listen(Number(port), '127.0.0.1', () => {
  const address = server.address()
  console.log(`listening ${typeof address === 'object' && address !== null ? address.port : 0}`)
})
