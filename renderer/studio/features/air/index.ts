export { AirPage } from './air-page.tsx'
export { airActions } from './actions.ts'
