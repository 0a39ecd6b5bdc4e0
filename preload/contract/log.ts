import { z } from 'zod'
import { AsRunRow } from './air.ts'
import { BroadcastDate, Id, InstantMs, Rev } from './shapes.ts'
import type { EventTable, ProcedureTable } from './procedure.ts'
import { ChangedDay, DayChanges, LineFields, LineKind, LineReason, LogDay, LogStep, Markers, SlotFields, Timing, Transition } from './log-line.ts'

export * from './log-line.ts'

const NamedLine = z.object({ lineId: Id, rev: Rev })
const NamedLines = z.array(NamedLine).min(1).max(10_000)
/** A line to come: what is left out is as a plain line of its kind has it. Sounding kinds need their item, relays their source, others a title. */
export const NewLine = LineFields.partial().extend({ kind: LineKind.default('audio') })
export type NewLine = z.infer<typeof NewLine>
/** Behind a line; null = on top of the slot, else of the day. Without `slotId` it belongs to the slot of the line it comes behind. */
const Place = { afterLineId: Id.nullable(), slotId: Id.nullable().optional() }

/** A place where an item is used. `planned` = still to come, `past` = heard or missed. */
export const ItemUse = z.object({
  where: z.enum(['line', 'backup', 'slotBackup', 'elsewhere']), when: z.enum(['past', 'onAir', 'planned']), broadcastDate: BroadcastDate.nullable(), at: InstantMs.nullable(),
  /** Line, slot, or the thing of another room (`room` names it: template, programme, …). */
  id: z.string(), room: z.string().nullable(), title: z.string(), rev: Rev.nullable(),
})
export type ItemUse = z.infer<typeof ItemUse>
/** What a change of many places does or did with one of them. */
export const UseOutcome = ItemUse.extend({ outcome: z.enum(['changed', 'refused', 'kept']), reason: LineReason.nullable() })
export type UseOutcome = z.infer<typeof UseOutcome>
const Uses = z.array(UseOutcome)

export const logProcedures = {
  'log.day': { input: z.object({ broadcastDate: BroadcastDate.optional() }), output: LogDay, role: 'viewer' },
  /** The day since it was last read by this window, for a day of thousands of lines. */
  'log.dayChanges': { input: z.object({ broadcastDate: BroadcastDate, since: z.string().max(64) }), output: DayChanges, role: 'viewer' },
  'log.addLine': { input: z.object({ broadcastDate: BroadcastDate, itemId: Id, timing: Timing, targetUnitIds: z.array(Id).max(200).default([]), ...Place }), output: ChangedDay, role: 'scheduler' },
  'log.addLines': { input: z.object({ broadcastDate: BroadcastDate, lines: z.array(NewLine).min(1).max(10_000), ...Place }), output: ChangedDay, role: 'scheduler' },
  /** Copies, in their order, behind the place given. */
  'log.duplicateLines': { input: z.object({ broadcastDate: BroadcastDate, lines: NamedLines, ...Place }), output: ChangedDay, role: 'scheduler' },
  'log.updateLine': { input: NamedLine.extend({ broadcastDate: BroadcastDate }).extend(LineFields.partial().shape), output: ChangedDay, role: 'scheduler' },
  /** The same change of many lines: flags, what follows a break, targets. */
  'log.updateLines': { input: z.object({ broadcastDate: BroadcastDate, lines: NamedLines, change: LineFields.omit({ title: true, text: true, timing: true, markers: true, itemId: true, relaySourceId: true, plannedSamples: true }).partial() }), output: ChangedDay, role: 'scheduler' },
  /** How one line goes over into another: markers of both and how the second comes in, as one step. A line without `markers` keeps its own. */
  'log.saveSegue': {
    input: z.object({ broadcastDate: BroadcastDate, prev: NamedLine.extend({ markers: Markers.nullable().optional() }), next: NamedLine.extend({ markers: Markers.nullable().optional(), transition: Transition }) }), output: ChangedDay, role: 'scheduler',
  },
  'log.moveLine': { input: NamedLine.extend({ broadcastDate: BroadcastDate, ...Place }), output: ChangedDay, role: 'scheduler' },
  'log.moveLines': { input: z.object({ broadcastDate: BroadcastDate, lines: NamedLines, ...Place }), output: ChangedDay, role: 'scheduler' },
  'log.removeLine': { input: NamedLine.extend({ broadcastDate: BroadcastDate }), output: ChangedDay, role: 'scheduler' },
  'log.removeLines': { input: z.object({ broadcastDate: BroadcastDate, lines: NamedLines }), output: ChangedDay, role: 'scheduler' },
  /** `slotId` null = a new one. */
  'log.saveSlot': { input: z.object({ broadcastDate: BroadcastDate, slotId: Id.nullable(), rev: Rev, slot: SlotFields }), output: ChangedDay, role: 'scheduler' },
  /** Its lines stay, outside any slot. */
  'log.removeSlot': { input: z.object({ broadcastDate: BroadcastDate, slotId: Id, rev: Rev }), output: ChangedDay, role: 'scheduler' },
  /** Takes a whole step back, on every day it touched, or not at all (`stale` when something of it was changed since). Itself a step: undone, it does the first one again. */
  'log.undo': { input: z.object({ stepId: Id }), output: z.object({ days: z.array(LogDay), step: LogStep }), role: 'scheduler' },

  'log.publishDay': { input: z.object({ broadcastDate: BroadcastDate, rev: Rev }), output: LogDay, role: 'scheduler' },
  'log.closeDay': { input: z.object({ broadcastDate: BroadcastDate, rev: Rev }), output: LogDay, role: 'approver' },
  'log.takeOwnership': { input: z.object({ broadcastDate: BroadcastDate }), output: LogDay, role: 'scheduler' },
  /** Others may not change the day (or the slot) until it is let go or runs out. Asked again by its holder: lasts longer. `takeOver` needs an approver. */
  'log.lock': { input: z.object({ broadcastDate: BroadcastDate, slotId: Id.nullable(), minutes: z.number().int().min(1).max(240).default(15), takeOver: z.boolean().default(false) }), output: LogDay, role: 'scheduler' },
  'log.unlock': { input: z.object({ broadcastDate: BroadcastDate, slotId: Id.nullable() }), output: LogDay, role: 'scheduler' },

  'log.usesOf': { input: z.object({ itemId: Id }), output: z.object({ uses: z.array(ItemUse) }), role: 'viewer' },
  /**
   * Another item in the place of one, on every line to come from `fromDate` on, in the backups, and in what other rooms keep. `dryRun` changes nothing and tells what would
   * be done. A place changed since the dry run is refused (`expected`); the others are done, as one step.
   */
  'log.replaceItem': {
    input: z.object({ itemId: Id, byItemId: Id, fromDate: BroadcastDate.nullable(), dryRun: z.boolean(), expected: z.array(z.object({ id: z.string(), rev: Rev })).max(100_000).nullable() }),
    output: z.object({ uses: Uses, step: LogStep.nullable() }), role: 'scheduler',
  },
  /** Withdraws an item from everything at once: nothing of it sounds from now on, here or on a device. `lines`: what becomes of the lines to come. */
  'log.withdrawItem': { input: z.object({ itemId: Id, rev: Rev, lines: z.enum(['keep', 'remove']), dryRun: z.boolean() }), output: z.object({ uses: Uses, step: LogStep.nullable() }), role: 'approver' },
  'log.asRun': { input: z.object({ broadcastDate: BroadcastDate.optional() }), output: z.object({ rows: z.array(AsRunRow) }), role: 'viewer' },
} as const satisfies ProcedureTable

export const logEvents = {
  'log.changed': { payload: z.object({ broadcastDate: BroadcastDate, rev: Rev }) },
} as const satisfies EventTable
