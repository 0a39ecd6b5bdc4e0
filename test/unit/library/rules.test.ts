import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { afterStep, allowedSteps } from '#common/approval/index.ts'
import { MAX_PLAY_GAIN_DB, PLAY_CEILING_DBTP, playGainDb } from '#common/levels/index.ts'
import { ItemState } from '#contract/library.ts'
import { AppError } from '#contract/errors.ts'
import { judgeClaim, judgeLength, judgePeak } from '../../../main/station/library/judge.ts'
import { endingOf } from '../../../main/station/library/shelf.ts'

const codeOf = (run: () => void) => {
  try {
    run()
    return null
  } catch (error) {
    return error instanceof AppError ? error.code : String(error)
  }
}

describe('the steps of approval', () => {
  it('know every state of the contract, and from each something can be done', () => {
    for (const state of ItemState.options) expect(allowedSteps(state).length).toBeGreaterThan(0)
  })
  it('lead to approved only from a draft, an edited or a submitted item', () => {
    expect(ItemState.options.filter((state) => afterStep(state, 'approve') !== null)).toEqual(['draft', 'edited', 'submitted'])
  })
  it('lock a submitted and an approved item against edits and removal', () => {
    for (const state of ['submitted', 'approved'] as const) {
      expect(afterStep(state, 'edit')).toBeNull()
      expect(afterStep(state, 'remove')).toBeNull()
      expect(afterStep(state, 'withdraw')).toBe('withdrawn')
    }
  })
  it('ask for a new submission after a return or a withdrawal', () => {
    for (const state of ['returned', 'withdrawn'] as const) {
      expect(afterStep(state, 'approve')).toBeNull()
      expect(afterStep(state, 'submit')).toBe('submitted')
    }
  })
})

describe('the play gain', () => {
  it('brings a programme to the target', () => {
    expect(playGainDb({ integratedLufs: -20, truePeakDbtp: -12 }, -16)).toBe(4)
    expect(playGainDb({ integratedLufs: -10, truePeakDbtp: 0.5 }, -16)).toBe(-6)
  })
  it('is held back by the true peak', () => {
    expect(playGainDb({ integratedLufs: -30, truePeakDbtp: -4 }, -16)).toBe(3)
  })
  it('leaves unmeasured sound alone unless its peak is over the ceiling', () => {
    expect(playGainDb({ integratedLufs: null, truePeakDbtp: null }, -16)).toBe(0)
    expect(playGainDb({ integratedLufs: null, truePeakDbtp: 0.5 }, -16)).toBe(-1.5)
  })
  it('never lets a true peak over the ceiling nor misses the target by more than the rounding', () => {
    fc.assert(fc.property(fc.double({ min: -70, max: 0, noNaN: true }), fc.double({ min: -70, max: 6, noNaN: true }), fc.double({ min: -40, max: -8, noNaN: true }), (lufs, peak, target) => {
      const gain = playGainDb({ integratedLufs: lufs, truePeakDbtp: peak }, target)
      expect(peak + gain).toBeLessThanOrEqual(PLAY_CEILING_DBTP + 1e-6)
      expect(gain).toBeLessThanOrEqual(MAX_PLAY_GAIN_DB)
      const free = Math.min(target - lufs, PLAY_CEILING_DBTP - peak, MAX_PLAY_GAIN_DB)
      expect(free - gain).toBeLessThan(0.0101)
    }))
  })
})

describe('the judge', () => {
  it('refuses what claims to be longer than twelve hours', () => {
    expect(codeOf(() => judgeClaim({ declaredSeconds: 12 * 3600 + 1 }))).toBe('file-too-long')
    expect(codeOf(() => judgeClaim({ declaredSeconds: 12 * 3600 }))).toBeNull()
  })
  it('refuses a file that promised more than it holds, but allows encoder padding', () => {
    expect(codeOf(() => judgeLength({ declaredSeconds: 60, hasVideo: false }, 59.7 * 48_000))).toBeNull()
    expect(codeOf(() => judgeLength({ declaredSeconds: 60, hasVideo: false }, 59 * 48_000))).toBe('file-truncated')
    expect(codeOf(() => judgeLength({ declaredSeconds: null, hasVideo: false }, 48))).toBeNull()
    expect(codeOf(() => judgeLength({ declaredSeconds: null, hasVideo: false }, 0))).toBe('file-empty')
  })
  it('does not hold the sound of a video to the length of its picture', () => {
    expect(codeOf(() => judgeLength({ declaredSeconds: 60, hasVideo: true }, 10 * 48_000))).toBeNull()
  })
  it('calls silent what stays under -66 dBFS', () => {
    expect(codeOf(() => judgePeak(0.0004))).toBe('file-silent')
    expect(codeOf(() => judgePeak(0.001))).toBeNull()
  })
})

describe('the ending of a kept original', () => {
  it('follows the content', () => {
    expect(endingOf('mov,mp4,m4a,3gp,3g2,mj2', 'aac', false)).toBe('m4a')
    expect(endingOf('mov,mp4,m4a,3gp,3g2,mj2', 'aac', true)).toBe('mp4')
    expect(endingOf('ogg', 'opus', false)).toBe('opus')
    expect(endingOf('matroska,webm', 'opus', false)).toBe('mka')
    expect(endingOf('../../etc', 'x', false)).toBe('bin')
  })
})
