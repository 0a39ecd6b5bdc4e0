import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { ScreenLetter } from '#common/letters/index.ts'
import { openDevices } from '../../../main/station/devices/index.ts'
import type { OpenDevices } from '../../../main/station/devices/index.ts'
import { openMedia } from '../../../main/station/media/index.ts'
import { openScreens } from '../../../main/station/screens/index.ts'
import type { ScreensRoom } from '../../../main/station/screens/index.ts'
import { greyPng } from '../../support/pictures.ts'
import { callRoom, callerWith, openTestContext } from '../../support/context.ts'
import type { TestContext } from '../../support/context.ts'
import { TinyDevice } from '../../support/tiny-device.ts'
import { until } from '../../support/until.ts'

let ctx: TestContext
let devices: OpenDevices
let room: ScreensRoom
let unitId: string
const made: TinyDevice[] = []
beforeEach(async () => {
  ctx = await openTestContext()
  devices = await openDevices(ctx, { media: openMedia(ctx) })
  room = openScreens(ctx, { devices })
  unitId = (await callRoom(devices, 'devices.createUnit', { parentId: null, name: 'Xã A', level: 'xã', code: '' })).id
})
afterEach(async () => {
  for (const device of made.splice(0)) await device.close()
  await ctx.dispose()
})

const png = (side: number): Buffer => greyPng(side, side, 128)
async function screen(id: string): Promise<TinyDevice> {
  const tiny = await TinyDevice.make(id)
  made.push(tiny)
  const { pairUrl } = await callRoom(devices, 'devices.expect', { label: tiny.label, name: id, unitId })
  const { digits, nonceD } = await tiny.beginPairing(pairUrl)
  await callRoom(devices, 'devices.confirm', { id, digits })
  await tiny.finishPairing(pairUrl, nonceD, { anonymous: true })
  const { rev } = (await callRoom(devices, 'devices.fleet', {})).devices.find((one) => one.id === id) ?? { rev: 0 }
  await callRoom(devices, 'devices.update', { id, rev, mode: 'active' })
  await tiny.connect()
  return tiny
}
const isScreen = (state: 'start' | 'stop') => (letter: { typ: string }): letter is ScreenLetter => letter.typ === 'screen' && 'state' in letter && letter.state === state
const content = (change: object = {}) => ({ noticeId: null, rev: 0, title: 'Họp thôn', body: 'Lúc 19 giờ tại nhà văn hóa', image: null, layer: 'full' as const, targets: { unitIds: [unitId], deviceIds: [] }, fromAt: Date.now() - 1000, toAt: Date.now() + 3_600_000, ...change })

test('a notice with a picture reaches the screen only after approval, and leaves it when it is ended', async () => {
  const kiosk = await screen('SCR-00A7K2')
  const file = join(ctx.folders.temp, 'thong-bao.png')
  writeFileSync(file, png(32))
  const image = await callRoom(room, 'screens.importImage', { path: file })
  expect(image).toMatchObject({ widthPx: 32, heightPx: 32 })
  const draft = await callRoom(room, 'screens.save', content({ image: image.sha256 }))
  await room.refresh()
  expect(kiosk.heard.some(({ verdict }) => verdict.letter?.typ === 'screen')).toBe(false)

  const approved = await callRoom(room, 'screens.approve', { noticeId: draft.id, rev: draft.rev }, callerWith('approver'))
  const letter = await kiosk.letter(isScreen('start'))
  expect(letter).toMatchObject({ sid: draft.id, layer: 'full', panel: { title: [{ text: 'Họp thôn' }], items: [{ item: image.sha256, mime: 'image/png' }] } })
  const shown = await until('it counts as shown', async () => (await callRoom(room, 'screens.list', {})).notices.find((one) => one.state === 'shown'))
  expect(shown.rev).toBe(approved.rev + 1)

  await callRoom(room, 'screens.end', { noticeId: shown.id, rev: shown.rev })
  await kiosk.letter(isScreen('stop'))
  expect((await callRoom(room, 'screens.list', {})).notices).toMatchObject([{ state: 'ended' }])
})

test('a screen paired later is given what already runs', async () => {
  const draft = await callRoom(room, 'screens.save', content())
  await callRoom(room, 'screens.approve', { noticeId: draft.id, rev: draft.rev })
  await room.refresh()
  expect((await callRoom(room, 'screens.list', {})).notices).toMatchObject([{ state: 'approved' }])
  const late = await screen('SCR-00A7K3')
  expect(await late.letter(isScreen('start'))).toMatchObject({ sid: draft.id })
})

test('a notice ends by itself at its time', async () => {
  const kiosk = await screen('SCR-00A7K4')
  const draft = await callRoom(room, 'screens.save', content({ toAt: Date.now() + 3000 }))
  await callRoom(room, 'screens.approve', { noticeId: draft.id, rev: draft.rev })
  const letter = await kiosk.letter(isScreen('start'))
  expect(letter.exp - letter.iat).toBeLessThanOrEqual(3)
  await until('it is over', async () => (await callRoom(room, 'screens.list', {})).notices.find((one) => one.state === 'ended'))
  await kiosk.letter(isScreen('stop'))
})

test('what is not a whole picture is refused, and nothing is kept of it', async () => {
  const whole = png(64)
  const bad: [string, Buffer][] = [['text.png', Buffer.from('không phải ảnh'.repeat(20))], ['cut.png', whole.subarray(0, whole.length - 40)], ['empty.jpg', Buffer.alloc(0)], ['huge.png', png(17_000)]]
  for (const [name, bytes] of bad) {
    const file = join(ctx.folders.temp, name)
    writeFileSync(file, bytes)
    await expect(callRoom(room, 'screens.importImage', { path: file }), name).rejects.toMatchObject({ code: 'image-unreadable' })
  }
  await expect(callRoom(room, 'screens.importImage', { path: join(ctx.folders.temp, 'absent.png') })).rejects.toMatchObject({ code: 'file-missing' })
  await expect(callRoom(room, 'screens.save', content({ image: 'a'.repeat(64) }))).rejects.toMatchObject({ code: 'image-unreadable' })
})

test('an approved notice can no longer be rewritten, and an old revision changes nothing', async () => {
  const draft = await callRoom(room, 'screens.save', content())
  const second = await callRoom(room, 'screens.save', content({ noticeId: draft.id, rev: draft.rev, title: 'Họp xã' }))
  await expect(callRoom(room, 'screens.save', content({ noticeId: draft.id, rev: draft.rev, title: 'cũ' }))).rejects.toMatchObject({ code: 'stale' })
  await callRoom(room, 'screens.approve', { noticeId: draft.id, rev: second.rev })
  const now = (await callRoom(room, 'screens.list', {})).notices[0]
  await expect(callRoom(room, 'screens.save', content({ noticeId: draft.id, rev: now?.rev ?? 0 }))).rejects.toMatchObject({ code: 'step-refused' })
  await expect(callRoom(room, 'screens.approve', { noticeId: draft.id, rev: now?.rev ?? 0 }, callerWith('editor'))).rejects.toMatchObject({ code: 'forbidden' })
})
