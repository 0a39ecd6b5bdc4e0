import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openDevices } from '../../../main/station/devices/index.ts'
import type { OpenDevices } from '../../../main/station/devices/index.ts'
import { openMedia } from '../../../main/station/media/index.ts'
import { callRoom, openTestContext } from '../../support/context.ts'
import type { TestContext } from '../../support/context.ts'
import { TinyDevice } from '../../support/tiny-device.ts'
import { until } from '../../support/until.ts'

let ctx: TestContext
let room: OpenDevices
const made: TinyDevice[] = []

beforeEach(async () => {
  ctx = await openTestContext()
  room = await openDevices(ctx, { media: openMedia(ctx) })
})
afterEach(async () => {
  for (const device of made.splice(0)) await device.close()
  await ctx.dispose()
})

async function device(id: string): Promise<TinyDevice> {
  const tiny = await TinyDevice.make(id)
  made.push(tiny)
  return tiny
}

describe('pairing', () => {
  it('makes a device of this station only after equal digits were confirmed', async () => {
    const unit = await callRoom(room, 'devices.createUnit', { parentId: null, name: 'Xã Phước Hưng', level: 'xã', code: '21940' })
    const radio = await device('SPK-000123')
    const { pairUrl } = await callRoom(room, 'devices.expect', { label: radio.label, name: 'Cụm đình làng', unitId: unit.id })
    const { digits, nonceD } = await radio.beginPairing(pairUrl)
    const { pairings } = await callRoom(room, 'devices.pairings', {})
    expect(pairings).toMatchObject([{ id: 'SPK-000123', step: 'digits', digits, hw: 'tiny' }])
    expect((await callRoom(room, 'devices.fleet', {})).devices).toEqual([])

    const finished = radio.finishPairing(pairUrl, nonceD)
    await callRoom(room, 'devices.confirm', { id: radio.id, digits })
    const enrolment = await finished
    expect(enrolment.state).toBe('ok')
    expect(radio.inbox?.state.groups).toEqual(['all', 'xa-phuoc-hung'])
    expect(radio.inbox?.state.subjects['keys']).toBeDefined()
    expect(enrolment.secret).toBeUndefined()

    await radio.connect()
    await until('the device shows as connected', () => room.devices().find((entry) => entry.state === 'online-idle'))
    const fleet = await callRoom(room, 'devices.fleet', {})
    expect(fleet.devices).toMatchObject([{ id: 'SPK-000123', name: 'Cụm đình làng', mode: 'silent', state: 'online-idle' }])
  })

  it('gives a screen a password for the websocket, over which it gets its letters', async () => {
    const unit = await callRoom(room, 'devices.createUnit', { parentId: null, name: 'Xã A', level: 'xã', code: '' })
    const screen = await device('SCR-00A7K2')
    const { pairUrl } = await callRoom(room, 'devices.expect', { label: screen.label, name: 'Bảng tin', unitId: unit.id })
    const { digits, nonceD } = await screen.beginPairing(pairUrl)
    await callRoom(room, 'devices.confirm', { id: screen.id, digits })
    const enrolment = await screen.finishPairing(pairUrl, nonceD, { anonymous: true })
    expect(enrolment.secret).toMatch(/^[\w-]{43}$/)
    expect(enrolment.servers?.mqtt?.[0]?.url).toMatch(/^ws:\/\/127\.0\.0\.1:\d+\/mqtt$/)
    await screen.connect()
    await until('the screen shows as connected', () => room.devices().find((entry) => entry.state === 'online-idle'))
    const wrong = await screen.http(`${room.addresses().devicesUrl}/c/${'0'.repeat(64)}`, { anonymous: true })
    expect(wrong.status).toBe(401)
    const right = await screen.http(`${room.addresses().devicesUrl}/c/${'0'.repeat(64)}`, { anonymous: true, headers: { authorization: `Bearer ${enrolment.secret ?? ''}` } })
    expect(right.status).toBe(404)
  })

  it('refuses a device nobody expects, another key, wrong digits and the sixth try', async () => {
    const unit = await callRoom(room, 'devices.createUnit', { parentId: null, name: 'Xã A', level: 'xã', code: '' })
    const radio = await device('SPK-000123')
    const other = await device('SPK-000123')
    const url = room.addresses().devicesUrl
    await expect(radio.beginPairing(url)).rejects.toThrow('not_expected')
    await callRoom(room, 'devices.expect', { label: radio.label, name: 'A', unitId: unit.id })
    await expect(other.beginPairing(url)).rejects.toThrow('key_mismatch')
    const { digits } = await radio.beginPairing(url)
    const wrong = digits === '000000' ? '000001' : '000000'
    await expect(callRoom(room, 'devices.confirm', { id: radio.id, digits: wrong })).rejects.toMatchObject({ code: 'claim-wrong' })
    await expect(callRoom(room, 'devices.confirm', { id: radio.id, digits })).rejects.toMatchObject({ code: 'stale' })
    await callRoom(room, 'devices.expect', { label: radio.label, name: 'A', unitId: unit.id })
    for (let index = 0; index < 5; index++) await radio.beginPairing(url)
    await expect(radio.beginPairing(url)).rejects.toThrow('too_many_tries')
    expect((await callRoom(room, 'devices.fleet', {})).devices).toEqual([])
  })

  it('shows a device that a station without the right claim cannot pair it', async () => {
    const unit = await callRoom(room, 'devices.createUnit', { parentId: null, name: 'Xã A', level: 'xã', code: '' })
    const radio = await device('SPK-000123')
    const label = radio.label.replace(radio.claim, 'AAAAAAAA')
    await callRoom(room, 'devices.expect', { label, name: 'A', unitId: unit.id })
    await expect(radio.beginPairing(room.addresses().devicesUrl)).rejects.toThrow('does not know the claim')
  })

  it('keeps keys readable by the account of the station alone and the emergency key sealed', async () => {
    await room.sealEmergencyKey('01ARZ3NDEKTSV4RRFFQ69G5FAV', '123456')
    const { statSync } = await import('node:fs')
    const names = readdirSync(ctx.folders.keys)
    expect(names).toContain('emergency-01ARZ3NDEKTSV4RRFFQ69G5FAV.json')
    for (const name of names) expect(statSync(join(ctx.folders.keys, name)).mode & 0o077).toBe(0)
    const sealed = readFileSync(join(ctx.folders.keys, 'emergency-01ARZ3NDEKTSV4RRFFQ69G5FAV.json'), 'utf8')
    expect(sealed).not.toContain('"d"')
    await expect(room.withEmergencyKey('01ARZ3NDEKTSV4RRFFQ69G5FAV', '654321', () => Promise.resolve())).rejects.toMatchObject({ code: 'wrong-pin' })
    await expect(room.withEmergencyKey('01ARZ3NDEKTSV4RRFFQ69G5FAV', '123456', () => Promise.resolve('open'))).resolves.toBe('open')
    for (let index = 0; index < 5; index++) await expect(room.withEmergencyKey('01ARZ3NDEKTSV4RRFFQ69G5FAV', '000000', () => Promise.resolve())).rejects.toMatchObject({ code: 'wrong-pin' })
    await expect(room.withEmergencyKey('01ARZ3NDEKTSV4RRFFQ69G5FAV', '123456', () => Promise.resolve())).rejects.toMatchObject({ code: 'too-many-tries' })
  })
})
