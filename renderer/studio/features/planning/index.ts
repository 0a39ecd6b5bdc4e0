export { PlanningPage } from './planning-page.tsx'
export { QuotaChip } from './quota-chip.tsx'
export { RuleConfirm } from './rule-confirm.tsx'
