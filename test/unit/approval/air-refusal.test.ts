import { describe, expect, it } from 'vitest'
import { airRefusal, approvalRefusal, validApprovals } from '#common/approval/index.ts'
import type { Approvable, Approval } from '#common/approval/index.ts'

const [A, B] = ['a'.repeat(64), 'b'.repeat(64)]
const by = (name: string, sha256 = A): Approval => ({ personId: `person-${name}`, by: name, at: 1, sha256 })
const item = (change: Partial<Approvable> = {}): Approvable => ({ state: 'approved', sha256: A, approvals: [by('Lan')], ...change })

describe('what keeps an item from the speakers', () => {
  it.each([
    ['approved by one person', {}, null],
    ['a draft', { state: 'draft', approvals: [] }, 'itemDraft'], ['edited', { state: 'edited', approvals: [] }, 'itemDraft'], ['submitted', { state: 'submitted', approvals: [] }, 'itemSubmitted'], ['returned', { state: 'returned', approvals: [] }, 'itemReturned'], ['withdrawn', { state: 'withdrawn', approvals: [] }, 'itemWithdrawn'],
    ['called approved, with nobody\'s word', { approvals: [] }, 'changedSinceApproval'], ['called approved, with no list at all', { approvals: undefined }, 'changedSinceApproval'],
    ['approved with other content', { approvals: [by('Lan', B)] }, 'changedSinceApproval'], ['sensitive, one person', { sensitive: true }, 'secondApprovalMissing'], ['sensitive, the same person twice', { sensitive: true, approvals: [by('Lan'), by('Lan')] }, 'secondApprovalMissing'],
    ['sensitive, the second for other content', { sensitive: true, approvals: [by('Lan'), by('Huy', B)] }, 'secondApprovalMissing'], ['sensitive, two persons', { sensitive: true, approvals: [by('Lan'), by('Huy')] }, null],
    ['sensitive, waiting for the second', { state: 'submitted', sensitive: true }, 'secondApprovalMissing'],
  ] as const)('%s', (_name, change, refusal) => {
    expect(approvalRefusal(item(change))).toBe(refusal)
  })
  it('an embargo holds up to its instant, and never hides what else is missing', () => {
    expect([999, 1000].map((at) => airRefusal(item({ embargoUntil: 1000 }), at))).toEqual(['embargo', null])
    expect(airRefusal(item({ state: 'withdrawn', embargoUntil: 1000 }), 0)).toBe('itemWithdrawn')
  })
  it('two people of one name are two, the station is one', () => {
    expect(validApprovals({ sha256: A, approvals: [{ ...by('Lan'), personId: 'x' }, { ...by('Lan'), personId: 'y' }] }).length).toBe(2)
    expect(validApprovals({ sha256: A, approvals: [{ ...by('station'), personId: null }, { ...by('station'), personId: null }] }).length).toBe(1)
  })
})
