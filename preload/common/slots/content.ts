import type { EmergencySet, ScheduleSlot } from '../letters/types.ts'

/** Every content address the emergency set names. */
export function emergencyContent(emg: EmergencySet | undefined): string[] {
  if (emg === undefined) return []
  const all = [emg.sirens, emg.allClear, emg.correction, emg.drill, ...Object.values(emg.generic ?? {})].flatMap((byName) => Object.values(byName ?? {}))
  for (const one of [emg.wait, emg.ident, emg.card]) if (one !== undefined) all.push(one)
  return [...new Set(all)]
}

/** Content a slot needs before it can run. */
export function slotContent(slot: ScheduleSlot): string[] {
  const all = (slot.play ?? []).map((play) => play.item)
  if (slot.chime !== undefined) all.push(slot.chime)
  if (slot.stream?.backup !== undefined) all.push(slot.stream.backup)
  return [...new Set(all)]
}
