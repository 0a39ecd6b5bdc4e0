import { describe, expect, it } from 'vitest'
import type { LogDay, LogLine } from '#contract/log.ts'
import { createShownDays } from '../../../main/station/log/day-changes.ts'
import { patched } from '../../../renderer/studio/features/log/day-patch.ts'
import { readEnd, relaySourceOf } from '../../../renderer/studio/features/log/typed.ts'
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
    const now = shown.show(dayOf([logLine('A'), logLine('B', { timing: { kind: 'notBefore', at: 5 } }), logLine('C')], 2))
    const answer = shown.since(before.viewId, now)
    expect([answer.day, answer.changes?.changed.map(({ id }) => id), answer.changes?.order]).toEqual([null, ['B'], null])
    const merged = patched(before, answer)
    expect(merged).toEqual(now)
    expect(merged.lines[0]).toBe(before.lines[0])
  })

  it('tells the order when lines were added, moved or taken away', () => {
    const shown = shownDays()
    const before = shown.show(dayOf(letters('ABC')))
    const now = shown.show(dayOf([...letters('C'), logLine('X'), ...letters('A')], 2))
    const answer = shown.since(before.viewId, now)
    expect([answer.changes?.changed.map(({ id }) => id), answer.changes?.order]).toEqual([['X'], ['C', 'X', 'A']])
    expect(patched(before, answer)).toEqual(now)
  })

  it('is whole when the station no longer knows what the window has, or it is another day', () => {
    const shown = shownDays()
    const first = shown.show(dayOf(letters('A')))
    for (let turn = 0; turn < 8; turn++) shown.show(dayOf(letters('A')))
    const now = shown.show(dayOf(letters('AB')))
    expect(shown.since(first.viewId, now).day).toBe(now)
    const other = shown.show({ ...dayOf(letters('A')), broadcastDate: '2026-11-22' })
    expect(shown.since(now.viewId, other).day).toBe(other)
    expect(patched(first, shown.since(first.viewId, now))).toBe(now)
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

  it('a relay source is an address of the web or a path, nothing else', () => {
    expect(relaySourceOf({ kind: 'stream', text: ' https://dai.vn/live.mp3 ' })).toEqual({ kind: 'stream', url: 'https://dai.vn/live.mp3' })
    for (const text of ['', 'dai.vn', 'ftp://dai.vn/live', 'file:///etc/passwd']) expect(relaySourceOf({ kind: 'stream', text })).toBeNull()
    expect(relaySourceOf({ kind: 'fileByDate', text: 'tin/{yyyy}-{MM}-{dd}.mp3' })).toEqual({ kind: 'fileByDate', path: 'tin/{yyyy}-{MM}-{dd}.mp3' })
  })
})
