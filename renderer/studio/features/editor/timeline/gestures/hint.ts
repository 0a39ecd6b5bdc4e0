import { RATE_HZ } from '#common/units/samples.ts'
import { decibelText } from '../../../../i18n/formats.ts'
import { translate } from '../../../../i18n/index.ts'
import type { Hint } from '../timeline-store.ts'
import type { Outcome } from './gestures.ts'
import type { Note } from './kinds.ts'

/** What stands beside the pointer while something is dragged: where it snapped to, and what the drag makes. */
export function hintOf(outcome: Outcome): Hint | null {
  if (outcome.kind !== 'select' && outcome.kind !== 'edit') return null
  const { snapped } = outcome
  const said = [snapped === null ? '' : translate(`timeline.snap.${snapped.kind}`), outcome.kind === 'edit' && outcome.note !== null ? noteText(outcome.note) : ''].filter((one) => one !== '')
  if (said.length === 0) return null
  return { at: snapped?.at ?? (outcome.kind === 'edit' ? outcome.at : outcome.cursor), kind: snapped?.kind ?? null, text: said.join(' · ') }
}

function noteText(note: Note): string {
  switch (note.kind) {
    case 'mode': return translate(`timeline.mode.${note.mode}`)
    case 'gain': return `${note.gainDb > 0 ? '+' : ''}${decibelText(note.gainDb)} dB`
    case 'fade': return `${translate(`editor.shapes.${note.shape}`)} ${(note.length / RATE_HZ).toLocaleString('vi-VN', { minimumFractionDigits: 2, maximumFractionDigits: 2 })} s`
  }
}
