import { execFileSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { RecordedTake } from '#contract/recorder.ts'
import { callRoom, temporaryFolder } from '../../context.ts'
import { badDisk } from '../bad-disk.ts'
import { firstWrongFrame } from '../counter-pcm.ts'
import { CHUNK, openRecordingRoom, startInput, type RecordingRoom } from '../recording-room.ts'
import { readCounted } from './counted-group.ts'
import { COUNTER_FRAMES, type ElectronLane } from './electron.ts'

export interface ScenarioResult {
  readonly scenario: string
  readonly how: string
  readonly keptFrames: number
  /** Missing sound that a fault names, with place and length. */
  readonly toldFrames: number
  readonly silentlyLostFrames: number
  readonly wrongAt: number
  readonly faults: readonly string[]
  readonly good: boolean
}

const kindsOf = (parts: readonly RecordedTake[]): string[] => [...new Set(parts.flatMap((part) => part.faults.map((fault) => fault.kind)))]

/** Where the counter breaks off without a fault, everything after it is taken for lost silently. */
const silently = (frames: number, wrongAt: number): number => (wrongAt < 0 ? 0 : frames - wrongAt)

/** The window's main thread stands still for two seconds, three times. */
export async function blockedWindow(lane: ElectronLane): Promise<ScenarioResult> {
  await lane.ready()
  const take = await lane.record()
  for (let i = 0; i < 3; i++) {
    await lane.inPage('(() => { const until = performance.now() + 2000; while (performance.now() < until) { /* a stuck window */ } })()')
    await wait(300)
  }
  await lane.stop()
  await lane.client.waitFor('recorder.changed', (one) => one.id === take.id && one.state === 'saved', 60_000)
  const counted = await readCounted(lane.client, lane.folder, take.groupId, COUNTER_FRAMES)
  const lost = silently(counted.frames, counted.wrongAt)
  return { scenario: 'blocked-window', how: 'real window, 3 × 2 s', keptFrames: counted.frames, toldFrames: counted.toldFrames, silentlyLostFrames: lost, wrongAt: counted.wrongAt, faults: kindsOf(counted.parts), good: lost === 0 && counted.frames > 6 * 48_000 }
}

/** The device goes away in the middle of a take and comes back. */
export async function deviceLoss(lane: ElectronLane): Promise<ScenarioResult> {
  await lane.ready()
  const take = await lane.record()
  await wait(500)
  await lane.inPage('window.loseDevice()')
  const lost = await lane.client.waitFor('recorder.changed', (one) => one.id === take.id && one.inputLost, 60_000)
  await wait(2_000)
  await lane.inPage('window.counter.away = false')
  await lane.client.waitFor('recorder.changed', (one) => one.id === take.id && one.faults.some((fault) => fault.kind === 'input-lost' && fault.frames > 0), 60_000)
  await wait(700)
  await lane.stop()
  await lane.client.waitFor('recorder.changed', (one) => one.id === take.id && one.state === 'saved', 60_000)
  const counted = await readCounted(lane.client, lane.folder, take.groupId, COUNTER_FRAMES)
  const silent = silently(counted.frames, counted.wrongAt)
  return {
    scenario: 'device-loss', how: 'real window, track ended and device list emptied', keptFrames: counted.frames, toldFrames: counted.toldFrames, silentlyLostFrames: silent, wrongAt: counted.wrongAt, faults: kindsOf(counted.parts),
    good: silent === 0 && lost.inputLost && counted.toldFrames > 48_000 && counted.parts.length === 1,
  }
}

/** The disk fills up: a small file system of its own where that may be mounted, else a writer that gets ENOSPC. */
export async function fullDisk(): Promise<ScenarioResult> {
  const folder = await temporaryFolder()
  const takes = join(folder.path, 'takes')
  mkdirSync(takes)
  const mounted = mount(takes)
  const disk = badDisk()
  try {
    await using bench = await openRecordingRoom(mounted ? {} : { openFile: disk.open }, folder.path)
    return await fillUp(bench, mounted, disk)
  } finally {
    if (mounted) execFileSync('umount', ['-l', takes])
    await folder.remove()
  }
}

async function fillUp(bench: RecordingRoom, mounted: boolean, disk: ReturnType<typeof badDisk>): Promise<ScenarioResult> {
  const take = await callRoom(bench.room, 'recorder.start', startInput)
  disk.room(2_000_001)
  const chunks = 200
  for (let seq = 0; seq < chunks; seq++) {
    bench.feed(take, seq, 1)
    if (seq % 10 === 0) await wait(20)
  }
  const done = await bench.changed((one) => one.id === take.id && (one.itemId !== null || one.importError !== null))
  const wrongAt = firstWrongFrame(await bench.soundOf(done), 1)
  const told = done.faults.filter((fault) => fault.kind === 'gap' && fault.atFrame >= done.durableFrames).reduce((sum, fault) => sum + fault.frames, 0)
  const given = Math.max(...bench.acks.map((ack) => ack.durable), 0)
  // What the station had taken in before it said "full" is either on disk or named.
  const silent = silently(done.durableFrames, wrongAt) + Math.max(0, given - done.durableFrames)
  const said = bench.ctx.inside.notices.list().some((notice) => notice.error.code === 'disk-full')
  return {
    scenario: 'full-disk', how: mounted ? 'tmpfs of 2 MB' : 'ENOSPC in the writer', keptFrames: done.durableFrames, toldFrames: told, silentlyLostFrames: silent, wrongAt, faults: kindsOf([done]),
    good: silent === 0 && said && done.state === 'recovered' && done.durableFrames > 2 * CHUNK && told > 0,
  }
}

function mount(folder: string): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', folder], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
