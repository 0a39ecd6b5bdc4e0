import { describe, expect, it } from 'vitest'
import { Desk } from './desk.ts'
import { play } from './plays.ts'

const S = 48_000
const rows = (desk: Desk) => desk.onsets.map(({ row }) => [row.title, row.playSource, row.editCode, row.onAir])

describe('a line whose file cannot be opened', () => {
  it('plays its first backup at its second, as long as that is, and what follows comes behind it', () => {
    const desk = new Desk()
    desk.broken.set('1', 0)
    desk.setPlan([play(1, S, 4 * S, { backups: [{ level: 5, length: 2 * S }, { level: 6, length: S }] }), play(2, 5 * S, S, { chainStart: false })])
    desk.run(5 * S)
    expect(desk.left.findIndex((value) => value !== 0)).toBe(S)
    expect([desk.left[S], desk.left[3 * S - 1], desk.left[3 * S], desk.left[4 * S - 1], desk.left[4 * S]]).toEqual([5, 5, 2, 2, 0])
    expect(rows(desk)).toEqual([['5', 'backup', 'replacedByBackup', true], ['2', 'log', 'none', true]])
    expect(desk.onsets[0]?.row).toMatchObject({ lineId: 'line1', itemId: 'item5' })
    expect(desk.endings[0]).toMatchObject({ stopReason: 'natural', editCode: 'replacedByBackup' })
  })

  it('goes through its backups in order', () => {
    const desk = new Desk()
    desk.broken.set('1', 0)
    desk.broken.set('5', 0)
    desk.setPlan([play(1, S, 4 * S, { backups: [{ level: 5, length: 2 * S }, { level: 6, length: S }] })])
    desk.run(3 * S)
    expect(rows(desk)).toEqual([['6', 'backup', 'replacedByBackup', true]])
    expect([desk.left[S], desk.left[2 * S]]).toEqual([6, 0])
  })

  it('without one that opens has its turn without a sound, as before', () => {
    const desk = new Desk()
    for (const path of ['1', '5']) desk.broken.set(path, 0)
    desk.setPlan([play(1, S, 4 * S, { backups: [{ level: 5, length: 2 * S }] }), play(2, 5 * S, S, { chainStart: false })])
    desk.run(6 * S)
    expect(desk.endings[0]?.stopReason).toBe('decodeError')
    expect(rows(desk).map(([, , editCode, onAir]) => [editCode, onAir])).toEqual([['skippedInvalid', false], ['none', true]])
  })
})
