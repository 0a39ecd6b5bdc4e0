import { describe, expect, it } from 'vitest'
import { frameFormats, frameKinds } from '#contract/frames.ts'
import type { PcmFrame } from '#contract/frames.ts'
import { AppError } from '#contract/errors.ts'
import { createBudget } from '../../../main/station/api/budget.ts'
import { createCaptures } from '../../../main/station/api/captures.ts'
import type { Feeder } from '../../../main/station/api/captures.ts'
import { createDispatch } from '../../../main/station/api/dispatch.ts'
import { createStreams } from '../../../main/station/api/streams.ts'
import type { Handlers } from '../../../main/station/context.ts'
import { callerWith, memoryLogger } from '../../support/context.ts'

const frame = (session: number, seq = 0): PcmFrame => ({ kind: frameKinds.capture, format: frameFormats.int16, channels: 1, session, seq, frames: 1, firstFrame: seq, payload: new Uint8Array(2) })
const everybody = callerWith()

function dispatchOf(handlers: Handlers, logger = memoryLogger()) {
  return createDispatch([{ handlers }], { logger, missing: 'database-corrupt' })
}

describe('the table of calls', () => {
  it('does not start with a missing, a double or an unknown handler', () => {
    const options = { logger: memoryLogger(), missing: 'fail' as const }
    expect(() => createDispatch([], options)).toThrow(/no handler for .*station\.status/)
    const jobs: Handlers = { 'jobs.list': () => ({ jobs: [] }) }
    expect(() => createDispatch([{ handlers: jobs }, { handlers: jobs }], options)).toThrow('two handlers for jobs.list')
    const strange = { handlers: Object.fromEntries([['jobs.explode', () => ({})]]) }
    expect(() => createDispatch([strange], options)).toThrow('not in the contract: jobs.explode')
  })

  it('gives handlers parsed input only and drops what the contract does not know', async () => {
    const seen: unknown[] = []
    const dispatch = dispatchOf({ 'jobs.cancel': input => {
      seen.push(input)
      return { ok: true }
    } })
    await dispatch('jobs.cancel', { jobId: '01ARZ3NDEKTSV4RRFFQ69G5FAV', admin: true }, everybody)
    await expect(dispatch('jobs.cancel', { jobId: 7 }, everybody)).rejects.toMatchObject({ code: 'invalid-input', data: { field: 'jobId' } })
    await expect(dispatch('jobs.cancel', null, everybody)).rejects.toMatchObject({ code: 'invalid-input' })
    expect(seen).toEqual([{ jobId: '01ARZ3NDEKTSV4RRFFQ69G5FAV' }])
  })

  it('never lets an unexpected error or a wrong answer out of the house', async () => {
    const logger = memoryLogger()
    const dispatch = dispatchOf({
      'jobs.list': () => {
        throw new Error('/home/secret/path does not exist')
      },
      'settings.get': () => Promise.reject(Object.assign(new Error('no space'), { code: 'SQLITE_FULL' })),
      'accounts.list': () => ({ people: [{ id: 'x', userName: 'x', fullName: 'x', roles: [], active: true, hasPin: false, rev: 0 }] }),
      'audit.verify': () => Promise.reject(new AppError('busy', { data: { why: 'said on purpose' } })),
    }, logger)
    const secret = await dispatch('jobs.list', {}, everybody).catch((error: unknown) => error)
    expect(secret).toMatchObject({ code: 'internal', data: {} })
    await expect(dispatch('accounts.list', {}, everybody)).rejects.toMatchObject({ code: 'internal' })
    await expect(dispatch('settings.get', {}, everybody)).rejects.toMatchObject({ code: 'disk-full' })
    await expect(dispatch('audit.verify', {}, everybody)).rejects.toMatchObject({ code: 'busy', data: { why: 'said on purpose' } })
    expect(logger.lines.filter(line => line.level === 'error').map(line => line.data?.['procedure'])).toEqual(['jobs.list', 'accounts.list'])
  })
})

describe('captures', () => {
  it('hand frames to their sink and acks to whoever fed them last', () => {
    const desk = createCaptures({ logger: memoryLogger() })
    const received: number[] = []
    const lost: string[] = []
    const acknowledge: ((seq: number, frames: number) => void)[] = []
    const handle = desk.open({
      receive(one, ack) {
        received.push(one.seq)
        acknowledge.push(ack)
      },
      linkLost: () => void lost.push('lost'),
    })
    const acks: string[] = []
    const feeder = (connectionId: string): Feeder => ({ connectionId, acknowledge: (h, seq, frames) => void acks.push(`${connectionId} ${h} ${seq} ${frames}`) })
    expect(handle).toBeGreaterThan(0)
    expect(desk.feed(frame(handle + 1), feeder('a'))).toBe(false)
    desk.feed(frame(handle, 0), feeder('a'))
    desk.feed(frame(handle, 1), feeder('b'))
    // The first connection is noticed dead only after the window came back on a new one.
    desk.connectionGone('a')
    expect(lost).toEqual([])
    acknowledge[1]?.(1, 2)
    expect(acks).toEqual([`b ${handle} 1 2`])
    desk.connectionGone('b')
    expect(lost).toEqual(['lost'])
    desk.close(handle)
    expect(desk.feed(frame(handle, 2), feeder('b'))).toBe(false)
    expect(received).toEqual([0, 1])
  })

  it('survive a sink that throws', () => {
    const logger = memoryLogger()
    const desk = createCaptures({ logger })
    const handle = desk.open({
      receive() {
        throw new Error('disk')
      },
      linkLost() {
        throw new Error('again')
      },
    })
    desk.feed(frame(handle), { connectionId: 'a', acknowledge: () => undefined })
    desk.connectionGone('a')
    expect(logger.lines.filter(line => line.level === 'error')).toHaveLength(2)
  })
})

describe('streams', () => {
  it('reach only those who asked for them', () => {
    const streams = createStreams()
    const got: string[] = []
    const stop = streams.add({ wants: stream => stream === 'meters', write: (stream, bytes) => void got.push(`${stream} ${bytes[1]}`) })
    const meters = { format: frameFormats.meters, channels: 1, session: 1, seq: 0, frames: 0, firstFrame: 0, payload: new Uint8Array(12) }
    streams.send('monitor', meters)
    streams.send('meters', meters)
    stop()
    streams.send('meters', meters)
    expect(got).toEqual([`meters ${frameKinds.meters}`])
  })
})

describe('a budget', () => {
  it('allows a burst, then the rate', () => {
    let now = 0
    const budget = createBudget(10, 3, () => now)
    expect([1, 2, 3, 4].map(() => budget.take())).toEqual([true, true, true, false])
    now = 100
    expect([1, 2].map(() => budget.take())).toEqual([true, false])
  })
})
