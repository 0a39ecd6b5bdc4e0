import { open, readFile, rename, unlink } from 'node:fs/promises'
import { setTimeout as wait } from 'node:timers/promises'
import { z } from 'zod'
import { Id } from '#contract/shapes.ts'
import { RecordedTake, TakeCut } from '#contract/recorder.ts'

const KeptTake = RecordedTake.omit({ handle: true, freeBytes: true, peakDbfs: true, cutBy: true })

/** What stands beside `<id>.wav`: everything a person or a recovery needs to know, without the audio. */
export const TakeSidecar = z.object({
  version: z.literal(2),
  take: KeptTake,
  by: z.object({ personId: Id.nullable(), name: z.string() }),
  settings: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  /** Why a take was closed by the station and not by a person. */
  reason: TakeCut.nullable().catch(null),
  /** SHA-256 of the key by which a window may hand in what it still held when it died. */
  pickUp: z.string().nullable().default(null),
})
export type TakeSidecar = z.infer<typeof TakeSidecar>

/** Before takes had parts. */
const FirstSidecar = TakeSidecar.extend({
  version: z.literal(1),
  take: KeptTake.omit({ groupId: true, part: true, groupFrame: true, sessionFrame: true, joint: true, continuesAt: true, origin: true, inputs: true, inputLost: true, split: true, punch: true }),
}).transform((old): TakeSidecar => ({ ...old, version: 2, take: { ...old.take, ...onlyPart(old.take.id, old.take.inputLabel, old.take.inputRateHz) } }))
const AnySidecar = z.union([TakeSidecar, FirstSidecar])

/** Particulars of a take that is a group by itself. */
export function onlyPart(id: string, label: string, rateHz: number): Pick<TakeSidecar['take'], 'groupId' | 'part' | 'groupFrame' | 'sessionFrame' | 'joint' | 'continuesAt' | 'origin' | 'inputs' | 'inputLost' | 'split' | 'punch'> {
  return {
    groupId: id, part: 1, groupFrame: 0, sessionFrame: 0, joint: 'first', continuesAt: null, origin: { kind: 'device' }, inputs: [{ atFrame: 0, label, rateHz }], inputLost: false,
    split: { everyMinutes: null, atMarks: false }, punch: null,
  }
}

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
    const parsed = AnySidecar.safeParse(JSON.parse(await readFile(path, 'utf8')))
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
