import { describe, expect, it } from 'vitest'
import { DateTime } from 'luxon'
import { samples } from '#common/units/samples.ts'
import { compileManifest } from '../../../main/station/devices/manifest/compile.ts'
import type { CompileInput } from '../../../main/station/devices/manifest/compile.ts'
import type { PlannedPlay } from '../../../main/station/faces.ts'
import type { StoredContent } from '../../../main/station/devices/listener/content.ts'

const zone = 'Asia/Ho_Chi_Minh'
const NOW = Date.parse('2026-11-21T04:00:00Z')
const at = (text: string): number => Date.parse(text)
const sha = (letter: string): string => letter.repeat(64)

function play(line: string, startAt: number, seconds: number, change: Partial<PlannedPlay> = {}): PlannedPlay {
  const length = samples(Math.round(seconds * 48_000))
  return {
    lineId: `01K00000000000000000000${line}`, broadcastDate: '2026-11-21', itemId: '01K0000000000000000000ITEM', title: `Mục ${line}`, sha256: sha(line.slice(-1).toLowerCase()),
    pcm: { path: '/x.wav', format: 'int16', channels: 1, dataOffsetBytes: 44, length }, gainDb: 0, startAt, playSamples: length, chainStart: true, cut: false, targetUnitIds: [], ...change,
  }
}
const content = (sha256: string): StoredContent => ({ sha256, bytes: 1000, mime: 'audio/ogg', title: 'A', pinned: false, durMs: 60_000, chunks: [sha('0')] })
function input(plays: PlannedPlay[], change: Partial<CompileInput> = {}): CompileInput {
  return {
    plays, now: NOW, localTime: (instant) => DateTime.fromMillis(instant, { zone }).toFormat("yyyy-LL-dd'T'HH:mm:ss"), instantText: (instant) => new Date(instant).toISOString(), groupsOf: (ids) => ids.map((id) => `g-${id}`),
    contentOf: (entry) => content(entry.sha256), itemOf: (entry, keep, until) => ({ sha256: entry.sha256, bytes: entry.bytes, mime: entry.mime, keep, ...(until === undefined ? {} : { until }) }),
    emergency: { set: {}, content: [] }, before: [], slotStart: (slot) => DateTime.fromISO(slot.start, { zone }).toMillis(), ...change,
  }
}

describe('the schedule of the devices', () => {
  it('makes one slot of a chain, in local wall time, with gains and the end of a cut line', () => {
    const start = at('2026-11-21T05:00:00Z')
    const first = play('001', start, 90.5, { gainDb: -2.345 })
    const second = play('002', start + 90_500, 60, { chainStart: false, playSamples: samples(29.5 * 48_000), cut: true })
    const { sched, items, missing } = compileManifest(input([first, second, play('003', start + 120_000, 10)]))
    expect(missing).toEqual([])
    expect(sched).toEqual([
      {
        slot: '01K00000000000000000000001', title: 'Mục 001 · Mục 002', kind: 'audio', start: '2026-11-21T12:00:00', durSec: 120, prio: 3, volume: { mode: 'device' }, lateMaxSec: 120, hardEnd: true, after: 'join', sync: 'wan',
        play: [{ item: sha('1'), gainDb: -2.35 }, { item: sha('2'), toMs: 29_500 }],
      },
      { slot: '01K00000000000000000000003', title: 'Mục 003', kind: 'audio', start: '2026-11-21T12:02:00', durSec: 10, prio: 3, volume: { mode: 'device' }, lateMaxSec: 10, hardEnd: false, after: 'join', sync: 'wan', play: [{ item: sha('3') }] },
    ])
    expect(items.map((item) => [item.sha256[0], item.keep])).toEqual([['1', 'until'], ['2', 'until'], ['3', 'until']])
  })

  it('separates lines for other units, also inside a chain', () => {
    const start = at('2026-11-21T05:00:00Z')
    const { sched } = compileManifest(input([play('001', start, 60, { targetUnitIds: ['a'] }), play('002', start + 60_000, 60, { chainStart: false, targetUnitIds: ['a', 'b'] })]))
    expect(sched.map((slot) => [slot.start, slot.groups])).toEqual([['2026-11-21T12:00:00', ['g-a']], ['2026-11-21T12:01:00', ['g-a', 'g-b']]])
  })

  it('leaves out what is over and names what is not encoded yet', () => {
    const { sched, missing } = compileManifest(input([play('001', NOW - 120_000, 60), play('002', NOW - 30_000, 60), play('003', NOW + 60_000, 60)], { contentOf: (entry) => (entry.lineId.endsWith('003') ? null : content(entry.sha256)) }))
    expect(sched.map((slot) => slot.slot.slice(-3))).toEqual(['002'])
    expect(missing.map((entry) => entry.lineId.slice(-3))).toEqual(['003'])
  })

  it('keeps a slot that is sounding when the plan has moved past it, and ends it where the next one starts', () => {
    const before = compileManifest(input([play('001', NOW - 30_000, 120, { targetUnitIds: ['a'] })])).sched
    const after = compileManifest(input([play('002', NOW + 20_000, 60)], { before })).sched
    expect(after.map((slot) => [slot.slot.slice(-3), slot.durSec, slot.hardEnd])).toEqual([['001', 50, true], ['002', 60, false]])
    expect(compileManifest(input([], { before })).sched.map((slot) => slot.durSec)).toEqual([120])
  })
})
