export { startRadio } from './radio.ts'
export type { Radio, RadioOptions } from './radio.ts'
export { startSimulator } from './simulator.ts'
export type { Simulator, SimulatorOptions } from './simulator.ts'
