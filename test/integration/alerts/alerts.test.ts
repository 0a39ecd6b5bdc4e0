import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { Item } from '#contract/library.ts'
import type { AlertLetter, Letter } from '#common/letters/index.ts'
import { openAlerts } from '../../../main/station/alerts/index.ts'
import type { AlertsDeps, AlertsRoom } from '../../../main/station/alerts/index.ts'
import { openMedia } from '../../../main/station/media/index.ts'
import { callerWith, callRoom } from '../../support/context.ts'
import { openFleet } from '../../support/fleet.ts'
import { sine, wavBytes } from '../../support/signals.ts'
import { until } from '../../support/until.ts'

const PERSON = '01ARZ3NDEKTSV4RRFFQ69G5FAV'
const alert = (state: AlertLetter['state'], aid?: string) => (letter: Letter): letter is AlertLetter => letter.typ === 'alert' && letter.state === state && (aid === undefined || letter.aid === aid)
const order = { pin: '246810', title: 'Lũ quét suối Cái', hazard: 'lu-quet', risk: 4, siren: 'lu-quet', messageItemId: null, repeat: 3, drill: false }

const noItems: AlertsDeps['library'] = { get: () => null, approvedPcmOf: () => Promise.resolve(null), list: () => [] }

function openRoom(fleet: Awaited<ReturnType<typeof openFleet>>, library = noItems): AlertsRoom {
  return openAlerts(fleet.ctx, { devices: fleet.room, library, media: openMedia(fleet.ctx) })
}

describe('an alert', () => {
  it('goes out with the PIN at priority 9, shows who heard it, and ends with a cancel', async () => {
    await using fleet = await openFleet()
    const room = openRoom(fleet)
    const commune = await fleet.unit('Xã A')
    const radio = await fleet.device('SPK-000001', await fleet.unit('Thôn 1', commune))
    const targets = { unitIds: [commune], deviceIds: [] }
    await expect(callRoom(room, 'alerts.fire', { ...order, targets })).rejects.toMatchObject({ code: 'pin-not-set' })
    await fleet.room.sealEmergencyKey(PERSON, '246810')
    await expect(callRoom(room, 'alerts.fire', { ...order, pin: '111111', targets })).rejects.toMatchObject({ code: 'wrong-pin' })
    expect((await callRoom(room, 'alerts.list', {})).alerts).toEqual([])

    const fired = await callRoom(room, 'alerts.fire', { ...order, targets })
    expect(fired).toMatchObject({ state: 'running', prio: 9, drill: false, online: 1, sounding: 0 })
    // The radio accepts it only because the new trust list, signed by the root, has reached it first.
    const letter = await radio.letter(alert('start', fired.aid))
    expect(letter).toMatchObject({ prio: 9, siren: 'lu-quet', repeat: 3, volume: { mode: 'force' }, cap: { status: 'Actual', msgType: 'Alert' } })
    await radio.ack(letter, 'sounding', 'ok', { lvl: 1 })
    await until('heard by one', async () => (await callRoom(room, 'alerts.list', {})).alerts[0]?.sounding === 1)
    expect(fleet.room.devices()[0]?.state).toBe('playing-emergency')

    const stopped = await callRoom(room, 'alerts.stop', { aid: fired.aid, pin: '246810' })
    expect(stopped.state).toBe('ended')
    const stop = await radio.letter(alert('stop', fired.aid))
    expect(stop.cap.msgType).toBe('Cancel')
    expect(stop.rev).toBeGreaterThan(letter.rev)
    expect(stop.exp).toBeGreaterThanOrEqual(letter.exp)
  })

  it('is a drill only at priority 6, marked as exercise, and never more', async () => {
    await using fleet = await openFleet()
    const room = openRoom(fleet)
    const unit = await fleet.unit('Thôn 1')
    const radio = await fleet.device('SPK-000001', unit)
    await fleet.room.sealEmergencyKey(PERSON, '246810')
    const fired = await callRoom(room, 'alerts.fire', { ...order, drill: true, targets: { unitIds: [unit], deviceIds: [] } })
    const letter = await radio.letter(alert('start', fired.aid))
    expect(letter).toMatchObject({ prio: 6, cap: { status: 'Exercise' }, panel: { template: 'drill' } })
  })

  it('is refused without the role, without targets, with an unknown siren or an unapproved message', async () => {
    await using fleet = await openFleet()
    const room = openRoom(fleet)
    const unit = await fleet.unit('Thôn 1')
    await fleet.room.sealEmergencyKey(PERSON, '246810')
    await expect(callRoom(room, 'alerts.fire', { ...order, targets: { unitIds: [unit], deviceIds: [] } }, callerWith('announcer'))).rejects.toMatchObject({ code: 'forbidden' })
    await expect(callRoom(room, 'alerts.fire', { ...order, targets: { unitIds: [unit], deviceIds: [] } })).rejects.toMatchObject({ code: 'no-target' })
    await fleet.device('SPK-000001', unit, { connect: false })
    await expect(callRoom(room, 'alerts.fire', { ...order, siren: 'rap', targets: { unitIds: [unit], deviceIds: [] } })).rejects.toMatchObject({ code: 'invalid-input' })
    await expect(callRoom(room, 'alerts.fire', { ...order, messageItemId: fleet.ctx.newId(), targets: { unitIds: [unit], deviceIds: [] } })).rejects.toMatchObject({ code: 'not-found' })
  })

  it('is refused by every device once the person has another PIN or none', async () => {
    await using fleet = await openFleet()
    const room = openRoom(fleet)
    const unit = await fleet.unit('Thôn 1')
    const radio = await fleet.device('SPK-000001', unit)
    await fleet.room.sealEmergencyKey(PERSON, '246810')
    const first = await callRoom(room, 'alerts.fire', { ...order, targets: { unitIds: [unit], deviceIds: [] } })
    const old = await radio.letter(alert('start', first.aid))
    const body = radio.heard.find(({ verdict }) => verdict.letter?.id === old.id)?.payload
    if (body === undefined) throw new Error('no body')
    const keys = radio.inbox?.state.trust.rev ?? 0
    await fleet.room.removeEmergencyKey(PERSON)
    await until('the new trust list', () => (radio.inbox?.state.trust.rev ?? 0) > keys)
    expect((await radio.inbox?.feed(body))?.code).toBe('unknown_key')
    await expect(callRoom(room, 'alerts.stop', { aid: first.aid, pin: '246810' })).rejects.toMatchObject({ code: 'pin-not-set' })
  })

  it('speaks an approved message that was made ready before anybody needed it', async () => {
    await using fleet = await openFleet()
    const media = openMedia(fleet.ctx)
    const wav = join(fleet.ctx.folders.temp, 'message.wav')
    writeFileSync(wav, wavBytes(sine({ seconds: 2, hz: 440, dbfs: -12 }), { format: 'int16' }))
    const pcm = await media.openPcm(wav)
    const item = Item.parse({
      id: fleet.ctx.newId(), number: 1, title: 'Di dời ngay', kind: 'message', state: 'approved', tags: [], origin: 'tu-san-xuat', essential: true, lang: 'vi-VN', note: '', sha256: 'a'.repeat(64), sizeBytes: 1, codec: 'pcm', sourceRateHz: 48_000,
      channels: 1, lengthSamples: pcm.length, loudness: null, playGainDb: -3, createdAt: 1, createdBy: 'x', approvedAt: 1, approvedBy: 'y', returnedNote: null, rev: 1, approvals: [{ personId: null, by: 'y', at: 1, sha256: 'a'.repeat(64) }],
    })
    let encodes = 0
    const room = openAlerts(fleet.ctx, {
      devices: fleet.room, library: { get: () => item, approvedPcmOf: () => Promise.resolve(pcm), list: () => [item] },
      media: { encode: (...args) => { encodes += 1; return media.encode(...args) } },
    })
    const unit = await fleet.unit('Thôn 1')
    const radio = await fleet.device('SPK-000001', unit)
    await fleet.room.sealEmergencyKey(PERSON, '246810')
    await until('made ready', () => encodes === 1)
    const fired = await callRoom(room, 'alerts.fire', { ...order, messageItemId: item.id, targets: { unitIds: [unit], deviceIds: [] } })
    const letter = await radio.letter(alert('start', fired.aid))
    const speech = letter.audio?.[0]
    expect(speech).toMatchObject({ durMs: 2000, mime: 'audio/ogg' })
    const reply = await radio.http(`${fleet.room.addresses().devicesUrl}/c/${speech?.sha256 ?? ''}`)
    expect(createHash('sha256').update(reply.body).digest('hex')).toBe(speech?.sha256)
    expect(encodes).toBe(1)
  })
})
