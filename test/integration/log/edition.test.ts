import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { RelayEdition } from '../../../main/station/faces.ts'
import { callRoom } from '../../support/context.ts'
import { DATE, FRAMES, HOUR, START, hard, openLogDesk } from '../../support/log-desk.ts'
import type { LogDesk } from '../../support/log-desk.ts'

const SCHEDULE = '01ARZ3NDEKTSV4RRFFQ69G5AAA'
let desk: LogDesk
beforeEach(async () => { desk = await openLogDesk() })
afterEach(() => desk[Symbol.asyncDispose]())

describe('a relay line that names a scheduled recording', () => {
  it('plays the approved recording from where its programme begins, and nothing while there is none', async () => {
    const item = desk.library.put('Bản ghi', 12 * FRAMES, { state: 'submitted' })
    let edition: RelayEdition | null = null
    desk.log.useRelaySources({ get: () => null, holding: () => null, editionOf: (id) => (id === SCHEDULE ? edition : undefined), editionItems: () => (edition === null ? [] : [edition.itemId]) })
    await callRoom(desk.log, 'log.addLines', { broadcastDate: DATE, afterLineId: null, lines: [{ kind: 'relay', title: 'Thời sự', relaySourceId: SCHEDULE, timing: hard(START + HOUR), plannedSamples: 10 * FRAMES }] })
    expect((await desk.day()).lines[0]).toMatchObject({ lineState: 'noTake', reason: { code: 'noEdition' } })
    edition = { itemId: item.id, title: 'Thời sự', cueIn: FRAMES, cueOut: 11 * FRAMES, isEarlier: false, ofDate: DATE }
    desk.log.judgeAgain()
    // Recorded, and let by nobody yet: the one gate is the same for it.
    await expect.poll(async () => (await desk.day()).lines[0]?.lineState).toBe('notApproved')
    expect(desk.plan().lines[0]?.sound).toBeNull()
    desk.library.setState(item.id, 'approved')
    desk.log.judgeAgain()
    await expect.poll(() => desk.plan().lines[0]?.sound?.itemId).toBe(item.id)
    expect(desk.plan().lines[0]).toMatchObject({ line: { kind: 'relay', endless: false, priority: 4, markers: { cueIn: FRAMES, cueOut: 11 * FRAMES } }, sound: { title: 'Thời sự' } })
    expect((await desk.day()).lines[0]).toMatchObject({ predictedAt: START + HOUR, predictedEndAt: START + HOUR + 10_000 })
  })
})
