import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test, type Page } from '@playwright/test'
import type { Edl } from '#common/edl/index.ts'
import { align, readMono } from '../support/demo/compare-sound.ts'
import { toneDbfs, toneSpans } from '../support/operator/tones.ts'
import { ffmpegMake, joined, sine, speakToWav, writeWav } from '../support/signals.ts'
import type { Signal } from '../support/signals.ts'
import { connectStation, type StationClient } from '../support/station-client.ts'
import { launchStudio, type Studio } from './support/electron-app.ts'
import { Hands } from './support/hands.ts'
import { createAdministrator, importFiles, PASSWORD, shot } from './support/person.ts'

/**
 * A first-time operator with the keyboard alone: record a minute with two fluffs, cut both, level, jingle and bed with ducking, fit to 5:00, approve.
 * The fluffs and the bed carry tones above what the speaking voice has, so that it can be measured in the result where they are and where they are not.
 */
test.describe.configure({ mode: 'serial' })

const RATE = 48_000
/** A minute of the speech has both, whenever within half a minute it is begun. */
const FLUFFS = [{ hz: 12_300, at: 31 }, { hz: 13_300, at: 45 }] as const
const SPEECH_SECONDS = 95
const FLUFF_SECONDS = 0.8
const BED_HZ = 15_100
const BED_DBFS = -26
const JINGLE_SECONDS = 3
/** Shorter than the slot: it has to come again. */
const BED_SECONDS = 90
const SLOT = '5:00'
const SLOT_SAMPLES = 300 * RATE
const PROGRAMME = 'Bản tin người mới'

let studio: Studio
let page: Page
let hands: Hands
let client: StationClient
let ticket = ''
let port = 0
let desk = ''
let startedAt = 0

/** A minute and a half of speech with two fluffs. */
async function microphoneWav(): Promise<string> {
  const text = 'Kính chào bà con. Đây là bản tin của đài truyền thanh xã. Hôm nay trời nhiều mây, chiều có mưa rào và dông. Bà con chú ý che chắn chuồng trại. Lịch tiêm phòng cho trẻ em bắt đầu từ thứ Hai tuần tới tại trạm y tế. '
  await speakToWav(join(desk, 'speech.wav'), text.repeat(9))
  await ffmpegMake('-i', join(desk, 'speech.wav'), '-ar', '48000', '-ac', '1', '-c:a', 'pcm_s16le', join(desk, 'speech48.wav'))
  const { pcm } = readMono(join(desk, 'speech48.wav'))
  expect(pcm.length).toBeGreaterThan(SPEECH_SECONDS * RATE)
  const part = (from: number, to: number): Signal => [pcm.slice(from * RATE, to * RATE).map((value) => value * 0.5)]
  const [first, second] = FLUFFS
  const fluff = (hz: number): Signal => sine({ hz, dbfs: -20, seconds: FLUFF_SECONDS })
  return writeWav(join(desk, 'microphone.wav'), joined(part(0, first.at), fluff(first.hz), part(first.at, second.at), fluff(second.hz), part(second.at, SPEECH_SECONDS)))
}

test.beforeAll(async () => {
  test.setTimeout(240_000)
  desk = await mkdtemp(join(tmpdir(), 'vangxa-operator-e2e-'))
  const jingle = joined(...[523, 659, 784, 1_047, 784, 1_047].map((hz) => sine({ hz, dbfs: -18, seconds: JINGLE_SECONDS / 6 })))
  await writeWav(join(desk, 'Nhạc hiệu.wav'), jingle)
  const chord = [220, 277, 330].map((hz) => sine({ hz, dbfs: -36, seconds: BED_SECONDS })[0] ?? new Float32Array(0))
  const pilot = sine({ hz: BED_HZ, dbfs: BED_DBFS, seconds: BED_SECONDS })[0] ?? new Float32Array(0)
  await writeWav(join(desk, 'Nhạc nền.wav'), [pilot.map((value, n) => value + chord.reduce((sum, one) => sum + (one[n] ?? 0), 0))])
  studio = await launchStudio({ microphoneWav: await microphoneWav() })
  page = studio.page
  hands = new Hands(page)
  await createAdministrator(page)
  await importFiles(studio, [join(desk, 'Nhạc hiệu.wav'), join(desk, 'Nhạc nền.wav')])
  await expect(page.getByTestId('library-row')).toHaveCount(2, { timeout: 60_000 })
  const lock = await studio.stationLock()
  port = lock.port
  client = await connectStation({ port, token: lock.token })
  ticket = (await client.call('accounts.signIn', { userName: 'lan', password: PASSWORD })).filesTicket
  await client.call('settings.update', { targetLufs: -23 })
  // Music of the house is known as such.
  const { items } = await client.call('library.list', { query: '', limit: 10, kinds: [], states: [], offset: 0 })
  for (const { id, rev, title } of items) await client.call('library.update', { itemId: id, rev, kind: title.includes('hiệu') ? 'jingle' : 'music' })
})
test.afterAll(async () => {
  await client?.close()
  await studio?.close()
  await rm(desk, { recursive: true, force: true })
})

async function soundOf(itemId: string): Promise<Float32Array> {
  const answer = await fetch(`http://127.0.0.1:${port}/files/${ticket}/pcm/${itemId}`)
  expect(answer.status).toBe(200)
  const file = join(desk, `${itemId}.wav`)
  await writeFile(file, new Uint8Array(await answer.arrayBuffer()))
  return readMono(file).pcm
}
async function editList(): Promise<Edl> {
  const { projects } = await client.call('editor.list', {})
  return (await client.call('editor.open', { projectId: projects[0]?.id ?? '' })).edl
}
const said = (text: string | RegExp, timeout = 30_000) => expect(page.getByTestId('editor-said')).toContainText(text, { timeout })

/** Puts the playhead where the ear says, by seconds and hundredths. */
async function walkTo(at: number): Promise<void> {
  const hundredths = Math.round((at * 100) / RATE)
  await hands.press('Home')
  await hands.repeat('Shift+ArrowRight', Math.floor(hundredths / 100))
  await hands.repeat('ArrowRight', hundredths % 100)
}

test('a minute with two fluffs is recorded by one key and opened for editing', async () => {
  test.setTimeout(180_000)
  await hands.press('F2')
  await expect(page.getByTestId('record')).toBeEnabled({ timeout: 60_000 })
  await hands.press('KeyR')
  await expect(page.getByTestId('elapsed')).toContainText(/1:0\d/, { timeout: 120_000 })
  await hands.press('KeyR')
  const take = page.getByTestId('take').first()
  await expect(take).toHaveAttribute('data-state', 'saved', { timeout: 60_000 })
  await expect(take).not.toHaveAttribute('data-item', '', { timeout: 60_000 })
  startedAt = Date.now()
  hands.think()
  await hands.tabAndPress(take.getByTestId('take-to-editor'))
  await expect(page.getByTestId('editor-desk')).toBeVisible({ timeout: 60_000 })
})

test('both fluffs are cut out, and what was there closes up', async () => {
  test.setTimeout(180_000)
  const edl = await editList()
  const take = await soundOf(edl.sources[0]?.itemId ?? '')
  for (const fluff of FLUFFS.toReversed()) {
    const [span, ...others] = toneSpans(take, fluff.hz, -40)
    expect(others, 'the fluff was spoken once').toEqual([])
    if (span === undefined) throw new Error(`no fluff at ${fluff.hz} Hz in the take`)
    hands.think()
    await walkTo(span.start - 0.06 * RATE)
    await hands.press('KeyI')
    await hands.repeat('ArrowRight', Math.ceil((span.end - span.start) / 480) + 12)
    await hands.press('KeyO')
    await expect(page.getByTestId('editor-selection')).toBeVisible()
    await hands.press('Delete')
    await said('Xóa dồn')
    await hands.press('Escape')
  }
  await shot(page, 'operator-cut')
})

test('the voice is levelled by one key', async () => {
  test.setTimeout(120_000)
  hands.think()
  await hands.press('Control+KeyA')
  await hands.press('KeyN')
  await expect.poll(async () => (await editList()).lanes[0]?.clips.every((clip) => clip.loudness !== null), { timeout: 60_000 }).toBe(true)
  await hands.press('Escape')
})

const endOf = (lane: Edl['lanes'][number] | undefined): number => Math.max(0, ...(lane?.clips ?? []).map((clip) => clip.start + clip.length))

async function addItem(query: string): Promise<void> {
  hands.think()
  await hands.press('Control+KeyI')
  await expect(page.getByTestId('add-search')).toBeFocused()
  await hands.type(query)
  await expect(page.getByTestId('add-row')).toHaveCount(1)
  await hands.tabAndPress(page.getByTestId('add-insert').first())
  await expect(page.getByRole('dialog')).toBeHidden()
  await said('Thêm tư liệu')
}

test('the jingle opens the programme, and the bed lies under the voice, going down by itself', async () => {
  test.setTimeout(180_000)
  await hands.press('Home')
  await addItem('nhac hieu')
  await hands.press('ArrowDown')
  await addItem('nhac nen')
  hands.think()
  await hands.press('Control+Shift+KeyD')
  await expect(page.getByTestId('tool-card-duck')).toBeVisible()
  await shot(page, 'operator-duck')
  await hands.tabAndPress(page.getByTestId('duck-run'))
  await said('Hạ nền')
  const bed = (await editList()).lanes[1]
  expect(bed?.clips[0]?.envelope.length).toBeGreaterThan(1)
  expect(bed?.duck).toMatchObject({ reduceDb: 12, handEdited: false })
})

test('the programme is brought to five minutes, to the sample: the words stay as they were spoken, the bed goes on', async () => {
  test.setTimeout(240_000)
  hands.think()
  await hands.press('Control+Shift+KeyF')
  await expect(page.getByTestId('fit-target')).toBeFocused()
  await hands.press('Control+KeyA')
  await hands.type(SLOT)
  await expect(page.getByTestId('fit-plan')).toContainText('Vừa đúng từng mẫu', { timeout: 30_000 })
  await expect(page.getByTestId('fit-plan')).toContainText('nhạc chạy tiếp')
  const spoken = endOf((await editList()).lanes[0])
  await shot(page, 'operator-fit')
  await hands.press('Enter')
  await said('Làm vừa khung', 120_000)
  const { lanes: [voice, bed] } = await editList()
  expect([endOf(voice), endOf(bed)]).toEqual([spoken, SLOT_SAMPLES])
  // Once as it was put, then again and again.
  expect(bed?.clips.length).toBe(4)
  await expect(page.getByTestId('slot-state')).toContainText('vừa khung')
})

test('the whole is levelled, rendered and approved', async () => {
  test.setTimeout(240_000)
  hands.think()
  await hands.press('Shift+KeyN')
  await expect.poll(async () => (await editList()).master.gainDb, { timeout: 90_000 }).not.toBe(0)
  await shot(page, 'operator-done')
  hands.think()
  await hands.press('Control+KeyE')
  await expect(page.getByTestId('render-title')).toBeFocused()
  await hands.press('Control+KeyA')
  await hands.type(PROGRAMME)
  await hands.press('Enter')
  await expect(page.getByTestId('render-state')).toHaveAttribute('data-state', 'done', { timeout: 120_000 })
  await hands.tabAndPress(page.getByTestId('render-open-item'))
  await expect(page.getByTestId('detail-title')).toContainText(PROGRAMME, { timeout: 30_000 })
  hands.think()
  await hands.tabAndPress(page.getByTestId('step-submit'))
  await expect(page.getByTestId('detail-state')).toHaveText('Trình duyệt', { timeout: 30_000 })
  await hands.tabAndPress(page.getByTestId('step-approve'))
  await expect(page.getByTestId('detail-state')).toHaveText('Đã duyệt', { timeout: 30_000 })
  test.info().annotations.push({ type: 'operator', description: `${hands.presses} keys, ${hands.seconds.toFixed(0)} s of a practised hand, ${((Date.now() - startedAt) / 1000).toFixed(0)} s on this computer` })
  expect(hands.seconds, 'seconds of actions').toBeLessThan(180)
})

test('what was approved measures as it was meant', async () => {
  test.setTimeout(120_000)
  const { items } = await client.call('library.list', { query: PROGRAMME, limit: 10, kinds: [], states: ['approved'], offset: 0 })
  const [item] = items
  if (item === undefined) throw new Error('not in the library')
  expect(item.lengthSamples).toBe(SLOT_SAMPLES)
  const sound = await soundOf(item.id)
  expect(sound.length).toBe(SLOT_SAMPLES)
  for (const { hz } of FLUFFS) expect(toneSpans(sound, hz, -52), `no tone of ${hz} Hz`).toEqual([])

  const { pcm: jingle } = readMono(join(desk, 'Nhạc hiệu.wav'))
  expect(align(sound, jingle.subarray(0, 2 * RATE), 0, 4_800).correlation, 'the jingle at the beginning').toBeGreaterThan(0.95)

  // The bed under the voice is 12 dB below what it would be; gains of lane and master are known.
  const edl = await editList()
  const open = BED_DBFS + edl.master.gainDb + (edl.lanes[1]?.gainDb ?? 0) + (edl.lanes[1]?.clips[0]?.gainDb ?? 0)
  for (const second of [8, 12, 16, 20]) {
    const under = toneDbfs(sound, second * RATE, RATE, BED_HZ)
    expect(Math.abs(under - (open - 12)), `bed at ${second} s: ${under.toFixed(1)} dBFS, open ${open.toFixed(1)}`).toBeLessThan(1.5)
  }

  // Behind the words it is up again, over all its rounds but where one crosses into the next, and it is gone at the end.
  const joints = (edl.lanes[1]?.clips ?? []).map((clip) => clip.start)
  const voiceEnd = endOf(edl.lanes[0])
  for (let at = voiceEnd + 3 * RATE; at < SLOT_SAMPLES - 3 * RATE; at += 20 * RATE) {
    if (joints.some((joint) => joint < at + RATE && at < joint + 2 * RATE)) continue
    expect(Math.abs(toneDbfs(sound, at, RATE, BED_HZ) - open), `bed at ${(at / RATE).toFixed(1)} s`).toBeLessThan(1.5)
  }
  expect(toneDbfs(sound, SLOT_SAMPLES - RATE / 10, RATE / 10, BED_HZ)).toBeLessThan(open - 20)

  const loudness = await client.call('library.get', { itemId: item.id }).then((one) => one.loudness)
  expect(Math.abs((loudness?.integratedLufs ?? 0) + 23)).toBeLessThanOrEqual(0.5)
  expect(loudness?.truePeakDbtp ?? 0).toBeLessThanOrEqual(-1)
})
