import { describe, expect, test } from 'vitest'
import type { AlertLetter, LiveLetter, ManifestLetter, ScreenLetter } from '#common/letters/index.ts'
import { pictureOf, viewAt, wordsOf, type Knowledge } from '#common/screen/view.ts'

const NOW = Date.parse('2026-11-21T01:00:00Z')
const sha = (letter: string): string => letter.repeat(64)
const envelope = { v: 1, id: '01K00000000000000000000001', org: 'a', iss: 'studio/a', aud: ['g/all'], iat: NOW / 1000 - 10, exp: NOW / 1000 + 600, ep: 1, rev: 1, prio: 4 }
const manifest: ManifestLetter = {
  ...envelope, typ: 'manifest', ver: 3, tz: 'Asia/Ho_Chi_Minh', offMin: 420, validFrom: '2026-11-20T00:00:00Z', validTo: '2026-11-30T00:00:00Z',
  items: [{ sha256: sha('a'), bytes: 1, mime: 'audio/ogg', durMs: 60_000, name: 'Bản tin sáng', keep: 'until' }, { sha256: sha('b'), bytes: 1, mime: 'audio/ogg', durMs: 60_000, name: 'Câu chuyện làng', keep: 'until' }],
  sched: [
    { slot: '01K00000000000000000000002', title: 'Bản tin sáng · Câu chuyện làng', start: '2026-11-21T08:00:00', durSec: 120, prio: 3, play: [{ item: sha('a') }, { item: sha('b') }] },
    { slot: '01K00000000000000000000003', title: 'Ca nhạc', start: '2026-11-21T09:00:00', durSec: 600, prio: 2, play: [{ item: sha('a') }] },
    { slot: '01K00000000000000000000004', title: 'Của xã khác', groups: ['xa-b'], start: '2026-11-21T08:00:00', durSec: 120, prio: 5, play: [{ item: sha('a') }] },
  ],
}
const notice = (change: Partial<ScreenLetter> = {}): { letter: ScreenLetter; shownFrom: number } => ({
  letter: { ...envelope, typ: 'screen', sid: '01K00000000000000000000005', state: 'start', layer: 'full', panel: { template: 'notice', title: [{ lang: 'vi-VN', text: 'Họp thôn' }], items: [{ item: sha('c') }] }, ...change }, shownFrom: NOW - 5000,
})
const alert = (change: Partial<AlertLetter> = {}): AlertLetter => ({
  ...envelope, typ: 'alert', aid: '01K00000000000000000000006', state: 'start', prio: 9, hazard: 'xa-lu', risk: 4, cap: { identifier: 'x', sender: 'x', sent: '2026-11-21T00:59:00Z', status: 'Actual', msgType: 'Alert', scope: 'Public', headline: 'Xả lũ' }, ...change,
})
const known = (change: Partial<Knowledge> = {}): Knowledge => ({ dev: 'SCR-00A7K2', stationName: 'Đài xã', config: { mode: 'active', groups: ['xa-a'] }, manifest, alerts: [], notices: [], lives: [], ...change })
const all = (): boolean => true

describe('what stands on a public screen', () => {
  test('the item that sounds now, by name, and what comes next', () => {
    expect(viewAt(known(), NOW + 30_000, all)).toMatchObject({ layer: 'schedule', base: { kind: 'playing', now: { title: 'Bản tin sáng' }, next: { title: 'Ca nhạc' } } })
    expect(viewAt(known(), NOW + 90_000, all)).toMatchObject({ base: { now: { title: 'Câu chuyện làng' } } })
  })

  test('between programmes the card, never nothing', () => {
    expect(viewAt(known(), NOW + 300_000, all)).toMatchObject({ layer: 'default', base: { kind: 'card', next: { title: 'Ca nhạc' } }, band: null })
    expect(viewAt(known({ manifest: null }), NOW, () => false)).toMatchObject({ base: { kind: 'card', picture: null, next: null } })
  })

  test('a band lies over the programme, a full notice takes its place, an alert takes everything', () => {
    const band = notice({ sid: '01K00000000000000000000007', layer: 'overlay' })
    expect(viewAt(known({ notices: [band] }), NOW, all)).toMatchObject({ layer: 'overlay', base: { kind: 'playing' }, band: { words: { title: 'Họp thôn' } } })
    expect(viewAt(known({ notices: [band, notice()] }), NOW, all)).toMatchObject({ layer: 'full', base: { kind: 'notice' }, band: { ref: '01K00000000000000000000007' } })
    expect(viewAt(known({ notices: [band, notice()], alerts: [alert()] }), NOW, all)).toMatchObject({ layer: 'alert', base: { kind: 'alert', risk: 4, drill: false, words: { title: 'Xả lũ' } }, band: null })
  })

  test('a drill says so', () => {
    expect(viewAt(known({ alerts: [alert({ prio: 6, cap: { ...alert().cap, status: 'Exercise' } })] }), NOW, all)).toMatchObject({ base: { drill: true } })
  })

  test('a lease that is over shows nothing any more, also without the station', () => {
    const later = (envelope.exp + 2) * 1000
    expect(viewAt(known({ notices: [notice()], alerts: [alert()], manifest: null }), later, all).base.kind).toBe('card')
    expect(viewAt(known({ alerts: [alert({ cap: { ...alert().cap, expires: '2026-11-21T01:00:30Z' } })], manifest: null }), NOW + 31_000, all).base.kind).toBe('card')
    expect(viewAt(known({ notices: [notice({ durSec: 10 })], manifest: null }), NOW + 6000, all).base.kind).toBe('card')
  })

  test('a picture that is not here or was refused is left out, the words stay', () => {
    expect(viewAt(known({ notices: [notice()] }), NOW, () => false)).toMatchObject({ base: { kind: 'notice', picture: null, words: { title: 'Họp thôn' } } })
    const panel = { template: 'notice', items: [{ item: sha('c'), durSec: 5 }, { item: sha('d'), durSec: 5 }] }
    expect(pictureOf(panel, 6000, all)?.sha256).toBe(sha('d'))
    expect(pictureOf(panel, 6000, (one) => one === sha('c'))?.sha256).toBe(sha('c'))
  })

  test('a picture of the programme stands alone while it lasts, and gives way to the next one at its very instant', () => {
    const at = (ms: number): string => new Date(NOW + ms).toISOString()
    const first = notice({ sid: '01K00000000000000000000011', startAt: at(1000), durSec: 10, panel: { template: 'media', items: [{ item: sha('a') }] } })
    // Lengths are whole seconds: the first one overlaps the second by 400 ms.
    const second = notice({ sid: '01K00000000000000000000012', startAt: at(10_600), durSec: 5, panel: { template: 'media', items: [{ item: sha('b') }] } })
    const shown = (ms: number): string => {
      const { base } = viewAt(known({ notices: [notice(), second, first] }), NOW + ms, all)
      return base.kind === 'notice' ? base.ref.slice(-2) : base.kind
    }
    expect([0, 999, 1000, 10_599, 10_600, 15_599, 15_600].map(shown)).toEqual(['05', '05', '11', '11', '12', '12', '05'])
  })

  test('a live session is told by its title', () => {
    const live: LiveLetter = { ...envelope, typ: 'live', sid: '01K00000000000000000000008', state: 'start', prio: 5, title: 'Chủ tịch xã nói chuyện' }
    expect(viewAt(known({ lives: [live] }), NOW, all)).toMatchObject({ base: { kind: 'playing', now: { live: true, title: 'Chủ tịch xã nói chuyện' } } })
  })

  test('languages of the place take turns, others are not shown', () => {
    const panel = { template: 'notice', langSec: 10, title: [{ lang: 'vi-VN', text: 'Họp' }, { lang: 'bdq', text: 'Akŏm' }, { lang: 'en', text: 'Meeting' }] }
    const seen = new Set([0, 10_000, 20_000, 30_000].map((at) => wordsOf(panel, ['vi-VN', 'bdq'], at).title))
    expect([...seen].sort()).toEqual(['Akŏm', 'Họp'])
    expect(wordsOf(panel, ['jra'], 0).title).toBe('Họp')
  })
})
