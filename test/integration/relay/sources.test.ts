import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { AppError } from '#contract/errors.ts'
import { defaultRelayLimits } from '#contract/relay.ts'
import type { RelayFields } from '#contract/relay.ts'
import type { RelayRoom } from '../../../main/station/faces.ts'
import { openRelay } from '../../../main/station/relay/index.ts'
import { callRoom, openTestContext } from '../../support/context.ts'
import type { TestContext } from '../../support/context.ts'

const A = { kind: 'stream', url: 'https://dai.vn/a.mp3' } as const
const B = { kind: 'stream', url: 'https://dai.vn/b.mp3' } as const
const fields = (change: Partial<RelayFields> = {}): RelayFields => ({ ...defaultRelayLimits, title: 'Đài tỉnh', addresses: [A, B], ...change })

let ctx: TestContext
let room: RelayRoom
let changes: number

beforeEach(async () => {
  ctx = await openTestContext()
  room = openRelay(ctx, { air: { relayWith: () => undefined }, media: { liveDecoder: () => ({ kill: () => undefined }) } })
  changes = 0
  room.onChange(() => changes++)
})
afterEach(() => ctx[Symbol.asyncDispose]())

const codeOf = (run: Promise<unknown>): Promise<string> => run.then(() => 'done', (error: unknown) => (error instanceof AppError ? error.code : String(error)))
const only = async () => (await callRoom(room, 'relay.list', {})).sources[0]

describe('sources of relays', () => {
  it('are allowed on the air by nobody until somebody does, and the log is told each time', async () => {
    const { id } = await callRoom(room, 'relay.add', fields())
    expect(room.sources.get(id)).toMatchObject({ title: 'Đài tỉnh', approved: false })
    await callRoom(room, 'relay.approve', { id, rev: 1, approved: true })
    expect(room.sources.get(id)).toMatchObject({ approved: true, relay: { sourceId: id, holdOffMs: 3_000, addresses: [A, B] } })
    await callRoom(room, 'relay.approve', { id, rev: 2, approved: false })
    expect(room.sources.get(id)?.approved).toBe(false)
    expect(changes).toBe(3)
  })

  it('lose their approval with another address, and keep it with another limit', async () => {
    const { id } = await callRoom(room, 'relay.add', fields())
    await callRoom(room, 'relay.approve', { id, rev: 1, approved: true })
    await callRoom(room, 'relay.change', { id, rev: 2, fields: fields({ holdOffMs: 5_000 }) })
    expect(room.sources.get(id)).toMatchObject({ approved: true, relay: { holdOffMs: 5_000 } })
    await callRoom(room, 'relay.change', { id, rev: 3, fields: fields({ addresses: [B, A] }) })
    expect(room.sources.get(id)?.approved).toBe(false)
  })

  it('refuse what somebody else has changed meanwhile, what is gone, and a password in an address', async () => {
    const { id } = await callRoom(room, 'relay.add', fields())
    await callRoom(room, 'relay.change', { id, rev: 1, fields: fields({ title: 'Đài huyện' }) })
    expect(await codeOf(callRoom(room, 'relay.approve', { id, rev: 1, approved: true }))).toBe('stale')
    expect(await codeOf(callRoom(room, 'relay.add', fields({ addresses: [{ kind: 'stream', url: 'https://ai:matkhau@dai.vn/a.mp3' }] })))).toBe('invalid-input')
    await callRoom(room, 'relay.remove', { id, rev: 2 })
    expect(await codeOf(callRoom(room, 'relay.remove', { id, rev: 3 }))).toBe('not-found')
    expect(room.sources.get(id)).toBeNull()
  })

  it('answer for addresses a line has by itself, as long as they have all of them', async () => {
    const { id } = await callRoom(room, 'relay.add', fields())
    expect(room.sources.holding([B])).toMatchObject({ approved: false, relay: { sourceId: id, addresses: [B] } })
    expect(room.sources.holding([A, { kind: 'stream', url: 'https://dai.vn/c.mp3' }])).toBeNull()
    await callRoom(room, 'relay.approve', { id, rev: 1, approved: true })
    expect(room.sources.holding([B, A])).toMatchObject({ approved: true, relay: { addresses: [B, A] } })
  })

  it('are there after a start as they were', async () => {
    const { id } = await callRoom(room, 'relay.add', fields())
    await callRoom(room, 'relay.approve', { id, rev: 1, approved: true })
    const before = await only()
    const again = openRelay(ctx, { air: { relayWith: () => undefined }, media: { liveDecoder: () => ({ kill: () => undefined }) } })
    expect((await callRoom(again, 'relay.list', {})).sources).toEqual([before])
  })
})
