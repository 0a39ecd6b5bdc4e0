import type { AsRunRow } from '#contract/air.ts'
import type { Tone } from '../../ui/index.ts'

const bad: ReadonlySet<AsRunRow['stopReason']> = new Set(['decodeError', 'sourceLost', 'silenceFailover'])
const warn: ReadonlySet<AsRunRow['stopReason']> = new Set(['withdrawn', 'engineStop', 'unclean', 'ruleLimit'])
const well: ReadonlySet<AsRunRow['stopReason']> = new Set(['natural', 'segued'])

/** How a row went: by its end, or because its turn went by without a sample. */
export function asRunTone({ onAir, stopReason }: Pick<AsRunRow, 'onAir' | 'stopReason'>): Tone {
  if (bad.has(stopReason)) return 'bad'
  if (!onAir || warn.has(stopReason)) return 'warn'
  return well.has(stopReason) ? 'ok' : 'info'
}
