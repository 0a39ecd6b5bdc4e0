import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { judgeRules, shippedProfiles } from '#common/planning/index.ts'
import type { BulletinClass, JudgedLine, LineVerdict, RuleProfile, UnitRules } from '#common/planning/index.ts'
import { offsetOf } from '../../../main/station/foundation/zones.ts'

const zone = offsetOf('Asia/Ho_Chi_Minh')
const MINUTE = 60_000
/** An instant of a local time; 2026-11-16 is a Monday. */
const at = (time: string, date = '2026-11-16'): number => Date.parse(`${date}T${time}:00+07:00`)
const profileOf = (key: string): RuleProfile => {
  const found = shippedProfiles.find((one) => one.key === key)?.profile
  if (found === undefined) throw new Error(`no profile ${key}`)
  return found
}
const [nd49, town, country] = [profileOf('nd49'), profileOf('do-thi'), profileOf('nong-thon')]
let made = 0
const line = (time: string, minutes: number, more: Partial<JudgedLine> & { date?: string } = {}): JudgedLine => {
  const { date, ...facts } = more
  const startAt = at(time, date)
  return { id: `line-${made++}`, startAt, endAt: startAt + minutes * MINUTE, bulletinClass: 'thong-thuong', relay: false, kinds: ['speech'], confirmed: false, targetUnitIds: [], ...facts }
}
const station = (profile: RuleProfile | null): UnitRules => ({ station: profile, units: [] })
const judge = (lines: readonly JudgedLine[], rules: UnitRules | RuleProfile): LineVerdict[] => {
  const verdicts = judgeRules(lines, 'units' in rules ? rules : station(rules), zone)
  return lines.map(({ id }) => {
    const verdict = verdicts.get(id)
    if (verdict === undefined) throw new Error(`no verdict on ${id}`)
    return verdict
  })
}
const one = (judged: JudgedLine, rules: UnitRules | RuleProfile): LineVerdict => judge([judged], rules)[0] as LineVerdict

describe('the truth table of bulletin classes (domain reference §2)', () => {
  const outside: readonly [BulletinClass, boolean, LineVerdict['effect'], boolean][] = [
    ['thong-thuong', false, 'blocked', false], ['thong-thuong', true, 'blocked', false], ['uu-tien', false, 'confirm', false], ['uu-tien', true, 'confirmed', true], ['khan-cap', false, 'logged', true],
  ]
  it.each(outside)('outside the window a %s line (confirmed %s) is %s', (bulletinClass, confirmed, effect, mayPlay) => {
    expect(one(line('10:00', 2, { bulletinClass, confirmed }), nd49)).toMatchObject({ effect, mayPlay, breaches: [{ rule: 'outsideWindow', unitId: null }], urgent: false })
  })
  it.each(outside)('on a weekday that is not allowed a %s line (confirmed %s) is %s', (bulletinClass, confirmed, effect, mayPlay) => {
    expect(one(line('06:00', 2, { date: '2026-11-21', bulletinClass, confirmed }), town)).toMatchObject({ effect, mayPlay, breaches: [{ rule: 'weekday', unitId: null }] })
  })
  it.each(outside)('past the minutes of the session a %s line (confirmed %s) is %s', (bulletinClass, confirmed, effect, mayPlay) => {
    const [, verdict] = judge([line('17:00', 15), line('17:15', 5, { bulletinClass, confirmed })], { ...town, quiet: [] })
    expect(verdict).toMatchObject({ effect, mayPlay, breaches: [{ rule: 'sessionMinutes', unitId: null }] })
  })
  it.each([
    ['thong-thuong', false, 'blocked', false, false], ['uu-tien', false, 'blocked', false, false], ['uu-tien', true, 'confirmed', true, true], ['khan-cap', false, 'logged', true, false],
  ] as const)('in quiet hours a %s line (confirmed %s) is %s; confirmed it goes out as urgent', (bulletinClass, confirmed, effect, mayPlay, urgent) => {
    expect(one(line('22:00', 2, { bulletinClass, confirmed }), nd49)).toMatchObject({ effect, mayPlay, urgent })
  })
  it('nothing is ever held back by the rules when it is an emergency', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 7 * 1440 - 1 }), fc.integer({ min: 1, max: 300 }), fc.constantFrom(nd49, town, country), (minute, minutes, profile) => {
      const verdict = one({ ...line('00:00', minutes, { bulletinClass: 'khan-cap' }), startAt: at('00:00') + minute * MINUTE, endAt: at('00:00') + (minute + minutes) * MINUTE }, profile)
      expect(verdict.mayPlay).toBe(true)
      expect(verdict.hardEnd).toBeNull()
    }))
  })
})

describe('profiles of domain reference §4', () => {
  it('Nghị định 49: two hours a day from 05:30 and from 17:00, every day', () => {
    const effects = judge([line('05:29', 1), line('05:30', 60), line('06:30', 1), line('16:59', 1), line('17:00', 60, { date: '2026-11-22' }), line('18:00', 1)], nd49).map(({ effect }) => effect)
    expect(effects).toEqual(['blocked', 'ok', 'blocked', 'blocked', 'ok', 'blocked'])
  })
  it('đô thị: fifteen minutes a session, what outlasts them is cut to the second', () => {
    const [first, second, third] = judge([line('17:00', 10), line('17:10', 6), line('17:16', 1)], town)
    expect(first?.effect).toBe('ok')
    expect(second).toMatchObject({ effect: 'cut', mayPlay: true, hardEnd: at('17:15') })
    expect(third).toMatchObject({ effect: 'blocked', breaches: [{ rule: 'sessionMinutes', unitId: null }] })
  })
  it('đô thị: two sessions a day, not on Saturday and Sunday', () => {
    const noon: RuleProfile = { ...town, windows: [...town.windows, { fromMin: 690, toMin: 720 }] }
    expect(judge([line('05:30', 5), line('11:30', 5), line('17:00', 5)], noon).map(({ effect, breaches }) => [effect, breaches[0]?.rule])).toEqual([['ok', undefined], ['ok', undefined], ['blocked', 'sessionsPerDay']])
    expect(one(line('17:00', 5, { date: '2026-11-20' }), town).effect).toBe('ok')
    expect(one(line('17:00', 5, { date: '2026-11-21' }), town).effect).toBe('blocked')
    expect(one(line('17:00', 5, { date: '2026-11-22' }), town).effect).toBe('blocked')
  })
  it('nông thôn: forty-five minutes with the relay', () => {
    const lines = [line('17:00', 30), line('17:30', 30, { relay: true, kinds: ['relay'] })]
    expect(judge(lines, country)[1]).toMatchObject({ effect: 'cut', hardEnd: at('17:45') })
  })
  it('minutes without the relay: the relay neither counts nor ends', () => {
    const lines = [line('17:00', 30), line('17:30', 20, { relay: true }), line('17:50', 10)]
    expect(judge(lines, { ...country, includesRelay: false }).map(({ effect }) => effect)).toEqual(['ok', 'ok', 'ok'])
  })
  it('exempt kinds are bound by nothing and take no minutes', () => {
    const event = { kinds: ['programme', 'sự kiện lớn'] }
    expect(judge([line('17:00', 15, event), line('17:15', 15), line('23:00', 60, event)], town).map(({ effect }) => effect)).toEqual(['ok', 'ok', 'ok'])
  })
  it('an allowed window wins over quiet hours, and quiet hours pass midnight', () => {
    const early: RuleProfile = { ...nd49, windows: [{ fromMin: 270, toMin: 330 }], quiet: [{ fromMin: 1260, toMin: 300 }] }
    expect(one(line('04:45', 5), early).effect).toBe('ok')
    expect(one(line('04:00', 5), { ...early, windows: [] }).breaches).toEqual([{ rule: 'quietHours', unitId: null }])
    expect(one(line('23:59', 5), { ...early, windows: [] }).breaches).toEqual([{ rule: 'quietHours', unitId: null }])
    expect(one(line('05:00', 5), { ...early, windows: [] }).effect).toBe('ok')
  })
  it('a line that runs into quiet hours is cut when they begin', () => {
    expect(one(line('20:50', 20), { ...nd49, windows: [] })).toMatchObject({ effect: 'cut', hardEnd: at('21:00') })
  })
  it('a line that begins in its window and outlasts it is cut at the end of the window; a priority line asks', () => {
    expect(one(line('17:55', 10), nd49)).toMatchObject({ effect: 'cut', hardEnd: at('18:00') })
    expect(one(line('17:55', 10, { bulletinClass: 'uu-tien' }), nd49)).toMatchObject({ effect: 'confirm', breaches: [{ rule: 'runsOver', unitId: null }] })
  })
  it('without a profile nothing is judged', () => {
    expect(one(line('03:00', 300), station(null)).effect).toBe('ok')
  })
  it('without windows what is half an hour apart is another session', () => {
    const open: RuleProfile = { ...town, windows: [], maxSessionsPerDay: null, weekdays: [1] }
    expect(judge([line('08:00', 15), line('08:20', 5), line('08:55', 15)], open).map(({ effect }) => effect)).toEqual(['ok', 'blocked', 'ok'])
  })
})

describe('rules by unit', () => {
  const rules: UnitRules = {
    station: nd49,
    units: [{ unitId: 'centre', parentId: null, profile: null }, { unitId: 'ward', parentId: 'centre', profile: town }, { unitId: 'street', parentId: 'ward', profile: null }, { unitId: 'commune', parentId: 'centre', profile: null }],
  }
  it('a unit obeys its own profile, or that of the unit above it, or the station’s', () => {
    const saturday = { date: '2026-11-21' }
    expect(one(line('17:00', 5, { ...saturday, targetUnitIds: ['street'] }), rules)).toMatchObject({ effect: 'blocked', breaches: [{ rule: 'weekday', unitId: 'street' }] })
    expect(one(line('17:00', 5, { ...saturday, targetUnitIds: ['commune'] }), rules).effect).toBe('ok')
  })
  it('a line for everybody goes on where it may, and says where it may not', () => {
    expect(one(line('17:00', 5, { date: '2026-11-21' }), rules)).toMatchObject({ effect: 'partly', mayPlay: true, blockedUnitIds: ['ward'] })
    expect(one(line('17:00', 30), rules)).toMatchObject({ effect: 'partly', blockedUnitIds: ['ward'] })
    expect(one(line('17:00', 5), rules).effect).toBe('ok')
  })
  it('a line for two units is blocked only where its rules forbid it', () => {
    expect(one(line('17:00', 5, { date: '2026-11-21', targetUnitIds: ['ward', 'commune'] }), rules)).toMatchObject({ effect: 'partly', blockedUnitIds: ['ward'] })
  })
  it('minutes of one unit are not spent by lines for another', () => {
    const [, second] = judge([line('17:00', 15, { targetUnitIds: ['commune'] }), line('17:15', 10, { targetUnitIds: ['ward'] })], rules)
    expect(second?.effect).toBe('ok')
  })
})

describe('rules and the clock', () => {
  it('windows keep their local time across summer time, and a window in the skipped hour does not swallow the day', () => {
    const berlin = offsetOf('Europe/Berlin')
    const morning: RuleProfile = { ...nd49, windows: [{ fromMin: 330, toMin: 390 }], quiet: [] }
    for (const date of ['2026-03-28', '2026-03-29', '2026-10-24', '2026-10-25']) {
      const startAt = Date.parse(`${date}T06:00:00Z`) - berlin(Date.parse(`${date}T06:00:00Z`)) * MINUTE
      expect(judgeRules([{ ...line('00:00', 1), id: 'a', startAt, endAt: startAt + MINUTE }], station(morning), berlin).get('a')?.effect).toBe('ok')
    }
    const night: RuleProfile = { ...nd49, windows: [{ fromMin: 150, toMin: 210 }], quiet: [] }
    const skipped = Date.parse('2026-03-29T01:10:00Z')
    expect(judgeRules([{ ...line('00:00', 1), id: 'a', startAt: skipped, endAt: skipped + MINUTE }], station(night), berlin).get('a')?.mayPlay).toBe(false)
  })
  it('every line gets exactly one verdict and the order of asking does not matter', () => {
    const anyLine = fc.record({ minute: fc.integer({ min: 0, max: 2880 }), minutes: fc.integer({ min: 1, max: 90 }), relay: fc.boolean(), bulletinClass: fc.constantFrom<BulletinClass>('thong-thuong', 'uu-tien', 'khan-cap'), confirmed: fc.boolean() })
    fc.assert(fc.property(fc.array(anyLine, { maxLength: 30 }), fc.constantFrom(nd49, town, country), (wanted, profile) => {
      const lines = wanted.map(({ minute, minutes, ...facts }, index) => ({ ...line('00:00', minutes, facts), id: `l${index}`, startAt: at('00:00') + minute * MINUTE + index, endAt: at('00:00') + (minute + minutes) * MINUTE + index }))
      const verdicts = judgeRules(lines, station(profile), zone)
      expect([...verdicts.keys()].sort()).toEqual(lines.map(({ id }) => id).sort())
      expect(judgeRules(lines.toReversed(), station(profile), zone)).toEqual(verdicts)
    }))
  })
})
