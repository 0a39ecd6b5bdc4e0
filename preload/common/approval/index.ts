export { airRefusal, airRefusals, approvalRefusal, approvalsWanted, isEmbargoed, isSamePerson, validApprovals } from './air-refusal.ts'
export type { AirRefusal, Approvable, Approval } from './air-refusal.ts'
export { afterStep, allowedSteps } from './steps.ts'
export type { ItemState, ItemStep, StepResult } from './steps.ts'
