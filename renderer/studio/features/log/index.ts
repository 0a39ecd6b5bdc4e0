export { LogPage } from './log-page.tsx'
export { logActions } from './actions.ts'
export { LineStatusBadge, LineCheckBadge } from './line-badges.tsx'
