import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { StationLock } from '../../e2e/support/electron-app.ts'
import { connectStation, type StationClient } from '../station-client.ts'
import { readMono } from './compare-sound.ts'

const tickets = new WeakMap<StationClient, string>()

/** A second, silent window: reads what the demo compares with. */
export async function signInAs(lock: StationLock, person: { userName: string; password: string }): Promise<StationClient> {
  const client = await connectStation({ port: lock.port, token: lock.token })
  const session = await client.call('accounts.signIn', { userName: person.userName, password: person.password })
  tickets.set(client, session.filesTicket)
  return client
}

/** The 48 kHz PCM of an item, as the air plays it. */
export async function fetchPcm(client: StationClient, lock: StationLock, itemId: string, folder: string): Promise<Float32Array> {
  const answer = await fetch(`http://127.0.0.1:${lock.port}/files/${tickets.get(client) ?? ''}/pcm/${itemId}`)
  if (!answer.ok) throw new Error(`no PCM of ${itemId}: ${answer.status}`)
  const file = join(folder, `reference-${itemId}.wav`)
  writeFileSync(file, new Uint8Array(await answer.arrayBuffer()))
  return readMono(file).pcm
}
