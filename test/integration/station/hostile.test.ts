import fc from 'fast-check'
import { request } from 'node:http'
import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { encodeFrame } from '#contract/frames.ts'
import { procedures } from '#contract/index.ts'
import type { StationClient } from '../../support/station-client.ts'
import { foundStation, startStation, testPassword } from '../../support/station.ts'
import type { RunningStation } from '../../support/station.ts'
import { within } from '../../support/waiting.ts'

let station: RunningStation
let healthy: StationClient
beforeAll(async () => {
  station = await startStation()
  healthy = (await foundStation(station)).client
})
afterAll(async () => {
  await station.dispose()
})

/** After an attack the other window works on as if nothing had happened. */
async function expectUnharmed() {
  expect((await healthy.call('station.status', {})).pid).toBe(station.pid)
  expect(station.log()).not.toContain('unexpected fault')
}

/** Opens a bare connection, optionally says hello, sends, and waits until the station has closed it or answered each frame. */
async function attack(frames: readonly (string | Uint8Array)[], hello: boolean): Promise<{ closed: boolean; answers: string[] }> {
  const socket = new WebSocket(`ws://127.0.0.1:${station.port}/rpc`)
  const answers: string[] = []
  let closed = false
  const done = new Promise<void>((resolve, reject) => {
    socket.on('close', () => {
      closed = true
      resolve()
    })
    socket.on('error', reject)
    socket.on('message', data => {
      answers.push(Buffer.isBuffer(data) ? data.toString() : '')
      if (answers.at(-1)?.includes('"id":4242')) resolve()
    })
  })
  await new Promise(resolve => socket.on('open', resolve))
  if (hello) socket.send(JSON.stringify({ kind: 'hello', token: station.token() }))
  for (const frame of frames) socket.send(frame)
  // Asks something harmless at the end: an answer means the connection is still served.
  socket.send(JSON.stringify({ kind: 'call', id: 4242, procedure: 'accounts.status', input: {} }))
  await within(done, 10_000, 'an answer or a close')
  socket.terminate()
  return { closed, answers }
}

describe('hostile frames', () => {
  it('of random text or bytes are refused and the connection ends', async () => {
    await fc.assert(fc.asyncProperty(fc.oneof(fc.string(), fc.json(), fc.uint8Array({ maxLength: 200 })), fc.boolean(), async (frame, hello) => {
      const { closed, answers } = await attack([frame], hello)
      // Broken binary frames of a window without the role are dropped; anything else ends the connection.
      if (!hello || typeof frame === 'string') expect(closed).toBe(true)
      for (const answer of answers) expect(answer).toMatch(/^\{"kind":"(refused|welcome|reply)"/)
    }), { numRuns: 120 })
    await expectUnharmed()
  })

  it('that look like calls are always answered with an error, never with silence or a crash', async () => {
    const names = fc.oneof(fc.constantFrom(...Object.keys(procedures).filter(name => name !== 'station.shutdown')), fc.constantFrom('constructor', '__proto__', 'toString', 'station', '', 'hasOwnProperty', 'station.status.x'), fc.string({ maxLength: 80 }))
    await fc.assert(fc.asyncProperty(names, fc.jsonValue(), async (procedure, input) => {
      const { closed, answers } = await attack([JSON.stringify({ kind: 'call', id: 7, procedure, input })], true)
      expect(closed).toBe(false)
      const answer: unknown = JSON.parse(answers.find(text => text.includes('"id":7')) ?? 'null')
      const isOpen = Object.entries(procedures).some(([name, schema]) => name === procedure && schema.role === 'open')
      if (!isOpen) expect(answer).toMatchObject({ kind: 'failure', ok: false, error: { code: expect.stringMatching(/^(unknown-procedure|not-signed-in|forbidden|invalid-input)$/) } })
    }), { numRuns: 150, examples: [['__proto__', { __proto__: { x: 1 } }], ['settings.update', JSON.parse('{"__proto__":{"targetLufs":-9}}')]] })
    await expectUnharmed()
  })

  it.each([
    ['a message before hello', [JSON.stringify({ kind: 'call', id: 1, procedure: 'station.status', input: {} })], false, 'wrong-token'],
    ['microphone frames before hello', [encodeFrame({ kind: 1, format: 1, channels: 1, session: 1, seq: 0, frames: 1, firstFrame: 0, payload: new Uint8Array(4) })], false, 'wrong-token'],
    ['nesting without end', ['['.repeat(200_000)], true, 'invalid-input'],
    ['deep but closed nesting', [`{"kind":"hello","token":${'['.repeat(100_000)}${']'.repeat(100_000)}}`], false, 'invalid-input'],
    ['an id that is no integer', ['{"kind":"call","id":1e400,"procedure":"station.status","input":{}}'], true, 'invalid-input'],
    ['a JSON text over one megabyte', [JSON.stringify({ kind: 'call', id: 1, procedure: 'station.status', input: 'x'.repeat(1_100_000) })], true, 'invalid-input'],
    ['a procedure name without end', [JSON.stringify({ kind: 'call', id: 1, procedure: 'x'.repeat(5000), input: {} })], true, 'invalid-input'],
  ])('%s ends the connection', async (_, frames, hello, code) => {
    const { closed, answers } = await attack(frames, hello)
    expect(closed).toBe(true)
    expect(answers.some(answer => answer.includes(`"code":"${code}"`))).toBe(true)
    await expectUnharmed()
  })

  it('larger than any frame we know end the connection before they are read', async () => {
    const socket = new WebSocket(`ws://127.0.0.1:${station.port}/rpc`)
    const closed = new Promise<number>(resolve => socket.on('close', resolve))
    socket.on('error', () => undefined)
    await new Promise(resolve => socket.on('open', resolve))
    socket.send(JSON.stringify({ kind: 'hello', token: station.token() }))
    socket.send(new Uint8Array(6_000_000))
    expect(await within(closed, 5000, 'close')).toBe(1009)
    await expectUnharmed()
  })

  it('of a microphone that nobody opened, or of a person without the role, do nothing', async () => {
    const frame = { kind: 1, format: 1, channels: 1, session: 999, seq: 0, frames: 1, firstFrame: 0, payload: new Uint8Array(4) }
    healthy.sendFrame(frame)
    const viewer = await station.connect()
    await healthy.call('accounts.create', { fullName: 'Người xem', userName: 'nguoixem', password: testPassword, roles: ['viewer'] })
    await viewer.call('accounts.signIn', { userName: 'nguoixem', password: testPassword })
    for (let n = 0; n < 100; n++) viewer.sendFrame(frame)
    expect((await within(viewer.refused, 5000, 'refusal')).code).toBe('invalid-input')
    await expectUnharmed()
  })

  it('in a flood are answered busy, then the flooder is put out', async () => {
    const flooder = await station.connect()
    const results = await Promise.allSettled(Array.from({ length: 5000 }, () => flooder.call('accounts.status', {})))
    const codes = new Set(results.map(result => (result.status === 'fulfilled' ? 'ok' : result.reason.code)))
    expect(codes).toContain('ok')
    expect(codes).toContain('busy')
    expect((await within(flooder.closed, 5000, 'close')).code).toBe(1013)
    await expectUnharmed()
  })
})

describe('hostile requests', () => {
  const ask = (path: string, headers: Record<string, string> = {}, method = 'GET') => new Promise<{ status: number; headers: NodeJS.Dict<string | string[]> }>((resolve, reject) => {
    request({ host: '127.0.0.1', port: station.port, path, method, headers, agent: false }, response => {
      response.resume().on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers }))
    }).on('error', reject).end()
  })

  it('from another page or under another name get nothing', async () => {
    expect((await ask('/health')).status).toBe(200)
    expect((await ask('/health', { origin: 'https://example.com' })).status).toBe(403)
    expect((await ask('/health', { host: 'studio.example.com' })).status).toBe(403)
    const ours = await ask('/health', { origin: 'app://studio' })
    expect([ours.status, ours.headers['access-control-allow-origin']]).toEqual([200, 'app://studio'])
    expect((await ask('/health', { origin: 'http://127.0.0.1:1' })).status).toBe(403)
  })

  it('for files without a ticket, out of the folder, or with another method are refused', async () => {
    expect((await ask('/files/')).status).toBe(403)
    expect((await ask('/files/wrong/media/x.wav')).status).toBe(403)
    for (const path of ['/files/x/../../etc/passwd', '/files/x/media/..%2f..%2fetc%2fpasswd', '/files/x/media/%00', '/files/x/media/%zz', '/files/x/media/..%5c..']) expect((await ask(path)).status).toBe(400)
    expect((await ask('/health', {}, 'POST')).status).toBe(405)
    expect((await ask('/rpc')).status).toBe(404)
    expect((await ask('/nothing')).status).toBe(404)
    expect((await ask('/health', {}, 'OPTIONS')).status).toBe(204)
    await expectUnharmed()
  })

  it('that are not HTTP end without harm', async () => {
    for (const bytes of ['\x16\x03\x01\x02\x00\x01\x00', 'GET / HTTP/9.9\r\n\r\n', `GET /${'a'.repeat(20_000)} HTTP/1.1\r\n\r\n`, 'GET /rpc HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n']) {
      const socket = connect(station.port, '127.0.0.1')
      const ended = new Promise(resolve => socket.on('close', resolve))
      socket.on('error', () => undefined)
      socket.resume()
      socket.write(bytes)
      await within(ended, 8000, 'the station to hang up')
      expect((await ask('/health')).status).toBe(200)
    }
    await expectUnharmed()
  })
})
