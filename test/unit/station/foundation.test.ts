import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { AppError } from '#contract/errors.ts'
import type { Job } from '#contract/station.ts'
import { systemClock } from '../../../main/station/foundation/clock.ts'
import { createEvents, KEPT_EVENTS } from '../../../main/station/foundation/events.ts'
import { createScope } from '../../../main/station/foundation/scope.ts'
import { manualClock, memoryLogger, openTestContext } from '../../support/context.ts'
import { deferred } from '../../support/waiting.ts'

const id = '01ARZ3NDEKTSV4RRFFQ69G5FAV'

describe('scope', () => {
  it('runs ends in reverse order, waits for each, and goes on after one that fails', async () => {
    const order: string[] = []
    const errors: unknown[] = []
    const scope = createScope('s', (_, error) => errors.push(error))
    scope.add(() => void order.push('first'))
    scope.add(() => {
      throw new Error('bad end')
    })
    scope.child('c').add(async () => {
      await delay(5)
      order.push('child')
    })
    scope.add(() => void order.push('last'))
    await Promise.all([scope.dispose(), scope.dispose()])
    expect(order).toEqual(['last', 'child', 'first'])
    expect(errors).toHaveLength(1)
    expect(scope.disposed).toBe(true)
  })

  it('ends at once what is added after disposal, and starts no timer', async () => {
    const scope = createScope('s', () => undefined)
    await scope.dispose()
    let ended = 0
    scope.add(() => void ended++)
    scope.every(1, () => void (ended += 100))
    scope.after(1, () => void (ended += 100))
    await delay(10)
    expect(ended).toBe(1)
  })

  it('a child that was closed by its owner is not closed again by the parent', async () => {
    let ended = 0
    const scope = createScope('s', () => undefined)
    const child = scope.child('c')
    child.add(() => void ended++)
    await child.dispose()
    await scope.dispose()
    expect(ended).toBe(1)
  })

  it('a timer that throws is reported and keeps running', async () => {
    let runs = 0
    const twice = deferred()
    const scope = createScope('s', () => {
      if (++runs === 2) twice.resolve()
    })
    scope.every(2, () => {
      throw new Error('tick')
    })
    await twice.promise
    await scope.dispose()
    expect(runs).toBeGreaterThanOrEqual(2)
  })
})

describe('clock', () => {
  it('never leaves the whole millisecond of the wall clock and does not run backwards', () => {
    const clock = systemClock()
    let previous = 0
    for (let n = 0; n < 20_000; n++) {
      const before = Date.now()
      const now = clock.now()
      const after = Date.now()
      expect(now).toBeGreaterThanOrEqual(before)
      expect(now).toBeLessThan(after + 1)
      expect(now).toBeGreaterThanOrEqual(previous)
      previous = now
    }
  })
})

describe('events', () => {
  const change = { personId: id }

  it('are numbered from 1 and can be had again after a number', () => {
    const events = createEvents({ logger: memoryLogger(), strict: true })
    for (let n = 0; n < 3; n++) events.emit('accounts.changed', change)
    expect(events.since(1)?.map(event => event.seq)).toEqual([2, 3])
    expect(events.since(3)).toEqual([])
  })

  it('do not pretend to know what is no longer kept or was never sent', () => {
    const events = createEvents({ logger: memoryLogger(), strict: true })
    for (let n = 0; n < KEPT_EVENTS + 10; n++) events.emit('accounts.changed', change)
    expect(events.since(9)).toBeNull()
    expect(events.since(10)).toHaveLength(KEPT_EVENTS)
    expect(events.since(KEPT_EVENTS + 11)).toBeNull()
  })

  it('that break the contract are logged and dropped, and the number is not used up', () => {
    const logger = memoryLogger()
    const events = createEvents({ logger })
    events.emit('accounts.changed', { personId: 'not an id' })
    expect(events.lastSeq()).toBe(0)
    expect(logger.lines.some(line => line.level === 'error')).toBe(true)
  })

  it('reach every listener although one of them throws, and none after unsubscribing', () => {
    const events = createEvents({ logger: memoryLogger() })
    let heard = 0
    events.on('accounts.changed', () => {
      throw new Error('listener')
    })
    const stop = events.on('accounts.changed', () => void heard++)
    events.emit('accounts.changed', change)
    stop()
    events.emit('accounts.changed', change)
    expect(heard).toBe(1)
  })
})

describe('jobs', () => {
  it('run two at a time, in the order they were asked for', async () => {
    await using ctx = await openTestContext()
    let running = 0
    let most = 0
    const order: number[] = []
    const all = [0, 1, 2, 3, 4].map(n => ctx.jobs.start('import', `file ${n}`, async () => {
      order.push(n)
      most = Math.max(most, ++running)
      await delay(3)
      running--
    }).finished)
    expect((await Promise.all(all)).map(job => job.state)).toEqual(['done', 'done', 'done', 'done', 'done'])
    expect(most).toBe(2)
    expect(order).toEqual([0, 1, 2, 3, 4])
  })

  it('end exactly once, whatever happens on the way', async () => {
    await using ctx = await openTestContext()
    const ends = new Map<string, string[]>()
    ctx.events.on('jobs.changed', job => {
      if (job.endedAt !== null) ends.set(job.id, [...(ends.get(job.id) ?? []), job.state])
    })
    const stopped = ctx.jobs.start('render', 'a', job => new Promise((_, reject) => job.signal.addEventListener('abort', () => reject(new Error('stopped')))))
    const failed = ctx.jobs.start('render', 'b', () => Promise.reject(new AppError('disk-full', { data: { needBytes: 5 } })))
    const queued = ctx.jobs.start('render', 'c', () => Promise.resolve())
    ctx.inside.jobs.cancel(queued.jobId)
    await failed.finished
    ctx.inside.jobs.cancel(stopped.jobId)
    ctx.inside.jobs.cancel(stopped.jobId)
    const results: Job[] = await Promise.all([stopped.finished, failed.finished, queued.finished])
    expect(results.map(job => job.state)).toEqual(['cancelled', 'failed', 'cancelled'])
    expect(results[1]?.error).toEqual({ code: 'disk-full', data: { needBytes: 5 } })
    for (const job of results) expect(ends.get(job.id)).toEqual([job.state])
    ctx.inside.jobs.cancel(queued.jobId)
    expect(ends.get(queued.jobId)).toEqual(['cancelled'])
  })

  it('never show a cancelled job that finished its work as cancelled', async () => {
    await using ctx = await openTestContext()
    const gate = deferred()
    const job = ctx.jobs.start('render', 'a', async () => {
      await gate.promise
      return { itemId: id }
    })
    await delay(1)
    ctx.inside.jobs.cancel(job.jobId)
    gate.resolve()
    expect(await job.finished).toMatchObject({ state: 'done', result: { itemId: id } })
  })

  it('throttle progress but show the end', async () => {
    await using ctx = await openTestContext()
    const seen: (number | null)[] = []
    ctx.events.on('jobs.changed', job => void seen.push(job.progress))
    await ctx.jobs.start('import', 'a', job => {
      for (let n = 0; n <= 1000; n++) job.progress(n / 1000)
      job.progress(Number.NaN)
      return Promise.resolve()
    }).finished
    expect(seen.length).toBeLessThan(6)
    expect(seen.at(-1)).toBe(1)
  })

  it('are cancelled and waited for when the station closes', async () => {
    const ctx = await openTestContext()
    const job = ctx.jobs.start('import', 'a', job => new Promise((_, reject) => job.signal.addEventListener('abort', () => setTimeout(() => reject(new Error('late')), 10))))
    await delay(1)
    await ctx.dispose()
    expect((await job.finished).state).toBe('cancelled')
  })
})

describe('notices', () => {
  it('speak once per code and subject, and again an hour after they were dismissed', async () => {
    const clock = manualClock()
    await using ctx = await openTestContext({ clock })
    const notices = ctx.inside.notices
    for (let n = 0; n < 3; n++) ctx.notices.raise('warning', 'file-missing', 'a.wav')
    ctx.notices.raise('warning', 'file-missing', 'b.wav')
    expect(notices.list()).toHaveLength(2)
    const first = notices.list()[1]
    expect(first?.error).toEqual({ code: 'file-missing', data: { subject: 'a.wav' } })
    notices.dismiss(first?.id ?? '')
    ctx.notices.raise('warning', 'file-missing', 'a.wav')
    expect(notices.list()).toHaveLength(1)
    clock.advance(3_600_001)
    ctx.notices.raise('warning', 'file-missing', 'a.wav')
    expect(notices.list()).toHaveLength(2)
  })
})
