export { AirPage } from './air-page.tsx'
export { airActions } from './actions.ts'
export { asRunTone } from './as-run-tone.ts'
