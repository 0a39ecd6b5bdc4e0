import type { CompiledLine, CompiledSlot, PassedSound, PlannedPlay } from '../faces.ts'
import type { Gate } from './gate.ts'
import { playoutLineOf, playoutSlotOf } from './playout-lines.ts'
import type { PlannedLine } from './rundown.ts'
import type { StoredSlot } from './stored.ts'

export function compiledLineOf({ line, verdict }: PlannedLine, gate: Gate): CompiledLine {
  return {
    line: playoutLineOf(line, verdict), bus: line.bus, title: verdict.title, itemId: line.itemId, sound: verdict.sound ?? verdict.standIn ?? null, relaySourceId: line.kind === 'relay' && verdict.state === 'ok' ? (line.relaySourceId ?? verdict.relay?.sourceId ?? null) : null,
    ...(verdict.relay === undefined ? {} : { relay: verdict.relay }), ...(verdict.standIn === undefined ? {} : { isBackup: true }),
    backups: passing(line.backupItemIds, gate).filter(({ itemId }) => itemId !== verdict.standIn?.itemId), targetUnitIds: line.targetUnitIds,
  }
}

export function compiledSlotOf(slot: StoredSlot, gate: Gate, ruleEndAt: number | null): CompiledSlot {
  return { slot: playoutSlotOf(slot, ruleEndAt), bus: slot.bus, title: slot.title, backups: passing(slot.backupItemIds, gate) }
}

function passing(itemIds: readonly string[], gate: Gate): PassedSound[] {
  return itemIds.flatMap((itemId) => gate.readyItem(itemId).sound ?? [])
}

/** The plan without an item: what is left when it is taken back this very moment. */
export function withoutItem<P extends { readonly plays: readonly PlannedPlay[]; readonly lines: readonly CompiledLine[]; readonly slots: readonly CompiledSlot[]; readonly fill: readonly { readonly sound: PassedSound }[] }>(plan: P, itemId: string): P {
  const others = (sounds: readonly PassedSound[]): readonly PassedSound[] => (sounds.some((sound) => sound.itemId === itemId) ? sounds.filter((sound) => sound.itemId !== itemId) : sounds)
  return {
    ...plan, plays: plan.plays.filter((play) => play.itemId !== itemId), fill: plan.fill.filter(({ sound }) => sound.itemId !== itemId), slots: plan.slots.map((slot) => ({ ...slot, backups: others(slot.backups) })),
    lines: plan.lines.map((line) => (line.sound?.itemId === itemId ? { ...line, sound: null, line: { ...line.line, state: 'notApproved' as const }, backups: others(line.backups) } : { ...line, backups: others(line.backups) })),
  }
}
