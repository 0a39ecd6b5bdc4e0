import type { ItemState } from './steps.ts'

/** A person's word for exactly this content. Person null = the station itself (a demo, a restored file of an older version). */
export interface Approval {
  readonly personId: string | null
  readonly by: string
  /** UTC ms. */
  readonly at: number
  readonly sha256: string
}
export interface Approvable {
  readonly state: ItemState
  readonly sha256: string
  /** Asks for two persons. Absent = one is enough. */
  readonly sensitive?: boolean | undefined
  /** UTC ms; absent = none. */
  readonly embargoUntil?: number | undefined
  /** Absent = none. */
  readonly approvals?: readonly Approval[] | undefined
}

export const approvalsWanted = ({ sensitive }: Pick<Approvable, 'sensitive'>): 1 | 2 => (sensitive === true ? 2 : 1)
export const isSamePerson = (a: Pick<Approval, 'personId' | 'by'>, b: Pick<Approval, 'personId' | 'by'>): boolean => (a.personId === null || b.personId === null ? a.personId === b.personId && a.by === b.by : a.personId === b.personId)

/** Approvals that count: of the content as it is now, one for each person. */
export function validApprovals({ sha256, approvals = [] }: Pick<Approvable, 'sha256' | 'approvals'>): Approval[] {
  const own = approvals.filter((approval) => approval.sha256 === sha256)
  return own.filter((approval, index) => own.findIndex((other) => isSamePerson(other, approval)) === index)
}

export const airRefusals = ['itemDraft', 'itemSubmitted', 'itemReturned', 'itemWithdrawn', 'changedSinceApproval', 'secondApprovalMissing', 'embargo'] as const
export type AirRefusal = (typeof airRefusals)[number]

/**
 * Why an item may not reach a speaker at an instant, by whatever path; null = nothing in its approval is against it. The one rule of all paths: log, backups,
 * fill, messages of alerts.
 */
export function airRefusal(item: Approvable, at: number): AirRefusal | null {
  const refusal = approvalRefusal(item)
  return refusal ?? (isEmbargoed(item, at) ? 'embargo' : null)
}
/** The same without the clock. */
export function approvalRefusal(item: Approvable): Exclude<AirRefusal, 'embargo'> | null {
  switch (item.state) {
    case 'draft': case 'edited': return 'itemDraft'
    case 'submitted': return item.sensitive === true && validApprovals(item).length === 1 ? 'secondApprovalMissing' : 'itemSubmitted'
    case 'returned': return 'itemReturned'
    case 'withdrawn': return 'itemWithdrawn'
    case 'approved': {
      const { length } = validApprovals(item)
      if (length === 0) return 'changedSinceApproval'
      return length < approvalsWanted(item) ? 'secondApprovalMissing' : null
    }
  }
}
export const isEmbargoed = ({ embargoUntil }: Pick<Approvable, 'embargoUntil'>, at: number): boolean => embargoUntil !== undefined && at < embargoUntil
