/** How far one device is with one order. */
export interface StepReport<S extends string> { readonly step: S; readonly proofLevel: number | null }

/** Order of the steps; a later one implies the earlier ones (BS1 7). */
const ORDER: readonly string[] = ['addressed', 'received', 'accepted', 'ready', 'started', 'sounding']

/** The newer of two reports of a device. A delayed earlier step does not take anything back; ends, failures and interruptions always count. */
export function mergeProgress<S extends string, P extends StepReport<S>>(known: P, next: P): P {
  const proofLevel = next.proofLevel === null ? known.proofLevel : Math.max(next.proofLevel, known.proofLevel ?? 0)
  const ended = known.step === 'done' || known.step === 'expired'
  const [from, to] = [ORDER.indexOf(known.step), ORDER.indexOf(next.step)]
  const older = to >= 0 && (ended || (from >= 0 && to < from))
  return { ...(older ? known : next), proofLevel }
}
