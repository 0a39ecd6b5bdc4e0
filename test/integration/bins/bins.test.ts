import { describe, expect, test } from 'vitest'
import type { z } from 'zod'
import type { KeptPiece } from '#contract/bins.ts'
import { AppError } from '#contract/errors.ts'
import { openBins } from '../../../main/station/bins/index.ts'
import { callerWith, callRoom, openTestContext } from '../../support/context.ts'

const id = (n: number): string => `01ARZ3NDEKTSV4RRFFQ69G5F${String(n).padStart(2, '0')}`
const piece = (offset = 500): z.input<typeof KeptPiece> => ({
  length: 1_000,
  lanes: [{ offset: 0, clips: [{ id: id(1), sourceId: id(2), start: 0, offset, length: 1_000, gainDb: -3, fadeIn: { length: 10, shape: 'linear' }, fadeOut: { length: 0, shape: 'log' }, envelope: [{ at: 5, gainDb: -6 }], loudness: null, alternatives: [], original: null }] }],
  sources: [{ id: id(2), itemId: id(3), title: 'Nhạc cắt', sha256: 'a'.repeat(64), channels: 2, length: 2_000 }],
})
const codeOf = (work: Promise<unknown>): Promise<string> => work.then(() => 'fine', (error: unknown) => (error instanceof AppError ? error.code : String(error)))

describe('the clip bins', () => {
  test('keep a piece as it was, tell every window, and have it again after a restart', async () => {
    await using ctx = await openTestContext()
    const told: string[] = []
    ctx.events.on('bins.changed', (change) => told.push(change.id))
    const room = openBins(ctx)
    const first = await callRoom(room, 'bins.keep', { title: 'Nhạc hiệu', piece: piece() })
    const second = await callRoom(room, 'bins.keep', { title: 'Lời chào', piece: piece(0) })
    await callRoom(room, 'bins.rename', { id: second.id, title: 'Lời chào sáng' })
    expect(told).toEqual([first.id, second.id, second.id])
    const { bins } = await callRoom(openBins(ctx), 'bins.list', {})
    expect(bins.map((bin) => bin.title)).toEqual(['Lời chào sáng', 'Nhạc hiệu'])
    expect(bins[1]).toMatchObject({ id: first.id, keptBy: 'Người thử', piece: piece() })
    await callRoom(room, 'bins.remove', { id: first.id })
    expect((await callRoom(room, 'bins.list', {})).bins).toHaveLength(1)
    expect(await codeOf(callRoom(room, 'bins.remove', { id: first.id }))).toBe('not-found')
  })

  test('refuse a piece that reaches outside its sound, and people who only listen', async () => {
    await using ctx = await openTestContext()
    const room = openBins(ctx)
    expect(await codeOf(callRoom(room, 'bins.keep', { title: 'Quá dài', piece: piece(1_001) }))).toBe('invalid-input')
    expect(await codeOf(callRoom(room, 'bins.keep', { title: 'Không nguồn', piece: { ...piece(), sources: piece().sources.map((source) => ({ ...source, id: id(9) })) } }))).toBe('invalid-input')
    expect(await codeOf(callRoom(room, 'bins.keep', { title: 'x', piece: piece() }, callerWith('viewer')))).toBe('forbidden')
    expect((await callRoom(room, 'bins.list', {})).bins).toEqual([])
  })

  test('put a damaged row aside and show the others', async () => {
    await using ctx = await openTestContext()
    const room = openBins(ctx)
    await callRoom(room, 'bins.keep', { title: 'Còn tốt', piece: piece() })
    ctx.db.prepare("INSERT INTO clip_bins VALUES ('bad', 'Hỏng', '{', 1, 'ai đó')").run()
    expect((await callRoom(room, 'bins.list', {})).bins.map((bin) => bin.title)).toEqual(['Còn tốt'])
    expect(ctx.db.prepare("SELECT count(*) AS n FROM rows_put_aside WHERE table_name = 'clip_bins'").get()).toEqual({ n: 1 })
  })
})
