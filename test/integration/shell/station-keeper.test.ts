import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { StationState } from '../../../preload/bridge.ts'
import { askHealth, findStation, isAlive } from '../../../main/shell/station-lock.ts'
import { StationKeeper } from '../../../main/shell/station-process.ts'

/** A program with a station's outside: it listens, answers /health, writes the lock, and ends as told. */
const program = `
import { createServer } from 'node:http'
import { writeFileSync } from 'node:fs'
const [folder, port, mode] = process.argv.slice(2)
if (mode === 'broken') { console.error('the database is gone'); process.exit(1) }
const boot = 'boot-' + process.pid
const server = createServer((request, response) => {
  if (mode === 'mute-after-start' && server.answered) return
  server.answered = true
  response.end(JSON.stringify({ ok: true, boot }))
})
server.on('error', () => process.exit(4))
server.listen(Number(port), '127.0.0.1', () => writeFileSync(folder + '/station.lock.json', JSON.stringify({ pid: process.pid, port: server.address().port, token: 'token-' + process.pid, boot })))
`

let folder: string
let keeper: StationKeeper | null
let kept: Promise<void>
const pids: number[] = []
const launches: { demo: boolean; port: number | null }[] = []
let modes: string[]
let states: StationState[]
let waiting: { accept: (state: StationState) => boolean; resolve: (state: StationState) => void }[]

/** The next state, from now on or already seen after `from`, that is accepted. */
function stateThat(accept: (state: StationState) => boolean, from = 0): Promise<StationState> {
  const seen = states.slice(from).find(accept)
  return seen === undefined ? new Promise((resolve) => waiting.push({ accept, resolve })) : Promise.resolve(seen)
}

function startKeeper(demo = false): StationKeeper {
  const made = new StationKeeper({
    dataFolder: folder, demo, health: { everyMs: 300, limitMs: 300 },
    launch(options) {
      launches.push(options)
      const child = spawn(process.execPath, [join(folder, 'station.mjs'), folder, String(options.port ?? 0), modes.shift() ?? 'good'], { stdio: ['ignore', 'ignore', 'pipe'] })
      if (child.pid !== undefined) pids.push(child.pid)
      let output = ''
      child.stderr.on('data', (bytes: Buffer) => { output += bytes.toString('utf8') })
      return { process: child, ended: new Promise((resolve) => child.on('close', resolve)), output: () => output.trim() }
    },
    onState(state) {
      states.push(state)
      for (const entry of waiting.filter((candidate) => candidate.accept(state))) entry.resolve(state)
      waiting = waiting.filter((candidate) => !candidate.accept(state))
    },
  })
  keeper = made
  kept = made.keep()
  return made
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vangxa-keeper-'))
  writeFileSync(join(folder, 'station.mjs'), program)
  keeper = null
  kept = Promise.resolve()
  launches.length = 0
  modes = []
  states = []
  waiting = []
})

afterEach(async () => {
  keeper?.stop()
  await kept
  for (const pid of pids.splice(0)) if (isAlive(pid)) process.kill(pid, 'SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

describe('the keeper of the station', () => {
  test('starts one, tells its address, and does not end it when the watch ends', async () => {
    const address = await startKeeper(true).address()
    expect(launches).toEqual([{ demo: true, port: null }])
    keeper?.stop()
    await kept
    expect(await findStation(folder, 2000)).toMatchObject({ token: address.token })
  })

  test('uses the one that runs instead of starting another', async () => {
    const first = await startKeeper().address()
    keeper?.stop()
    await kept
    expect(await startKeeper().address()).toEqual(first)
    expect(launches).toHaveLength(1)
  })

  test('starts a killed one again on its port, without filling the demo area twice', async () => {
    const first = await startKeeper(true).address()
    const [pid = 0] = pids
    process.kill(pid, 'SIGKILL')
    await stateThat((state) => state.state === 'gone')
    const again = await stateThat((state) => state.state === 'ready' && state.address.token !== first.token)
    expect(again).toMatchObject({ address: { url: first.url } })
    expect(launches[1]).toEqual({ demo: false, port: Number(new URL(first.url).port) })
  })

  test('takes another port when the old one is taken meanwhile', async () => {
    const other = createServer((_request, response) => response.end('another program'))
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    const { port } = other.address() as AddressInfo
    writeFileSync(join(folder, 'station.lock.json'), JSON.stringify({ pid: 2 ** 22 + 1, port, token: 'old', boot: 'old' }))
    const address = await startKeeper().address()
    expect(launches.map((options) => options.port)).toEqual([port, null])
    expect(address.url).not.toBe(`http://127.0.0.1:${port}`)
    await new Promise((resolve) => other.close(resolve))
  })

  test('says what a station printed that could not start, and tries again', async () => {
    modes = ['broken', 'good']
    startKeeper()
    expect(await stateThat((state) => state.state === 'failed')).toMatchObject({ detail: 'the database is gone' })
    expect((await stateThat((state) => state.state === 'ready')).state).toBe('ready')
  })

  test('leaves one alone that lives but does not answer: the air may be going on', async () => {
    modes = ['mute-after-start']
    startKeeper()
    await stateThat((state) => state.state === 'ready')
    await stateThat((state) => state.state === 'silent')
    expect(pids.map(isAlive)).toEqual([true])
    expect(launches).toHaveLength(1)
  })
})

describe('a lock file', () => {
  test('of a dead process, of another shape or with a foreign boot finds no station', async () => {
    const write = (lock: unknown): void => writeFileSync(join(folder, 'station.lock.json'), typeof lock === 'string' ? lock : JSON.stringify(lock))
    for (const lock of ['', '{', '[]', { pid: 'x' }, { pid: -1, port: 80, token: 't', boot: 'b' }, { pid: 2 ** 22 + 1, port: 8000, token: 't', boot: 'b' }]) {
      write(lock)
      expect(await findStation(folder, 1000)).toBeNull()
    }
    const { url } = await startKeeper().address()
    const port = Number(new URL(url).port)
    expect(await askHealth(port, 1000)).toMatch(/^boot-/)
    write({ pid: pids[0], port, token: 't', boot: 'another' })
    expect(await findStation(folder, 1000)).toBeNull()
  })
})
