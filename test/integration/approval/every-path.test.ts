import { readdirSync, readFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Item } from '#contract/library.ts'
import { AppError } from '#contract/errors.ts'
import { prepareMessage } from '../../../main/station/alerts/message.ts'
import { planPath, readPlan, writePlan } from '../../../main/station/air/plan-file.ts'
import type { Who } from '../../../main/station/context.ts'
import type { LogRoom } from '../../../main/station/faces.ts'
import { openLog } from '../../../main/station/log/index.ts'
import { callerWith, callRoom } from '../../support/context.ts'
import { openLibraryBench } from '../../support/library-room.ts'
import type { LibraryBench } from '../../support/library-room.ts'
import { babble, writeWav } from '../../support/signals.ts'
import { knownRelay } from '../../support/relay/known.ts'

const TAG = 'lấp giờ'
const lan: Who = { personId: '01J0000000000000000000000A', name: 'Lan' }
const huy: Who = { personId: '01J0000000000000000000000B', name: 'Huy' }
let bench: LibraryBench
let log: LogRoom
/** The item that every path leads to. */
let item: Item
let at: number
let broadcastDate: string

beforeEach(async () => {
  bench = await openLibraryBench()
  const { library, ctx, desk } = bench
  log = await openLog(ctx, { library, air: { usePlan: () => undefined, modeOf: () => 'auto', linesOnAir: () => [], onAsRun: () => () => undefined, asRunBetween: () => [], asRunOf: () => [] } })
  const other = library.approve((await library.importFile(await writeWav(join(desk, 'khác.wav'), babble(3, 1)), { who: lan, title: 'Bài khác' }).item).id, lan)
  const made = await library.importFile(await writeWav(join(desk, 'thử.wav'), babble(2, 2)), { who: lan, title: 'Lời thử', kind: 'message' }).item
  const tagged = await callRoom(library, 'library.update', { itemId: made.id, rev: made.rev, tags: [TAG] })
  item = library.approve(tagged.id, lan)
  at = Math.ceil((ctx.clock.now() + 3_600_000) / 1000) * 1000
  broadcastDate = new Date(at + 7 * 3_600_000).toISOString().slice(0, 10)
  const call = <T>(run: Promise<T>): Promise<T> => run
  await call(callRoom(log, 'log.saveSlot', { broadcastDate, slotId: null, rev: 0, slot: { title: 'Phiên', startAt: at, endAt: at + 60_000, onOverrun: 'finish', maxOverrunMs: 0, onUnderrun: 'fill', fillGroup: TAG, ruleProfileId: null, backupItemIds: [item.id], bus: 'main' } }))
  const [slot] = (await callRoom(log, 'log.day', { broadcastDate })).slots
  const { lines } = await callRoom(log, 'log.addLine', { broadcastDate, itemId: other.id, timing: { kind: 'hard', at, onReach: { kind: 'cut' } }, afterLineId: null, slotId: slot?.id ?? null })
  const [line] = lines
  await callRoom(log, 'log.updateLine', { broadcastDate, lineId: line?.id ?? '', rev: line?.rev ?? 0, backupItemIds: [item.id] })
  await callRoom(log, 'log.addLine', { broadcastDate, itemId: item.id, timing: { kind: 'follow' }, afterLineId: line?.id ?? null })
})
afterEach(() => bench[Symbol.asyncDispose]())

/** Where the plan of the air has the item now. */
function inPlan(): string[] {
  const { plays, lines, slots, fill } = log.plan()
  const is = (sound: { readonly itemId: string } | null): boolean => sound?.itemId === item.id
  return [
    ...(plays.some(is) ? ['devices'] : []), ...(lines.some(({ sound }) => is(sound)) ? ['line'] : []), ...(lines.some(({ backups }) => backups.some(is)) ? ['line backup'] : []),
    ...(slots.some(({ backups }) => backups.some(is)) ? ['slot backup'] : []), ...(fill.some(({ sound }) => is(sound)) ? ['fill'] : []),
  ]
}
async function asAlert(): Promise<string> {
  const { library, media, ctx } = bench
  const devices = { contentOnce: async (_source: string, _mime: string, write: (path: string) => Promise<unknown>) => {
    await write(join(ctx.folders.temp, 'lời.opus'))
    return { sha256: 'a'.repeat(64), bytes: 1, url: '/c/a', durMs: 2000 }
  } }
  try {
    await prepareMessage({ library, media, clock: ctx.clock, devices }, item.id)
    return 'spoken'
  } catch (error) {
    if (error instanceof AppError) return error.code
    throw error
  }
}
const everywhere = ['devices', 'line', 'line backup', 'slot backup', 'fill']
const settled = async (wanted: readonly string[]): Promise<void> => {
  await expect.poll(inPlan, { timeout: 20_000 }).toEqual(wanted)
}
const now = (): Item => {
  const found = bench.library.get(item.id)
  if (found === null) throw new Error('the item is gone')
  return found
}
const ref = (): { itemId: string; rev: number } => ({ itemId: item.id, rev: now().rev })
const approver = (who: Who) => ({ ...callerWith('approver', 'editor', 'recorder'), ...who })
const act = {
  withdraw: () => callRoom(bench.library, 'library.withdraw', ref(), approver(lan)),
  submit: () => callRoom(bench.library, 'library.submit', ref(), approver(lan)),
  return: () => callRoom(bench.library, 'library.return', { ...ref(), note: 'Đọc sai ngày' }, approver(lan)),
  approve: (who: Who) => callRoom(bench.library, 'library.approve', ref(), approver(who)),
  protect: (change: { sensitive?: boolean; embargoUntil?: number | null }, who: Who = lan) => callRoom(bench.library, 'library.protect', { ...ref(), ...change }, approver(who)),
}
/** The same length, another sound; and a harmless change that makes everybody look again. */
async function tamper(): Promise<void> {
  const file = await open(join(bench.ctx.folders.media, `${item.sha256}.wav`), 'r+')
  await file.write(Buffer.from([1, 2, 3, 4, 5, 6, 7, 8]), 0, 8, 44 + 9600)
  await file.close()
  await callRoom(bench.library, 'library.retag', { changes: [{ ...ref(), tags: [TAG, 'khác'] }] })
}

describe('an approved item', () => {
  it('reaches the speakers by every path there is: without that, refusals below would prove nothing', async () => {
    await settled(everywhere)
    expect(await asAlert()).toBe('spoken')
  })
  it('goes to the air with its stamp, so that the air itself refuses a file that changes after the plan was made', async () => {
    await settled(everywhere)
    expect(log.plan().plays.find(({ itemId }) => itemId === item.id)?.pcm.stamp).toMatchObject({ sizeBytes: item.sizeBytes })
  })
})

describe.each<{ name: string; spoil: () => Promise<unknown>; alert?: string }>([
  { name: 'withdrawn', spoil: () => act.withdraw() },
  { name: 'handed in again after a withdrawal', spoil: () => act.withdraw().then(act.submit) },
  { name: 'returned with a comment', spoil: () => act.withdraw().then(act.submit).then(act.return) },
  { name: 'held as sensitive, with one approver', spoil: () => act.protect({ sensitive: true }) },
  { name: 'under embargo', spoil: () => act.protect({ embargoUntil: at + 86_400_000 }) },
  { name: 'changed on the disk since its approval', spoil: tamper, alert: 'changed-since-approval' },
])('an item that is $name', ({ spoil, alert = 'not-approved' }) => {
  it('reaches no speaker by any path: line, backup of a line, backup of a slot, fill, devices, message of an alert', async () => {
    await settled(everywhere)
    await spoil()
    await settled([])
    expect(await asAlert()).toBe(alert)
  })
  it('reaches none after a restart either', async () => {
    await spoil()
    log = await openLog({ ...bench.ctx, scope: bench.ctx.scope.child('again') }, { library: bench.library, air: { usePlan: () => undefined, modeOf: () => 'auto', linesOnAir: () => [], onAsRun: () => () => undefined, asRunBetween: () => [], asRunOf: () => [] } })
    expect(inPlan()).toEqual([])
  })
})

describe('the second approver of a sensitive item', () => {
  it('is another person than the first; then it may sound again, and the audit has both', async () => {
    await act.protect({ sensitive: true })
    expect(now()).toMatchObject({ state: 'submitted', approvedBy: null, approvals: [{ by: 'Lan', sha256: item.sha256 }] })
    await expect(act.approve(lan)).rejects.toMatchObject({ code: 'second-person-needed' })
    await act.approve(huy)
    expect(now()).toMatchObject({ state: 'approved', approvedBy: 'Lan, Huy' })
    await settled(everywhere)
    expect(bench.ctx.db.prepare("SELECT who FROM audit WHERE action = 'library.approve' AND subject = ?").pluck().all(item.id)).toEqual(['Lan', 'Huy'])
  })
  it('starts anew after a return: both must hear what was handed in again', async () => {
    await act.protect({ sensitive: true })
    await act.return()
    await act.submit()
    await act.approve(huy)
    expect(now()).toMatchObject({ state: 'submitted', approvals: [{ by: 'Huy' }] })
    await act.approve(lan)
    expect(now().state).toBe('approved')
  })
})

describe('care', () => {
  it('may be asked for by an editor, and taken away by an approver alone', async () => {
    const editor = callerWith('editor')
    await callRoom(bench.library, 'library.protect', { ...ref(), sensitive: true, embargoUntil: at }, editor)
    await expect(callRoom(bench.library, 'library.protect', { ...ref(), sensitive: false }, editor)).rejects.toMatchObject({ code: 'forbidden' })
    await expect(callRoom(bench.library, 'library.protect', { ...ref(), embargoUntil: at - 1 }, editor)).rejects.toMatchObject({ code: 'forbidden' })
    await callRoom(bench.library, 'library.protect', { ...ref(), embargoUntil: at + 1 }, editor)
    await act.protect({ sensitive: false, embargoUntil: null })
    expect(now().sensitive).toBeUndefined()
    expect(now().embargoUntil).toBeUndefined()
  })
  it('an embargo that ends before its line lets the line be planned, and nothing that could sound earlier', async () => {
    await settled(everywhere)
    await act.protect({ embargoUntil: at + 1000 })
    // The line follows three seconds of another; backups and fill have no hour of their own.
    await settled(['devices', 'line'])
    expect(await asAlert()).toBe('not-approved')
    // The air holds it itself, also when it starts from its file without a database.
    const file = planPath(bench.ctx.folders.temp)
    writePlan(bench.ctx.folders.root, file, { buses: [{ id: 'main', unitIds: [] }], resume: 'catchUp' }, log.plan())
    const read = readPlan(bench.ctx.folders.root, file)
    if (read === null || typeof read === 'string') throw new Error('no plan file')
    expect(read.programme.lines.flatMap(({ sound }) => (sound?.itemId === item.id ? [sound.notBeforeMs] : []))).toEqual([at + 1000])
  })
})

describe('a relay', () => {
  it('is in the plan only while its source is approved, and with nothing to listen to otherwise', async () => {
    const sourceId = bench.ctx.newId()
    let approved = false
    log.useRelaySources({ get: () => knownRelay(sourceId, 'Đài tỉnh', approved), holding: () => null, editionOf: () => undefined, editionItems: () => [] })
    await callRoom(log, 'log.addLines', { broadcastDate, lines: [{ kind: 'relay', title: 'Đài tỉnh', relaySourceId: sourceId, plannedSamples: 48_000, timing: { kind: 'hard', at: at + 600_000, onReach: { kind: 'cut' } } }], afterLineId: null })
    const planned = (): (string | null | undefined)[][] => log.plan().lines.filter(({ line }) => line.kind === 'relay').map(({ relaySourceId, relay }) => [relaySourceId, relay?.sourceId])
    expect(planned()).toEqual([[null, undefined]])
    approved = true
    log.judgeAgain()
    await expect.poll(planned).toEqual([[sourceId, sourceId]])
    approved = false
    log.judgeAgain()
    await expect.poll(planned).toEqual([[null, undefined]])
  })
})

describe('the doors', () => {
  it('are two, and both ask for approved bytes: nothing on the way to a speaker opens the library otherwise', () => {
    const station = fileURLToPath(new URL('../../../main/station/', import.meta.url))
    const rooms = ['air', 'log', 'alerts', 'devices', 'live', 'relay', 'screens', 'planning']
    const sources = rooms.flatMap((room) => readdirSync(join(station, room), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts')).map((name) => ({ name: `${room}/${name.replaceAll('\\', '/')}`, text: readFileSync(join(station, room, name), 'utf8') })))
    expect(sources.length).toBeGreaterThan(80)
    expect(sources.filter(({ text }) => /\b(pcmOf|originalOf)\b/.test(text)).map(({ name }) => name)).toEqual([])
    expect(sources.filter(({ text }) => /\.approvedPcmOf\(/.test(text)).map(({ name }) => name).toSorted()).toEqual(['alerts/message.ts', 'log/gate.ts'])
  })
})
