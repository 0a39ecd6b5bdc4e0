export { startRadio } from './radio.ts'
export type { Radio, RadioOptions } from './radio.ts'
export { startSimulator } from './simulator.ts'
export type { Simulator, SimulatorOptions } from './simulator.ts'

/** `npm run radio` starts this file; as a library it only exports. */
if (import.meta.main) await import('./cli.ts')
