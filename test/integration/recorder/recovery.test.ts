import { readFile, readdir, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { RecordedTake } from '#contract/recorder.ts'
import { openRecorder } from '../../../main/station/recorder/index.ts'
import { repairTake } from '../../../main/station/recorder/repair.ts'
import { onlyPart, type TakeSidecar } from '../../../main/station/recorder/sidecar.ts'
import { TAKE_HEADER_BYTES, decodeTakeHeader, encodeTakeHeader } from '../../../main/station/recorder/wav-header.ts'
import { openTestContext, type TestContext } from '../../support/context.ts'
import { counterPcm24, firstWrongFrame } from '../../support/recorder/counter-pcm.ts'
import { deferred } from '../../support/waiting.ts'
import { fakeLibrary } from '../../support/recorder/fake-library.ts'

let ctx: TestContext
let library: ReturnType<typeof fakeLibrary>
beforeEach(async () => {
  ctx = await openTestContext()
  library = fakeLibrary(ctx)
})
afterEach(() => ctx.dispose())

function sidecar(id: string, change: Partial<TakeSidecar['take']> = {}): string {
  const whole: TakeSidecar = {
    version: 2,
    take: { ...onlyPart(id, 'Micro', 48_000), id, title: 'Tin trưa', state: 'recording', channels: 1, startedAt: Date.UTC(2025, 2, 5, 7, 3), endedAt: null, durableFrames: 0, faults: [], marks: [{ atFrame: 10, label: 'a' }], inputLabel: 'Micro', inputRateHz: 48_000, itemId: null, importError: null, ...change },
    by: { personId: null, name: 'Lan' }, settings: {}, reason: null, pickUp: null,
  }
  return JSON.stringify(whole)
}
function wav(frames: number, channels = 1, tail: Uint8Array = new Uint8Array(0), claimed = 0): Buffer {
  return Buffer.concat([encodeTakeHeader(channels, claimed), counterPcm24(0, frames, channels), tail])
}
async function put(id: string, files: { wav?: Uint8Array | string; json?: string }): Promise<void> {
  if (files.wav !== undefined) await writeFile(join(ctx.folders.takes, `${id}.wav`), files.wav)
  if (files.json !== undefined) await writeFile(join(ctx.folders.takes, `${id}.json`), files.json)
}
async function recoverAll(expected: number): Promise<RecordedTake[]> {
  const imported: RecordedTake[] = []
  const done = deferred()
  const stop = ctx.events.on('recorder.changed', (take) => {
    if (take.itemId !== null && imported.push(take) === expected) done.resolve()
  })
  const room = await openRecorder(ctx, { library: library.face })
  await room.recover()
  if (expected > 0) await done.promise
  stop()
  return imported
}

describe('recovery at start', () => {
  it('repairs an unfinished take to the last whole frame and puts it into the library under a name that says so', async () => {
    const id = ctx.newId()
    await put(id, { wav: wav(48_000, 1, Uint8Array.of(1, 2)), json: sidecar(id) })
    const [take] = await recoverAll(1)
    expect(take?.title).toBe('Bản thu khôi phục 05/03/2025 14:03 – Tin trưa')
    expect(take).toMatchObject({ state: 'recovered', durableFrames: 48_000, marks: [{ atFrame: 10, label: 'a' }] })
    const kept = await readFile(library.items.get(take?.itemId ?? '')?.path ?? '')
    expect(kept.length).toBe(TAKE_HEADER_BYTES + 144_000)
    expect(decodeTakeHeader(kept)).toEqual({ channels: 1, claimedBytes: 144_000 })
    expect(firstWrongFrame(kept.subarray(TAKE_HEADER_BYTES), 1)).toBe(-1)
  })

  it('takes the damaged, empty and half-written ones in one go and saves every one that holds sound', async () => {
    const ids = { zero: ctx.newId(), headerOnly: ctx.newId(), odd: ctx.newId(), noSidecar: ctx.newId(), tornSidecar: ctx.newId(), noHead: ctx.newId(), garbage: ctx.newId(), sidecarAlone: ctx.newId() }
    await put(ids.zero, { wav: '', json: sidecar(ids.zero) })
    await put(ids.headerOnly, { wav: wav(0), json: sidecar(ids.headerOnly) })
    await put(ids.odd, { wav: wav(1_001, 2, Uint8Array.of(9)), json: sidecar(ids.odd, { channels: 2 }) })
    await put(ids.noSidecar, { wav: wav(2_000, 1, undefined, 600) })
    await put(ids.tornSidecar, { wav: wav(3_000), json: sidecar(ids.tornSidecar).slice(0, 80) })
    await put(ids.noHead, { wav: Buffer.concat([Buffer.alloc(TAKE_HEADER_BYTES), counterPcm24(0, 4_000, 1)]), json: sidecar(ids.noHead) })
    await put(ids.garbage, { wav: Buffer.alloc(5_000, 7) })
    await put(ids.sidecarAlone, { json: sidecar(ids.sidecarAlone) })
    await writeFile(join(ctx.folders.takes, 'ghi chú.wav'), 'not ours')
    const takes = await recoverAll(4)
    expect(Object.fromEntries(takes.map((take) => [take.id, take.durableFrames]))).toEqual({ [ids.odd]: 1_001, [ids.noSidecar]: 2_000, [ids.tornSidecar]: 3_000, [ids.noHead]: 4_000 })
    expect(takes.every((take) => take.title.startsWith('Bản thu khôi phục '))).toBe(true)
    const left = await readdir(ctx.folders.takes)
    expect(left).toContain(`${ids.garbage}.wav.damaged`)
    expect(left).toContain('ghi chú.wav')
    expect(left.filter((name) => name.endsWith('.wav') && name !== 'ghi chú.wav')).toEqual([])
    expect(ctx.inside.notices.list().map((notice) => notice.error.code)).toEqual(['take-damaged'])
  })

  it('imports a take that was finished but not yet in the library under its own name', async () => {
    const id = ctx.newId()
    await put(id, { wav: wav(500, 1, undefined, 1_500), json: sidecar(id, { state: 'saved', endedAt: Date.UTC(2025, 2, 5, 7, 4), durableFrames: 500 }) })
    const [take] = await recoverAll(1)
    expect(take).toMatchObject({ title: 'Tin trưa', state: 'saved' })
  })

  it('does not import twice what the library already has', async () => {
    const first = ctx.newId()
    await put(first, { wav: wav(500), json: sidecar(first) })
    const [take] = await recoverAll(1)
    await put(first, { wav: wav(500), json: sidecar(first, { state: 'saved', endedAt: 1, itemId: take?.itemId ?? null }) })
    const room = await openRecorder(ctx, { library: library.face })
    await room.recover()
    expect(library.items.size).toBe(1)
    expect(await readdir(ctx.folders.takes)).not.toContain(`${first}.wav`)
  })

  it('leaves a discarded take alone', async () => {
    const id = ctx.newId()
    await put(id, { wav: wav(500), json: sidecar(id, { state: 'discarded', endedAt: Date.now() }) })
    await recoverAll(0)
    expect(library.items.size).toBe(0)
    expect(await readdir(ctx.folders.takes)).toContain(`${id}.wav`)
  })

  it('never throws, not even when the folder cannot be read', async () => {
    const room = await openRecorder({ ...ctx, folders: { ...ctx.folders, takes: join(ctx.folders.takes, 'missing') } }, { library: library.face })
    await expect(room.recover()).resolves.toBeUndefined()
    expect(ctx.inside.notices.list().map((notice) => notice.error.code)).toEqual(['take-damaged'])
  })

  it('repairs a 5 GB take as RF64 without touching its sound', async () => {
    const path = join(ctx.folders.takes, 'large.wav')
    await writeFile(path, wav(10, 2))
    const size = 5_000_000_001
    await truncate(path, size)
    const repair = await repairTake(path, 2)
    const frames = Math.floor((size - TAKE_HEADER_BYTES) / 6)
    expect(repair).toEqual({ kind: 'repaired', frames, channels: 2 })
    const { open } = await import('node:fs/promises')
    await using file = await open(path)
    const head = new Uint8Array(TAKE_HEADER_BYTES + 60)
    await file.read(head, 0, head.length, 0)
    expect(decodeTakeHeader(head)).toEqual({ channels: 2, claimedBytes: frames * 6 })
    expect(firstWrongFrame(head.subarray(TAKE_HEADER_BYTES), 2)).toBe(-1)
  })
})
