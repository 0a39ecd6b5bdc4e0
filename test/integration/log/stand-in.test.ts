import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { callRoom } from '../../support/context.ts'
import { FRAMES, HOUR, START, named, openLogDesk, the } from '../../support/log-desk.ts'
import type { LogDesk } from '../../support/log-desk.ts'

let desk: LogDesk
beforeEach(async () => { desk = await openLogDesk() })
afterEach(() => desk[Symbol.asyncDispose]())

/** Bản tin (10 s, with a backup of 4) at an hour from now, and Nhạc behind it. */
async function laid() {
  const [bulletin, backup, music] = [desk.library.put('Bản tin', 10 * FRAMES), desk.library.put('Bản tin hôm qua', 4 * FRAMES), desk.library.put('Nhạc', FRAMES)]
  await desk.layOut([bulletin, music], START + HOUR)
  await callRoom(desk.log, 'log.updateLine', { ...named(await desk.line('Bản tin')), backupItemIds: [backup.id] })
  return { bulletin, backup, music }
}
const planned = () => desk.plan().lines.map(({ line, sound, isBackup, backups }) => [line.state, sound?.title ?? null, isBackup ?? false, backups.map(({ title }) => title)])
const plays = () => desk.plan().plays.map(({ title, startAt }) => [title, startAt - START - HOUR])

describe('a line with backups whose item may not sound', () => {
  it('plays the first backup that may, for devices too, and the log says what is wrong with the item', async () => {
    const { bulletin } = await laid()
    await expect.poll(planned).toEqual([['ok', 'Bản tin', false, ['Bản tin hôm qua']], ['ok', 'Nhạc', false, []]])
    desk.library.withdraw(bulletin.id, the(desk.library.get(bulletin.id)).rev, { personId: null, name: 'Lan' })
    await expect.poll(planned).toEqual([['ok', 'Bản tin hôm qua', true, []], ['ok', 'Nhạc', false, []]])
    expect(plays()).toEqual([['Bản tin hôm qua', 0], ['Nhạc', 4_000]])
    expect((await desk.day()).lines[0]).toMatchObject({ title: 'Bản tin', lineState: 'notApproved', reason: { code: 'itemWithdrawn' }, predictedAt: START + HOUR, predictedEndAt: START + HOUR + 4_000 })
  })

  it('plays nothing when its backup may not either', async () => {
    const { bulletin, backup } = await laid()
    for (const { id } of [backup, bulletin]) desk.library.withdraw(id, the(desk.library.get(id)).rev, { personId: null, name: 'Lan' })
    await expect.poll(planned).toEqual([['notApproved', null, false, []], ['ok', 'Nhạc', false, []]])
  })

  it('plays nothing when a rule forbids the hour, whatever plays in it', async () => {
    await laid()
    const bulletinId = (await desk.line('Bản tin')).id
    desk.log.addJudge(({ lineId }) => (lineId === bulletinId ? { state: 'ruleBlocked', reason: { code: 'quietHours' } } : null))
    await expect.poll(planned).toEqual([['ruleBlocked', null, false, ['Bản tin hôm qua']], ['ok', 'Nhạc', false, []]])
  })

  it('asks the rules about the backup too', async () => {
    const { bulletin, backup } = await laid()
    desk.log.addJudge(({ item }) => (item?.id === bulletin.id || item?.id === backup.id ? { state: 'expired', reason: { code: 'rightsOver' } } : null))
    await expect.poll(planned).toEqual([['expired', null, false, ['Bản tin hôm qua']], ['ok', 'Nhạc', false, []]])
  })
})
