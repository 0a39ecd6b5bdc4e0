import { createSocket } from 'node:dgram'
import type { Socket } from 'node:dgram'
import { afterEach, describe, expect, it } from 'vitest'
import { querySntp } from '../../../main/station/air/clock/sntp.ts'
import { TimeServers } from '../../../main/station/air/clock/time-servers.ts'
import { monotonicMs } from '../../../main/station/air/pace.ts'
import { createScope } from '../../../main/station/foundation/scope.ts'

const ERA_SECONDS = 2_208_988_800
const open: Socket[] = []
const scope = createScope('test', () => undefined)
afterEach(async () => {
  await Promise.all(open.splice(0).map((socket) => new Promise<void>((resolve) => socket.close(() => resolve()))))
})

/** A real server on this machine whose clock is `aheadMs` of ours; `silent` answers nothing, `forged` answers with another number first. */
async function server(options: { aheadMs?: number; silent?: boolean; forged?: boolean } = {}): Promise<{ address: string; asked: () => number }> {
  const socket = createSocket('udp4')
  open.push(socket)
  let asked = 0
  socket.on('message', (request, from) => {
    asked++
    if (options.silent === true) return
    const reply = Buffer.alloc(48)
    reply[0] = 0x24
    reply[1] = 1
    request.copy(reply, 24, 40, 48)
    const now = Date.now() + (options.aheadMs ?? 0)
    for (const at of [32, 40]) {
      reply.writeUInt32BE(Math.floor(now / 1000) + ERA_SECONDS, at)
      reply.writeUInt32BE(Math.floor(((now % 1000) / 1000) * 2 ** 32), at + 4)
    }
    if (options.forged === true) socket.send(Buffer.from(reply).fill(7, 24, 32), from.port, from.address)
    socket.send(reply, from.port, from.address)
  })
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve))
  return { address: `127.0.0.1:${socket.address().port}`, asked: () => asked }
}
const query = (address: string, timeoutMs = 5_000) => querySntp({ server: address, timeoutMs, monotonicMs, aboutMs: Date.now() })

describe('asking a time server', () => {
  it('gives its time, wherever the answer comes in between', async () => {
    const { address } = await server({ aheadMs: 3_600_000 })
    const reply = await query(address)
    const aheadMs = reply.serverMs - (Date.now() - (monotonicMs() - reply.monotonicMs))
    expect(Math.abs(aheadMs - 3_600_000)).toBeLessThan(reply.roundTripMs / 2 + 5)
  })

  it('does not believe an answer that does not carry its number', async () => {
    const { address } = await server({ forged: true })
    expect((await query(address)).stratum).toBe(1)
  })

  it('gives up on one that is silent, and on one that is not there', async () => {
    const { address } = await server({ silent: true })
    await expect(query(address, 150)).rejects.toThrow('no answer')
    const { address: gone } = await server()
    await new Promise<void>((resolve) => open.pop()?.close(() => resolve()))
    await expect(query(gone, 150)).rejects.toThrow()
  })
})

describe('time servers', () => {
  it('those that answer are sources, and a new list takes the place of the old', async () => {
    const [good, silent] = [await server({ aheadMs: 250 }), await server({ silent: true })]
    const servers = new TimeServers({ scope, monotonicMs, wallMs: () => Date.now() })
    servers.use([good.address, silent.address])
    await expect.poll(() => servers.sources().length, { timeout: 10_000 }).toBe(1)
    await expect.poll(() => silent.asked()).toBe(1)
    const [source] = servers.sources()
    expect(source?.server).toBe(good.address)
    expect((source?.offsetMs ?? 0) + monotonicMs() - Date.now()).toBeGreaterThan(200)
    servers.use([])
    expect(servers.sources()).toEqual([])
    await scope.dispose()
  })
})
