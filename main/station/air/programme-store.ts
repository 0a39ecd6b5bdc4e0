import type { CompiledLine } from '../faces.ts'
import type { AirProgramme } from './programme.ts'

/**
 * The programme on the audio thread. Changes come in pieces, so that a large one never holds up a block; what is there counts as a whole with
 * `commit`.
 */
export class ProgrammeStore {
  private readonly lines = new Map<string, CompiledLine>()
  now: AirProgramme

  constructor(programme: AirProgramme) {
    this.now = programme
    this.put(programme.lines)
  }

  put(lines: readonly CompiledLine[]): void {
    for (const line of lines) this.lines.set(line.line.id, line)
  }

  commit({ lineIds, slots, days, fill }: { readonly lineIds: readonly string[] } & Omit<AirProgramme, 'lines'>): void {
    const lines = lineIds.flatMap((lineId) => this.lines.get(lineId) ?? [])
    this.now = { lines, slots, days, fill }
    this.lines.clear()
    this.put(lines)
  }
}
