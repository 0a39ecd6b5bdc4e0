import { stat } from 'node:fs/promises'
import type { Stats } from 'node:fs'

/** What tells cheaply that a file of somebody else is still the one that was looked at. */
export interface FileStamp {
  readonly sizeBytes: number
  readonly modifiedMs: number
}

export const stampOf = (facts: Pick<Stats, 'size' | 'mtimeMs'>): FileStamp => ({ sizeBytes: facts.size, modifiedMs: facts.mtimeMs })
export const isStamp = (facts: Pick<Stats, 'size' | 'mtimeMs'>, stamp: FileStamp): boolean => facts.size === stamp.sizeBytes && facts.mtimeMs === stamp.modifiedMs

/** True for files without a stamp: they are ours, and nobody rewrites them. */
export async function isAsItWas(file: { readonly path: string; readonly stamp?: FileStamp }): Promise<boolean> {
  const { stamp } = file
  return stamp === undefined || stat(file.path).then((facts) => isStamp(facts, stamp), () => false)
}
