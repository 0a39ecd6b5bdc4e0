import type { CompiledLine } from '../../faces.ts'

/** Bus that takes what is meant for no other. */
export const MAIN_BUS = 'main'

/**
 * A line that names a bus of its own sounds there and nowhere else. Of all others the targets decide: the main bus without units carries the
 * whole programme; a bus with units carries what is for everybody and what is for any of its units.
 */
export function isFor(line: Pick<CompiledLine, 'bus' | 'targetUnitIds'>, bus: { readonly id: string; readonly unitIds: readonly string[] }): boolean {
  if (line.bus !== MAIN_BUS) return line.bus === bus.id
  if (bus.unitIds.length === 0) return bus.id === MAIN_BUS
  return line.targetUnitIds.length === 0 || line.targetUnitIds.some((unitId) => bus.unitIds.includes(unitId))
}
