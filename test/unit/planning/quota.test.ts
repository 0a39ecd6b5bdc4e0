import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { advise, airtimeOf, measure, origins, quotaFor, shippedQuota } from '#common/planning/index.ts'
import type { Advice, AirSpan, Offer, QuotaRule } from '#common/planning/index.ts'

const MINUTE = 60 * 48_000
const rule: QuotaRule = { ...shippedQuota, year: 2026 }
const span = (id: string, startMin: number, minutes: number, facts: Partial<AirSpan> = {}): AirSpan =>
  ({ id, title: id, start: startMin * MINUTE, end: (startMin + minutes) * MINUTE, essential: true, origin: 'tu-san-xuat', firstRun: false, counted: true, planned: true, ...facts })

/** Domain reference §11: 120 minutes of a day. */
const example: readonly AirSpan[] = [
  span('05:30 yesterday’s programme', 330, 30),
  span('06:00 VOV1', 360, 30, { origin: 'tiep-song-tw' }),
  span('17:00 new programme', 1020, 30, { firstRun: true }),
  span('17:30 province news', 1050, 15, { origin: 'tiep-song-tinh' }),
  span('17:45 foreign feature', 1065, 15, { origin: 'nuoc-ngoai', essential: false }),
]
/** Puts as much of a line as the advice says to the side of what it asks for. */
function follow(spans: readonly AirSpan[], advice: readonly Advice[]): AirSpan[] {
  let all = [...spans]
  for (const [index, step] of advice.entries()) {
    const fresh: Partial<AirSpan> = step.measure === 'firstRun' ? { origin: 'tu-san-xuat', firstRun: true } : step.measure === 'essential' ? { essential: true } : { origin: 'trong-nuoc-khac' }
    const old = all.find(({ id }) => id === step.span?.id)
    if (old === undefined) {
      const from = Math.max(0, ...all.map(({ end }) => end))
      all.push({ ...span(`more ${index}`, 0, 0, fresh), start: from, end: from + step.samples })
    } else {
      all = all.filter((other) => other !== old)
      all.push({ ...old, end: old.end - step.samples }, { ...old, id: `new ${index}`, start: old.end - step.samples, ...fresh })
    }
  }
  return all
}

describe('the worked example of the domain reference', () => {
  it('sums T, E, D, N, F in samples', () => {
    expect(airtimeOf(example, rule)).toEqual({ T: 120 * MINUTE, E: 105 * MINUTE, D: 105 * MINUTE, N: 30 * MINUTE, F: 15 * MINUTE })
  })
  it('essential 87.5 % and foreign 12.5 % pass, new self-produced 28.5 % lacks one minute and a half', () => {
    const [essential, firstRun, foreign] = measure(airtimeOf(example, rule), rule)
    expect([essential.state, essential.tenths, essential.missing]).toEqual(['pass', 875, 0])
    expect([foreign.state, foreign.tenths, foreign.missing]).toEqual(['pass', 125, 0])
    expect([firstRun.state, firstRun.tenths, firstRun.missing]).toEqual(['fail', 285, 1.5 * MINUTE])
  })
  it('advises to replace ninety seconds of the repeat by something new, and that gives 30.0 %', () => {
    const offers: readonly Offer[] = [
      { itemId: 'long', title: 'Chuyên mục mới', lengthSamples: 10 * MINUTE, essential: true, origin: 'tu-san-xuat', firstRun: true },
      { itemId: 'notice', title: 'Thông báo mới', lengthSamples: 1.5 * MINUTE, essential: true, origin: 'tu-san-xuat', firstRun: true },
      { itemId: 'heard', title: 'Đã phát', lengthSamples: 1.5 * MINUTE, essential: true, origin: 'tu-san-xuat', firstRun: false },
      { itemId: 'music', title: 'Ca khúc', lengthSamples: 1.5 * MINUTE, essential: false, origin: 'tu-san-xuat', firstRun: true },
    ]
    const advice = advise(example, rule, offers)
    expect(advice).toEqual([{ measure: 'firstRun', action: 'newForRepeat', samples: 1.5 * MINUTE, span: { id: '05:30 yesterday’s programme', title: '05:30 yesterday’s programme', start: 330 * MINUTE }, offer: { itemId: 'notice', title: 'Thông báo mới', lengthSamples: 1.5 * MINUTE } }])
    const [, after] = measure(airtimeOf(follow(example, advice), rule), rule)
    expect([after.state, after.tenths, after.missing]).toEqual(['pass', 300, 0])
  })
  it('without relays in domestic time it is 50.0 %', () => {
    const strict = { ...rule, relayInDomestic: false }
    const [, firstRun] = measure(airtimeOf(example, strict), strict)
    expect([firstRun.whole, firstRun.tenths, firstRun.state]).toEqual([60 * MINUTE, 500, 'pass'])
  })
  it('when the repeat has been on air already, another change is named', () => {
    const later = example.map((one) => (one.start < 1000 * MINUTE ? { ...one, planned: false } : one))
    const advice = advise(later, rule, [])
    expect(advice.map(({ action, span: at }) => [action, at?.id])).toEqual([['newForOther', '17:45 foreign feature']])
    expect(measure(airtimeOf(follow(later, advice), rule), rule)[1].state).toBe('pass')
  })
})

describe('quota arithmetic', () => {
  it('nothing on air is no data; nothing domestic makes the share of own production not applicable', () => {
    expect(measure({ T: 0, E: 0, D: 0, N: 0, F: 0 }, rule).map(({ state, tenths, missing }) => [state, tenths, missing])).toEqual([['noData', null, 0], ['noData', null, 0], ['noData', null, 0]])
    expect(measure(airtimeOf([span('a', 0, 10, { origin: 'nuoc-ngoai' })], rule), rule)[1]).toMatchObject({ state: 'notApplicable', tenths: null, missing: 0 })
  })
  it('one sample decides, and what is shown never looks better than it is', () => {
    const airtime = { T: 100_000, E: 70_000, D: 100_000, N: 30_000, F: 30_000 }
    expect(measure(airtime, rule).map(({ state }) => state)).toEqual(['pass', 'pass', 'pass'])
    const short = measure({ ...airtime, E: 69_999, N: 29_999, F: 30_001 }, rule)
    expect(short.map(({ state, tenths, missing }) => [state, tenths, missing])).toEqual([['fail', 699, 1], ['fail', 299, 1], ['fail', 301, 1]])
  })
  it('test tones, drills and alarms of silence are no airtime', () => {
    expect(airtimeOf([span('tone', 0, 30, { counted: false }), span('a', 0, 10)], rule).T).toBe(10 * MINUTE)
  })
  it('overlaps count once, for the main source', () => {
    const spans = [span('song', 0, 10, { essential: false }), span('voice', 9, 5), span('alert', 11, 1, { origin: 'trong-nuoc-khac' })]
    expect(airtimeOf(spans, rule)).toEqual({ T: 14 * MINUTE, E: 5 * MINUTE, D: 14 * MINUTE, N: 0, F: 0 })
  })
  it('limits are data by year and unit, the newest that is not later counts', () => {
    const rules = [rule, { ...rule, year: 2028, essentialMinPct: 75 }, { ...rule, year: 2027, unitId: 'xa', firstRunMinPct: 10 }]
    expect(quotaFor(rules, null, 2027).essentialMinPct).toBe(70)
    expect(quotaFor(rules, null, 2030).essentialMinPct).toBe(75)
    expect(quotaFor(rules, 'xa', 2026).firstRunMinPct).toBe(30)
    expect(quotaFor(rules, 'xa', 2027).firstRunMinPct).toBe(10)
    expect(quotaFor([], null, 2026)).toEqual(rule)
  })

  const anySpan = fc.record({ start: fc.integer({ min: 0, max: 1_000_000 }), length: fc.integer({ min: 0, max: 200_000 }), essential: fc.boolean(), origin: fc.constantFrom(...origins), firstRun: fc.boolean(), counted: fc.boolean(), planned: fc.boolean() })
  const anySpans = fc.array(anySpan, { maxLength: 25 }).map((list): AirSpan[] => list.map(({ start, length, ...facts }, index) => ({ id: `s${index}`, title: '', start, end: start + length, ...facts })))
  it('the parts never exceed the whole, and the whole is the time in which anything sounds', () => {
    fc.assert(fc.property(anySpans, (spans) => {
      const { T, E, D, N, F } = airtimeOf(spans, rule)
      expect(Math.max(E, D, F)).toBeLessThanOrEqual(T)
      expect(N).toBeLessThanOrEqual(D)
      expect(D + F).toBe(T)
      const edges = spans.filter(({ counted }) => counted).flatMap(({ start, end }) => [[start, 1], [end, -1]] as [number, number][]).sort((a, b) => a[0] - b[0] || b[1] - a[1])
      let [open, since, union] = [0, 0, 0]
      for (const [at, step] of edges) {
        if (open > 0) union += at - since
        open += step
        since = at
      }
      expect(T).toBe(union)
    }))
  })
  it('whoever follows the advice on one quota meets it', () => {
    const apart = fc.array(anySpan, { minLength: 1, maxLength: 12 }).map((list): AirSpan[] => {
      let at = 0
      return list.map(({ length, start: _start, ...facts }, index) => {
        const one = { id: `s${index}`, title: '', start: at, end: at + length, ...facts }
        at += length
        return one
      })
    })
    fc.assert(fc.property(apart, fc.boolean(), (spans, relayInDomestic) => {
      const own = { ...rule, relayInDomestic }
      const advice = advise(spans, own, [])
      for (const { id, state } of measure(airtimeOf(spans, own), own)) {
        if (state !== 'fail') continue
        const after = measure(airtimeOf(follow(spans, advice.filter((step) => step.measure === id)), own), own).find((one) => one.id === id)
        expect(after?.state).toBe('pass')
      }
    }), { numRuns: 500 })
  })
})
