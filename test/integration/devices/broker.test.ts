import { ulid } from 'ulidx'
import { once } from 'node:events'
import { describe, expect, it } from 'vitest'
import type { CommandLetter, Letter } from '#common/letters/index.ts'
import { callRoom } from '../../support/context.ts'
import { openFleet } from '../../support/fleet.ts'
import { TinyDevice } from '../../support/tiny-device.ts'
import { until } from '../../support/until.ts'

const isIdentify = (letter: Letter): letter is CommandLetter => letter.typ === 'cmd' && letter.op === 'identify'
const state = (fleet: Awaited<ReturnType<typeof openFleet>>, id: string): string | undefined => fleet.room.devices().find((device) => device.id === id)?.state

describe.each(['embedded', 'mosquitto'] as const)('rights on the %s broker', (kind) => {
  it('let a device hear its own letters and those of its groups, and nothing of others', async () => {
    await using fleet = await openFleet(kind)
    const [hamlet, other] = [await fleet.unit('Thôn 1'), await fleet.unit('Thôn 2')]
    const one = await fleet.device('SPK-000001', hamlet)
    const two = await fleet.device('SPK-000002', other)
    const topics: string[] = []
    one.client?.on('message', (topic) => topics.push(topic))
    const granted = await one.client?.subscribeAsync(['#', '$SYS/#', `bs/1/${one.org}/d/+/desired`, two.topic('desired'), two.topic('online'), `bs/1/${one.org}/g/thon-2/cmd`], { qos: 0 }).catch(() => [])
    if (kind === 'embedded') expect((granted ?? []).every((entry) => entry.qos >= 128)).toBe(true)
    await fleet.room.publishLetter({ typ: 'cmd', aud: ['g/thon-2'], leaseSec: 60, prio: 0, claims: { op: 'identify', args: {} } })
    await two.letter(isIdentify)
    await fleet.room.publishLetter({ typ: 'cmd', aud: ['g/thon-1'], leaseSec: 60, prio: 0, claims: { op: 'identify', args: {} } })
    await one.letter(isIdentify)
    expect(topics.filter((topic) => topic.includes('thon-2') || topic.includes(two.id) || topic.startsWith('$'))).toEqual([])
  })

  it('never let a device speak for another, not even by its will', async () => {
    await using fleet = await openFleet(kind)
    const unit = await fleet.unit('Thôn 1')
    const good = await fleet.device('SPK-000001', unit)
    const bad = await fleet.device('SPK-000002', unit)
    const lie = JSON.stringify({ v: 1, online: false, boot: good.boot, conn: 99 })
    bad.client?.publish(good.topic('online'), lie, { qos: 0, retain: true })
    bad.client?.publish(`bs/1/${good.org}/g/all/cmd`, 'noise', { qos: 0 })
    bad.client?.publish(good.topic('cmd'), 'noise', { qos: 0 })
    await bad.close()
    // A foreign will: refused at once, or never published.
    await bad.connect({ will: { topic: good.topic('online'), payload: Buffer.from(lie), qos: 1, retain: true }, reconnectPeriod: 0, subscribe: false }).catch(() => undefined)
    bad.client?.stream.destroy()
    await good.tele()
    await fleet.room.publishLetter({ typ: 'cmd', aud: [`d/${good.id}`], leaseSec: 60, prio: 0, claims: { op: 'identify', args: {} } })
    await good.letter(isIdentify)
    expect(state(fleet, good.id)).toBe('online-idle')
    expect(good.heard.filter((entry) => entry.payload.toString() === 'noise')).toEqual([])
  })

  it('cut a device that sends more than 64 KiB in one packet', async () => {
    await using fleet = await openFleet(kind)
    const radio = await fleet.device('SPK-000001', await fleet.unit('Thôn 1'))
    const client = radio.client
    if (client === null) throw new Error('not connected')
    const closed = new Promise((resolve) => client.stream.once('close', resolve))
    client.publish(radio.topic('tele'), 'x'.repeat(100_000), { qos: 0 })
    await closed
    expect(state(fleet, radio.id)).not.toBe('playing-live')
  })

  it('keep out strangers, borrowed names and revoked devices', async () => {
    await using fleet = await openFleet(kind)
    const unit = await fleet.unit('Thôn 1')
    const radio = await fleet.device('SPK-000001', unit)
    const url = radio.enrolment?.servers?.mqtt?.[0]?.url ?? ''
    const stranger = await TinyDevice.make('SPK-000009')
    stranger.org = radio.org
    await expect(Promise.race([stranger.connect({ url, reconnectPeriod: 0, rejectUnauthorized: false, subscribe: false, connectTimeout: 3000 }), new Promise((_, reject) => setTimeout(() => reject(new Error('refused')), 3000))])).rejects.toThrow()
    await stranger.close()

    const { rev } = fleet.room.registry.require(radio.id)
    const gone = kind === 'embedded' && radio.client !== null ? once(radio.client.stream, 'close') : Promise.resolve()
    await callRoom(fleet.room, 'devices.revoke', { id: radio.id, rev })
    await fleet.rightsChanged()
    await gone
    expect(fleet.room.devices()).toEqual([])
    const before = radio.heard.length
    await fleet.room.publishLetter({ typ: 'cmd', aud: ['g/all'], leaseSec: 60, prio: 0, claims: { op: 'identify', args: {} } })
    const witness = await fleet.device('SPK-000002', unit)
    await fleet.room.publishLetter({ typ: 'cmd', aud: ['g/all'], leaseSec: 60, prio: 0, claims: { op: 'identify', args: { sec: 2 } } })
    await witness.letter(isIdentify)
    expect(radio.heard.slice(before).filter(({ verdict }) => verdict.letter?.typ === 'cmd')).toEqual([])
    const url2 = `${fleet.room.addresses().devicesUrl}/c/${'0'.repeat(64)}`
    expect((await radio.http(url2)).status).toBe(401)
    expect((await witness.http(url2)).status).toBe(404)
  })

  it('are the same after the broker was killed, and devices return by themselves', async () => {
    await using fleet = await openFleet(kind)
    const radio = await fleet.device('SPK-000001', await fleet.unit('Thôn 1'))
    await fleet.crashBroker()
    await until('the loss is seen', () => !fleet.room.linkUp() || state(fleet, radio.id) === 'unknown' || state(fleet, radio.id) === 'online-idle')
    await until('the station is back', () => fleet.room.linkUp(), 20_000)
    await until('the device is back', () => radio.client?.connected, 20_000)
    await radio.client?.subscribeAsync([radio.topic('cmd'), radio.topic('desired')], { qos: 1 })
    await radio.report('online', { v: 1, online: true, boot: radio.boot, conn: 9 }, true)
    await until('the device is heard again', () => state(fleet, radio.id) === 'online-idle')
    await fleet.room.publishLetter({ typ: 'cmd', aud: [`d/${radio.id}`], leaseSec: 60, prio: 0, claims: { op: 'identify', args: {} } })
    const letter = await radio.letter(isIdentify)
    expect(letter.aud).toEqual([`d/${radio.id}`])
  })

  it('send a command again with the same id until it is answered', async () => {
    await using fleet = await openFleet(kind)
    const radio = await fleet.device('SPK-000001', await fleet.unit('Thôn 1'))
    const { id } = await fleet.room.publishLetter({ typ: 'cmd', aud: [`d/${radio.id}`], leaseSec: 60, prio: 0, claims: { op: 'identify', args: {} } })
    const copies = () => radio.heard.filter(({ verdict }) => verdict.letter?.id === id)
    await until('the second copy', () => copies().length === 2, 6000)
    expect(copies().map(({ verdict }) => verdict.action)).toEqual(['apply', 'repeat_ack'])
    const letter = copies()[0]?.verdict.letter
    if (letter === undefined || letter === null) throw new Error('no letter')
    await radio.ack(letter, 'accepted')
    await new Promise((resolve) => setTimeout(resolve, 4000))
    expect(copies()).toHaveLength(2)
  })
})

describe('presence', () => {
  it('shows a device whose connection broke as lost, and ignores an old will', async () => {
    await using fleet = await openFleet()
    const radio = await fleet.device('SPK-000001', await fleet.unit('Thôn 1'))
    radio.client?.stream.destroy()
    await until('lost', () => state(fleet, radio.id) === 'offline')
    await until('connected again', () => radio.client?.connected)
    await radio.report('online', { v: 1, online: true, boot: radio.boot, conn: 3 }, true)
    await until('found', () => state(fleet, radio.id) === 'online-idle')
    await radio.report('online', { v: 1, online: false, boot: radio.boot, conn: 2, reason: 'lwt' }, true)
    await radio.tele()
    expect(state(fleet, radio.id)).toBe('online-idle')
  })

  it('counts reports that do not fit the schema and goes on', async () => {
    await using fleet = await openFleet()
    const radio = await fleet.device('SPK-000001', await fleet.unit('Thôn 1'))
    for (const body of ['{', '[]', '{"v":1}', JSON.stringify({ v: 1, n: -1, at: 'x', up: 0 }), '\u0000'.repeat(2000)]) await radio.client?.publishAsync(radio.topic('tele'), body, { qos: 1 })
    await until('counted', () => fleet.room.registry.badReports >= 5)
    await radio.tele()
    expect(state(fleet, radio.id)).toBe('online-idle')
  })

  it('tells the operator when a device refuses an order', async () => {
    await using fleet = await openFleet()
    const radio = await fleet.device('SPK-000001', await fleet.unit('Thôn 1'))
    await radio.client?.publishAsync(radio.topic('evt'), JSON.stringify({ v: 1, id: ulid(), at: new Date().toISOString(), kind: 'sec.reject', d: { code: 'bad_sig', count: 1 } }), { qos: 1 })
    await until('told', () => fleet.ctx.inside.notices.list().length > 0)
    expect(fleet.ctx.inside.notices.list()[0]).toMatchObject({ level: 'warning', error: { code: 'device-refused', data: { code: 'bad_sig' } } })
  })
})
