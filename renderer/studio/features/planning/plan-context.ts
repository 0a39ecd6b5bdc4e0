import { createContext, useContext } from 'react'
import type { Unit } from '#contract/devices.ts'
import type { PlanPartKind, PlanWeek, StoredPart } from '#contract/planning.ts'
import { partsOf } from './planning-store.ts'
import type { PartOf } from './planning-store.ts'

interface PlanShown {
  readonly parts: readonly StoredPart[]
  readonly week: PlanWeek
  readonly units: readonly Unit[]
  readonly mayWrite: boolean
  readonly mayRule: boolean
}
export const PlanContext = createContext<PlanShown | null>(null)

export function usePlan(): PlanShown {
  const plan = useContext(PlanContext)
  if (plan === null) throw new Error('outside the page of the plan')
  return plan
}
export function useParts<K extends PlanPartKind>(kind: K): PartOf<K>[] {
  return partsOf(usePlan().parts, kind)
}
export function useUnitName(): (unitId: string) => string {
  const { units } = usePlan()
  return (unitId) => units.find(({ id }) => id === unitId)?.name ?? unitId
}
