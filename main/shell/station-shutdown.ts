import { setTimeout as pause } from 'node:timers/promises'
import WebSocket from 'ws'
import type { StationAddress } from '../../preload/bridge.ts'
import { isAlive } from './station-lock.ts'

const ANSWER_LIMIT_MS = 5000
const END_LIMIT_MS = 15_000

/** Asks over the contract, as a window would; resolves when asked, whatever the answer. */
function askToEnd(address: StationAddress): Promise<void> {
  return new Promise((resolve) => {
    const socket = new WebSocket(`${address.url.replace(/^http/, 'ws')}/rpc`, { handshakeTimeout: ANSWER_LIMIT_MS })
    const limit = setTimeout(() => socket.terminate(), ANSWER_LIMIT_MS)
    socket.on('open', () => {
      socket.send(JSON.stringify({ kind: 'hello', token: address.token }))
      socket.send(JSON.stringify({ kind: 'call', id: 1, procedure: 'station.shutdown', input: {} }))
    })
    // Any answer after the welcome belongs to the one call made.
    socket.on('message', (bytes) => {
      if (!String(bytes).includes('"welcome"')) socket.close()
    })
    socket.on('error', () => undefined)
    socket.on('close', () => {
      clearTimeout(limit)
      resolve()
    })
  })
}

async function endedWithin(pid: number, limitMs: number): Promise<boolean> {
  const limit = Date.now() + limitMs
  while (isAlive(pid)) {
    if (Date.now() > limit) return false
    await pause(100)
  }
  return true
}

/** @returns false when the station still runs: it is never killed without the chance to close its files */
export async function shutDownStation(address: StationAddress, pid: number): Promise<boolean> {
  await askToEnd(address)
  if (await endedWithin(pid, END_LIMIT_MS)) return true
  process.kill(pid, 'SIGTERM')
  return endedWithin(pid, END_LIMIT_MS)
}
