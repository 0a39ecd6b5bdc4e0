import { describe, expect, it } from 'vitest'
import type { LogDay, LogLine } from '#contract/log.ts'
import { createShownDays } from '../../../main/station/log/day-changes.ts'
import { patched } from '../../../renderer/studio/features/log/day-patch.ts'
import { readEnd, relayFieldsOf } from '../../../renderer/studio/features/log/typed.ts'
import { logDay, logLine } from '../../support/log-day.ts'

const shownDays = () => {
  let count = 0
  return createShownDays(() => `view ${count++}`)
}
const dayOf = (lines: readonly LogLine[], rev = 1): Omit<LogDay, 'viewId'> => logDay({ lines: [...lines], rev })
const letters = (text: string) => [...text].map((id) => logLine(id))

describe('a day that is read again', () => {
  it('brings only the lines that became different, and the window ends with the whole day', () => {
    const shown = shownDays()
    const before = shown.show(dayOf(letters('ABC')))
    const now = dayOf([logLine('A'), logLine('B', { timing: { kind: 'notBefore', at: 5 } }), logLine('C')], 2)
    const answer = shown.since(before.viewId, now)
    expect([answer.day, answer.changes?.changed.map(({ id }) => id), answer.changes?.order]).toEqual([null, ['B'], null])
    const merged = patched(before, answer)
    expect(merged).toEqual({ ...now, viewId: 'view 1' })
    expect(merged.lines[0]).toBe(before.lines[0])
    expect(shown.since('view 1', dayOf([logLine('A')], 3)).changes?.order).toEqual(['A'])
  })

  it('tells the order when lines were added, moved or taken away', () => {
    const shown = shownDays()
    const before = shown.show(dayOf(letters('ABC')))
    const now = dayOf([...letters('C'), logLine('X'), ...letters('A')], 2)
    const answer = shown.since(before.viewId, now)
    expect([answer.changes?.changed.map(({ id }) => id), answer.changes?.order]).toEqual([['X'], ['C', 'X', 'A']])
    expect(patched(before, answer)).toEqual({ ...now, viewId: 'view 1' })
  })

  it('that is the same keeps its name, so that a quiet window never pushes another out', () => {
    const shown = shownDays()
    const before = shown.show(dayOf(letters('AB')))
    for (let turn = 0; turn < 20; turn++) expect(shown.since(before.viewId, dayOf(letters('AB'))).changes).toMatchObject({ viewId: before.viewId, changed: [], order: null })
    const locked = shown.since(before.viewId, { ...dayOf(letters('AB')), locks: [{ slotId: null, personId: null, name: 'Lan', since: 1, expiresAt: 2 }] })
    expect([locked.changes?.viewId, locked.changes?.changed, locked.changes?.locks.length]).toEqual(['view 1', [], 1])
  })

  it('is whole when the station no longer knows what the window has, or it is another day', () => {
    const shown = shownDays()
    const first = shown.show(dayOf(letters('A')))
    for (let turn = 0; turn < 8; turn++) shown.show(dayOf(letters('A')))
    const now = dayOf(letters('AB'))
    const answer = shown.since(first.viewId, now)
    expect([answer.day?.lines, answer.changes]).toEqual([now.lines, null])
    expect(patched(first, answer)).toBe(answer.day)
    const other = shown.since(answer.day?.viewId ?? '', { ...dayOf(letters('A')), broadcastDate: '2026-11-22' })
    expect(other.day?.broadcastDate).toBe('2026-11-22')
  })
})

describe('what is typed', () => {
  const zone = 'Asia/Ho_Chi_Minh'
  const eight = Date.UTC(2026, 10, 21, 1)

  it('an end of a slot is on its day, or on the next when the slot runs over midnight', () => {
    expect(readEnd('09:30:00', eight, '2026-11-21', zone)).toBe(eight + 90 * 60_000)
    expect(readEnd('00:00:00', eight, '2026-11-21', zone)).toBe(eight + 16 * 3_600_000)
    expect(readEnd('25:00', eight, '2026-11-21', zone)).toBeNull()
  })

  it('a relay source is a source of the station, an address of the web or a path, nothing else', () => {
    expect(relayFieldsOf({ kind: 'registered', text: '01ARZ3NDEKTSV4RRFFQ69G5AAA' })).toEqual({ relaySourceId: '01ARZ3NDEKTSV4RRFFQ69G5AAA', relaySources: [] })
    expect(relayFieldsOf({ kind: 'registered', text: '' })).toBeNull()
    expect(relayFieldsOf({ kind: 'stream', text: ' https://dai.vn/live.mp3 ' })).toEqual({ relaySourceId: null, relaySources: [{ kind: 'stream', url: 'https://dai.vn/live.mp3' }] })
    for (const text of ['', 'dai.vn', 'ftp://dai.vn/live', 'file:///etc/passwd']) expect(relayFieldsOf({ kind: 'stream', text })).toBeNull()
    expect(relayFieldsOf({ kind: 'fileByDate', text: 'tin/{yyyy}-{MM}-{dd}.mp3' })).toEqual({ relaySourceId: null, relaySources: [{ kind: 'fileByDate', path: 'tin/{yyyy}-{MM}-{dd}.mp3' }] })
  })
})
