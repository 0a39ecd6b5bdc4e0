import { expect, test } from 'vitest'
import { edit, emptyEdl } from '#common/edl/index.ts'
import type { Edl, EditContext } from '#common/edl/index.ts'
import { anchorAt, placedOf, placeOf } from '#common/programme/index.ts'
import { samples } from '#common/units/samples.ts'

let count = 0
const context: EditContext = {
  newId: () => (++count).toString().padStart(26, '0'),
  item: (itemId) => ({ itemId, title: itemId, sha256: itemId.repeat(64).slice(0, 64), channels: 1, length: samples(100_000) }),
}
function after(edl: Edl, ...commands: Parameters<typeof edit>[1][]): Edl {
  return commands.reduce((state, command) => {
    const made = edit(state, command, context)
    if ('refused' in made) throw new Error(made.refused)
    return made.edl
  }, edl)
}
const start = after(emptyEdl, { op: 'addLane', name: 'Lời', role: 'voice' }, { op: 'addLane', name: 'Nhạc', role: 'bed' })
const [voice = '', bed = ''] = start.lanes.map(({ id }) => id)
const edl = after(start, { op: 'insertItem', itemId: 'a', laneId: voice, at: samples(0), mode: 'overwrite' }, { op: 'insertItem', itemId: 'b', laneId: bed, at: samples(0), mode: 'overwrite' })

test('a remark hangs on the words under it, not on the music', () => {
  expect(anchorAt(placedOf(edl), 40_000)).toEqual({ sha256: 'a'.repeat(64), offset: 40_000 })
})

test('after a cut before it, the remark stands where the same words are now', () => {
  const anchor = anchorAt(placedOf(edl), 40_000)
  const cut = after(edl, { op: 'deleteRange', range: { start: samples(10_000), end: samples(25_000) }, ripple: true, laneIds: [voice] })
  expect(anchor === null ? null : placeOf(placedOf(cut), anchor, 40_000)).toBe(25_000)
})

test('when its words are cut out, the remark has no place any more', () => {
  const anchor = anchorAt(placedOf(edl), 40_000)
  const cut = after(edl, { op: 'deleteRange', range: { start: samples(30_000), end: samples(50_000) }, ripple: true, laneIds: [voice] })
  expect(anchor === null ? 0 : placeOf(placedOf(cut), anchor, 40_000)).toBeNull()
})

test('words that stand twice keep the remark at the nearer place', () => {
  const twice = after(edl, { op: 'insertItem', itemId: 'a', laneId: voice, at: samples(100_000), mode: 'overwrite' })
  expect(placeOf(placedOf(twice), { sha256: 'a'.repeat(64), offset: 10 }, 90_000)).toBe(100_010)
  expect(placeOf(placedOf(twice), { sha256: 'a'.repeat(64), offset: 10 }, 20)).toBe(10)
})
