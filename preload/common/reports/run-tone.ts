import type { RowTone } from './table.ts'

const bad: ReadonlySet<string | null> = new Set(['decodeError', 'sourceLost', 'silenceFailover'])
const warn: ReadonlySet<string | null> = new Set(['withdrawn', 'engineStop', 'unclean', 'ruleLimit'])
const well: ReadonlySet<string | null> = new Set(['natural', 'segued'])

/** How an as-run row went: by its end, or because its turn went by without a sample. A null end = it is on air. */
export function runTone({ onAir, stopReason }: { readonly onAir: boolean; readonly stopReason: string | null }): RowTone {
  if (bad.has(stopReason)) return 'bad'
  if (!onAir || warn.has(stopReason)) return 'warn'
  return well.has(stopReason) ? 'ok' : 'info'
}
