export { EmergencyPage } from './emergency-page.tsx'
export { useLiveDesk } from './live-desk.ts'
