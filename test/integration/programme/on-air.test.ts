import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startRadio } from '../../../main/receiver/index.ts'
import type { Radio } from '../../../main/receiver/index.ts'
import { greyPng } from '../../support/pictures.ts'
import { schedule, secondAfter } from '../../support/on-air.ts'
import { babble, writeWav } from '../../support/signals.ts'
import { foundStation, startStation } from '../../support/station.ts'
import type { RunningStation } from '../../support/station.ts'
import type { StationClient } from '../../support/station-client.ts'
import { until } from '../../support/until.ts'

/** The whole way in a real station: stories → project → item → approval → log → air, and a reference screen that hangs on a wall. */
const folder = mkdtempSync(join(tmpdir(), 'vangxa-bulletin-air-'))
let station: RunningStation
let client: StationClient
let screen: Radio
beforeAll(async () => {
  station = await startStation({ readyWithinMs: 90_000 })
  client = (await foundStation(station)).client
}, 120_000)
afterAll(async () => {
  await screen?.close()
  await client?.close()
  await station?.dispose()
  rmSync(folder, { recursive: true, force: true })
}, 60_000)

function picture(shade: number): string {
  const file = join(folder, `${shade}.png`)
  writeFileSync(file, greyPng(64, 36, shade))
  return file
}
async function jobItem(jobId: string): Promise<string> {
  const job = (await client.call('jobs.list', {})).jobs.find((one) => one.id === jobId && one.endedAt !== null) ?? await client.waitFor('jobs.changed', (one) => one.id === jobId && one.endedAt !== null, 120_000)
  const itemId = job.result?.['itemId']
  if (itemId === undefined) throw new Error(`the job ended as ${job.state} ${job.error?.code ?? ''}`)
  return itemId
}

test('while a bulletin is on air, the screen shows the picture of the story that sounds', async () => {
  const { devicesUrl } = await client.call('station.status', {})
  const unit = await client.call('devices.createUnit', { parentId: null, name: 'Xã A', level: 'xã', code: '' })
  screen = await startRadio({ dir: join(folder, 'screen'), station: devicesUrl ?? '', dev: 'SCR-00A7K9', kind: 'screen', simulated: true })
  await client.call('devices.expect', { label: screen.label, name: 'Bảng tin chợ', unitId: unit.id })
  await client.call('devices.confirm', { id: 'SCR-00A7K9', digits: await screen.digits() })
  await screen.paired
  const { rev = 0 } = (await client.call('devices.fleet', {})).devices.find(({ id }) => id === 'SCR-00A7K9') ?? {}
  await client.call('devices.update', { id: 'SCR-00A7K9', rev, mode: 'active' })
  await until('the screen is connected', () => screen.shown()?.connected === true, 30_000)

  let bulletin = await client.call('programme.create', { title: 'Bản tin', broadcastDate: null, slot: { startsAtSec: null, lengthSamples: null }, templateId: 'khong-nhac' })
  for (const [n, title] of ['Họp xã', 'Giá lúa', 'Thời tiết'].entries()) {
    const { jobIds } = await client.call('library.import', { paths: [await writeWav(join(folder, `${title}.wav`), babble(4, n + 1))] })
    const { sha256 } = await client.call('screens.importImage', { path: picture(60 + n * 60) })
    bulletin = await client.call('programme.addStory', { bulletinId: bulletin.id, afterStoryId: bulletin.stories.at(-1)?.id ?? null, title, itemIds: [await jobItem(jobIds[0] ?? '')], image: n === 1 ? null : sha256 })
  }
  const { projectId } = await client.call('programme.assemble', { bulletinId: bulletin.id, rev: bulletin.rev, into: 'new', gaps: false })
  const project = await client.call('editor.open', { projectId })
  const itemId = await jobItem((await client.call('editor.render', { projectId, rev: project.rev, title: 'Bản tin', format: 'wav' })).jobId)
  const submitted = await client.call('library.submit', { itemId, rev: (await client.call('library.get', { itemId })).rev })

  // Pictures have no way of their own: what is not approved does not even come into the log.
  await expect(schedule(client, [{ itemId, at: secondAfter(60_000) }])).rejects.toMatchObject({ code: 'not-approved' })
  await client.call('library.approve', { itemId, rev: submitted.rev })
  const startAt = secondAfter(14_000)
  await schedule(client, [{ itemId, at: startAt }])
  const { slides } = await client.call('programme.review', { itemId })
  const seen: { title: string; at: number }[] = []
  await until('the bulletin is over', () => {
    const now = screen.shown()
    const title = now?.layer === 'full' ? now.title : ''
    if (seen.at(-1)?.title !== title && Date.now() > startAt - 3000) seen.push({ title, at: Date.now() - startAt })
    return Date.now() > startAt + 17_000
  }, 60_000)
  const row = (await client.call('log.asRun', {})).rows.findLast((one) => one.itemId === itemId)
  // What sounded began when it was announced: the pictures are measured against the air, not against the plan.
  const aired = row?.actualAt ?? 0
  expect(Math.abs(aired - startAt)).toBeLessThan(500)
  expect(seen.map(({ title }) => title)).toEqual(['', 'Họp xã', '', 'Thời tiết', ''])
  const wanted = [slides[0]?.at ?? -1, slides[1]?.at ?? -1, slides[2]?.at ?? -1].map((at) => at / 48)
  const late = wanted.map((ms, n) => (seen[n + 1]?.at ?? 0) - ms - (aired - startAt))
  console.log(`screen behind the air, ms: ${late.map((ms) => ms.toFixed(0)).join(' ')}`)
  for (const ms of late) {
    expect(ms).toBeGreaterThanOrEqual(-500)
    expect(ms).toBeLessThan(2500)
  }
}, 180_000)
