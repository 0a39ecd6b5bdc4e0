import { readdir, stat, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { Id } from '#contract/shapes.ts'
import { readSidecar, writeSidecar, type TakeSidecar } from './sidecar.ts'

const SHOWN_TAKES = 100
const HISTORY_MS = 90 * 86_400_000
const DISCARDED_MS = 7 * 86_400_000

/** Closed takes: `<id>.wav` while its audio is still here, `<id>.json` for its particulars. */
export interface Shelf {
  wavOf(takeId: string): string
  sidecarOf(takeId: string): string
  /** Newest first. */
  list(): TakeSidecar[]
  get(takeId: string): TakeSidecar | null
  /** The closed parts of a run, first to last. */
  group(groupId: string): TakeSidecar[]
  /** Puts (or puts again) and writes the sidecar; a disk that refuses is not an error here: the next start reads the WAV itself. */
  put(sidecar: TakeSidecar): Promise<void>
  forget(takeId: string): void
}

export function openShelf(folder: string): Shelf {
  const takes = new Map<string, TakeSidecar>()
  const wavOf = (takeId: string) => join(folder, `${takeId}.wav`)
  const sidecarOf = (takeId: string) => join(folder, `${takeId}.json`)
  return {
    wavOf,
    sidecarOf,
    list: () => [...takes.values()].sort((a, b) => b.take.startedAt - a.take.startedAt).slice(0, SHOWN_TAKES),
    get: (takeId) => takes.get(takeId) ?? null,
    group: (groupId) => [...takes.values()].filter((one) => one.take.groupId === groupId).sort((a, b) => a.take.part - b.take.part),
    async put(sidecar) {
      takes.set(sidecar.take.id, sidecar)
      await writeSidecar(sidecarOf(sidecar.take.id), sidecar).catch(() => undefined)
    },
    forget: (takeId) => void takes.delete(takeId),
  }
}

export interface FoundTake {
  readonly id: string
  readonly hasWav: boolean
  readonly sidecar: TakeSidecar | null
  /** When its files were last written, for takes that say nothing themselves. */
  readonly writtenAt: number
}

/** Everything in the folder that is or was a take; temporary leftovers are removed. */
export async function findTakes(folder: string): Promise<FoundTake[]> {
  const names = new Set(await readdir(folder))
  const ids = new Set<string>()
  for (const name of names) {
    if (name.endsWith('.part')) await unlink(join(folder, name)).catch(() => undefined)
    const id = /^(.+)\.(wav|json)$/.exec(name)?.[1]
    if (id !== undefined && Id.safeParse(id).success) ids.add(id)
  }
  const found: FoundTake[] = []
  for (const id of [...ids].sort()) {
    const hasWav = names.has(`${id}.wav`)
    const { mtimeMs } = await stat(join(folder, `${id}.${hasWav ? 'wav' : 'json'}`))
    found.push({ id, hasWav, sidecar: await readSidecar(join(folder, `${id}.json`)), writtenAt: Math.round(mtimeMs) })
  }
  return found
}

/** A sidecar without audio is history and goes after 90 days; a discarded take after 7. */
export async function forgetOld(folder: string, found: FoundTake, now: number): Promise<boolean> {
  const age = now - found.writtenAt
  const discarded = found.sidecar?.take.state === 'discarded'
  if (!(discarded && age > DISCARDED_MS) && !(!found.hasWav && age > HISTORY_MS)) return false
  for (const end of ['wav', 'json']) await unlink(join(folder, `${found.id}.${end}`)).catch(() => undefined)
  return true
}
