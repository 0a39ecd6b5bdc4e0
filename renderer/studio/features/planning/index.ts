export { PlanningPage } from './planning-page.tsx'
export { QuotaChips } from './quota-chips.tsx'
export { RuleConfirm } from './rule-confirm.tsx'
