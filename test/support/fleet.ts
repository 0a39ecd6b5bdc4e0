import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { openDevices } from '../../main/station/devices/index.ts'
import type { DevicesDeps, OpenDevices } from '../../main/station/devices/index.ts'
import { openMedia } from '../../main/station/media/index.ts'
import { callRoom, openTestContext } from './context.ts'
import type { TestContext } from './context.ts'
import { TinyDevice } from './tiny-device.ts'
import { until } from './until.ts'

export interface Fleet {
  readonly ctx: TestContext
  readonly room: OpenDevices
  /** A paired, active and connected device. */
  device(id: string, unitId: string, options?: { connect?: boolean; mode?: 'active' | 'silent' }): Promise<TinyDevice>
  unit(name: string, parentId?: string | null): Promise<string>
  /** Makes an external broker read the rights again; the embedded one already has them. */
  rightsChanged(): Promise<void>
  /** Kills the broker as a crash would; it comes back by itself or is started again. */
  crashBroker(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

export async function openFleet(kind: 'embedded' | 'mosquitto' = 'embedded', deps: Partial<DevicesDeps> = {}): Promise<Fleet> {
  const ctx = await openTestContext()
  const port = kind === 'mosquitto' ? await freePort() : 0
  if (kind === 'mosquitto') ctx.settings.update({ broker: { kind: 'external', url: `mqtts://localhost:${port}`, userName: '', passwordFile: null, caFile: null } })
  const room = await openDevices(ctx, { media: openMedia(ctx), ...deps })
  const devices: TinyDevice[] = []
  let mosquitto: ChildProcess | null = null
  const startMosquitto = async (): Promise<void> => {
    const folder = join(ctx.folders.root, 'mosquitto')
    const conf = join(folder, 'test.conf')
    writeFileSync(conf, readFileSync(join(folder, 'vangxa.conf'), 'utf8').replace('listener 8883', `listener ${port}`))
    const child = spawn('mosquitto', ['-c', conf], { stdio: ['ignore', 'ignore', 'pipe'] })
    mosquitto = child
    let log = ''
    child.stderr?.on('data', (part: Buffer) => { log += part.toString() })
    await until('mosquitto runs', () => {
      if (child.exitCode !== null) throw new Error(`mosquitto ended: ${log}`)
      return log.includes('running')
    })
  }
  if (kind === 'mosquitto') await startMosquitto()
  const rightsChanged = async (): Promise<void> => {
    if (mosquitto === null) return
    mosquitto.kill('SIGHUP')
    let log = ''
    const seen = (part: Buffer): void => { log += part.toString() }
    mosquitto.stderr?.on('data', seen)
    await until('mosquitto has read its rights', () => log.includes('Reloading') || log.includes('reload')).catch(() => undefined)
    mosquitto.stderr?.off('data', seen)
  }
  await until('the station is at its broker', () => room.linkUp())
  return {
    ctx, room, rightsChanged,
    async unit(name, parentId = null) {
      return (await callRoom(room, 'devices.createUnit', { parentId, name, level: 'thôn', code: '' })).id
    },
    async device(id, unitId, options = {}) {
      const tiny = await TinyDevice.make(id)
      devices.push(tiny)
      const { pairUrl } = await callRoom(room, 'devices.expect', { label: tiny.label, name: id, unitId })
      const { digits, nonceD } = await tiny.beginPairing(pairUrl)
      await callRoom(room, 'devices.confirm', { id, digits })
      await tiny.finishPairing(pairUrl, nonceD)
      await rightsChanged()
      if (options.mode !== 'silent') {
        const { rev } = room.registry.require(id)
        await callRoom(room, 'devices.update', { id, rev, mode: 'active' })
      }
      if (options.connect !== false) {
        await tiny.connect()
        await tiny.tele()
        await until(`${id} shows as connected`, () => room.devices().find((device) => device.id === id && device.state === 'online-idle'))
      }
      return tiny
    },
    async crashBroker() {
      if (room.broker !== null) {
        await room.broker.crash()
        return
      }
      const child = mosquitto
      if (child === null) return
      child.kill('SIGKILL')
      await once(child, 'exit')
      await startMosquitto()
    },
    async [Symbol.asyncDispose]() {
      for (const device of devices) await device.close()
      const inexact = devices.flatMap((device) => device.inexact)
      await ctx.dispose()
      if (mosquitto !== null && mosquitto.exitCode === null) {
        mosquitto.kill('SIGKILL')
        await once(mosquitto, 'exit')
      }
      if (inexact.length > 0) throw new Error(`the station sent what the protocol does not name: ${inexact.slice(0, 3).join('; ')}`)
    },
  }
}
