import type { CompiledPlan } from '../faces.ts'

/** Everything the air decides by and sounds from: what the gate let through, in the order of the log. */
export type AirProgramme = Pick<CompiledPlan, 'lines' | 'slots' | 'days' | 'fill'>
