import type { StopReason } from '../playout/index.ts'

/** A row of a relay that a backup has taken over from: the line is not over, only its sound is. */
export function coversRelay(row: { readonly playSource: string; readonly stopReason: StopReason | null }): boolean {
  return row.playSource === 'relay' && (row.stopReason === 'sourceLost' || row.stopReason === 'silenceFailover')
}
