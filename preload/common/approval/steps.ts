/** The path of an item from draft to air, as one table: the station obeys it, the window greys out by it. */

export type ItemState = 'draft' | 'edited' | 'submitted' | 'approved' | 'returned' | 'withdrawn'
const allSteps = ['edit', 'submit', 'approve', 'return', 'withdraw', 'remove'] as const
export type ItemStep = (typeof allSteps)[number]
/** `removed` is no state of an item: it leaves the library. */
export type StepResult = ItemState | 'removed'

const steps: Readonly<Record<ItemStep, Readonly<Partial<Record<ItemState, StepResult>>>>> = {
  /** Title, kind, origin …: what an approver read. Tags, notes and cues are free at any time. */
  edit: { draft: 'draft', edited: 'edited', returned: 'edited', withdrawn: 'edited' },
  submit: { draft: 'submitted', edited: 'submitted', returned: 'submitted', withdrawn: 'submitted' },
  /** A small station's approver need not submit to themselves; what was sent back must be handed in again. */
  approve: { draft: 'approved', edited: 'approved', submitted: 'approved' },
  return: { submitted: 'returned' },
  withdraw: { submitted: 'withdrawn', approved: 'withdrawn' },
  remove: { draft: 'removed', edited: 'removed', returned: 'removed', withdrawn: 'removed' },
}

/** Where a step leads, or null when it is not allowed from there. */
export function afterStep(state: ItemState, step: ItemStep): StepResult | null {
  return steps[step][state] ?? null
}

export function allowedSteps(state: ItemState): ItemStep[] {
  return allSteps.filter((step) => afterStep(state, step) !== null)
}
