import { dirname } from 'node:path'
import type { ImportPlan } from '#contract/library.ts'
import type { StationContext } from '../context.ts'
import { driveOf } from './drives.ts'
import type { Drive } from './drives.ts'
import { isInside, walk } from './walk.ts'

/** Which files may stay where they are, and what to advise. */
export interface Stay {
  /** Never for our own files, nor for shares: a network that hangs would hold the air. */
  mayStay(path: string): Promise<boolean>
  plan(paths: readonly string[], signal: AbortSignal): Promise<ImportPlan>
}

/** From here on a copy costs time and room worth asking for. */
const LARGE_BYTES = 200_000_000
const KEPT_MS = 60_000
/** A whole disk dropped by mistake is counted up to here. */
const bounds = { files: 2_000, depth: 8, entries: 10_000 }
/** The strictest of several. */
const order: readonly Drive[] = ['fixed', 'unknown', 'removable', 'network']

export function createStay(ctx: Pick<StationContext, 'folders' | 'clock'>, askDrive: (path: string) => Promise<Drive> = driveOf): Stay {
  const known = new Map<string, { readonly drive: Promise<Drive>; readonly at: number }>()
  const drive = (path: string): Promise<Drive> => {
    const folder = dirname(path)
    const now = ctx.clock.monotonicMs()
    const found = known.get(folder)
    if (found !== undefined && now - found.at < KEPT_MS) return found.drive
    const asked = askDrive(path)
    if (known.size > 500) known.clear()
    known.set(folder, { drive: asked, at: now })
    return asked
  }
  const isOurs = (path: string): boolean => isInside(ctx.folders.root, path)

  return {
    mayStay: async (path) => !isOurs(path) && (await drive(path)) !== 'network',
    async plan(paths, signal) {
      const { files, leftOut } = await walk(paths.filter((path) => !isOurs(path)), { except: ctx.folders.root, signal, bounds })
      const sounds = files.filter(({ skip }) => !skip)
      const facts = { files: sounds.length, bytes: sounds.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0), more: leftOut > 0 }
      if (paths.some(isOurs)) return { ...facts, suggest: 'copy', mayStay: false, because: 'ours' }
      const drives = await Promise.all(paths.map(drive))
      const worst = drives.reduce<Drive>((worse, one) => (order.indexOf(one) > order.indexOf(worse) ? one : worse), 'fixed')
      if (worst !== 'fixed') return { ...facts, suggest: 'copy', mayStay: worst !== 'network', because: worst }
      return facts.bytes >= LARGE_BYTES ? { ...facts, suggest: 'inPlace', mayStay: true, because: 'large' } : { ...facts, suggest: 'copy', mayStay: true, because: 'small' }
    },
  }
}
