import { open, readFile, rename, unlink } from 'node:fs/promises'
import { setTimeout as wait } from 'node:timers/promises'
import { z } from 'zod'
import { Id } from '#contract/shapes.ts'
import { RecordedTake } from '#contract/recorder.ts'

/** What stands beside `<id>.wav`: everything a person or a recovery needs to know, without the audio. */
export const TakeSidecar = z.object({
  version: z.literal(1),
  take: RecordedTake.omit({ handle: true, freeBytes: true }),
  by: z.object({ personId: Id.nullable(), name: z.string() }),
  settings: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  /** Why a take was closed by the station and not by a person. */
  reason: z.string().nullable(),
})
export type TakeSidecar = z.infer<typeof TakeSidecar>

/** Temp file, fsync, rename: a reader sees the old one or the new one, never half of one. */
export async function writeSidecar(path: string, sidecar: TakeSidecar): Promise<void> {
  const temporary = `${path}.part`
  const file = await open(temporary, 'w', 0o600)
  try {
    await file.writeFile(JSON.stringify(sidecar))
    await file.sync()
  } finally {
    await file.close()
  }
  await renamePatiently(temporary, path)
}

/** Null when it is missing, torn or of another shape: the audio then speaks for itself. */
export async function readSidecar(path: string): Promise<TakeSidecar | null> {
  try {
    const parsed = TakeSidecar.safeParse(JSON.parse(await readFile(path, 'utf8')))
    return parsed.success ? parsed.data : null
  } catch {
    return null
  }
}

/** Virus scanners on Windows hold a fresh file open for a moment. */
async function renamePatiently(from: string, to: string): Promise<void> {
  for (let left = 5; ; left--) {
    try {
      return await rename(from, to)
    } catch (error) {
      if (left === 0 || process.platform !== 'win32') {
        await unlink(from).catch(() => undefined)
        throw error
      }
      await wait(60)
    }
  }
}
