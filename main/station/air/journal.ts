import { closeSync, fsyncSync, openSync, readFileSync, readdirSync, rmSync, statSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { EditCode, PlaySource, ReasonCode, StartSource, StopReason } from '#contract/air.ts'
import type { Clock, Logger } from '../context.ts'
import type { AsRunEntry } from './messages.ts'
import { StoredFill } from './stored-programme.ts'

const instant = z.number().int()
const Started = z.object({
  id: z.string(), bus: z.string(), lineId: z.string().nullable(), rev: z.number().int().nullable(), placementId: z.string().nullable(), fill: StoredFill.nullable(), itemId: z.string().nullable(), broadcastDate: z.string().nullable(), title: z.string(), sha256: z.string().nullable(),
  importedAt: instant.nullable(), initialAt: instant.nullable(), plannedAt: instant.nullable(), predictedAt: instant.nullable(), actualAt: instant, wall: instant, startErrorUs: instant.nullable(),
  startSource: StartSource, playSource: PlaySource, editCode: EditCode, reason: ReasonCode.nullable(), priority: z.number().int(), onAir: z.boolean(), ratio: z.number().positive(), joinedAtSample: z.number().int().nonnegative(), operator: z.string().nullable(),
})
const Ended = z.object({
  id: z.string(), endedAt: instant, wall: instant, playedSamples: z.number().int().nonnegative(), stopReason: StopReason, editCode: EditCode, operator: z.string().nullable(), integratedLufs: z.number().nullable(), silenceMs: z.number().nullable(),
  consumedSamples: z.number().int().nonnegative().nullable(),
})
const Entry = z.discriminatedUnion('entry', [z.object({ entry: z.literal('started'), row: Started }), z.object({ entry: z.literal('ended'), row: Ended })])

/** Reads what a journal says, in order. A torn or damaged line is left out and counted. */
export function parseJournal(text: string): { entries: AsRunEntry[]; damaged: number } {
  const entries: AsRunEntry[] = []
  let damaged = 0
  for (const line of text.split('\n')) {
    if (line.trim() === '') continue
    const entry = parseLine(line)
    if (entry === null) damaged++
    else entries.push(entry)
  }
  return { entries, damaged }
}

function parseLine(line: string): AsRunEntry | null {
  try {
    return Entry.parse(JSON.parse(line))
  } catch {
    return null
  }
}

/** All journals of a folder, oldest first; those not written to for `keptMs` are deleted. */
export function readJournals(folder: string, options: { clock: Clock; logger: Logger; keptMs: number }): AsRunEntry[] {
  const { clock, logger, keptMs } = options
  const entries: AsRunEntry[] = []
  for (const name of readdirSync(folder).sort()) {
    const path = join(folder, name)
    try {
      if (statSync(path).mtimeMs < clock.now() - keptMs) {
        rmSync(path)
        continue
      }
      const { entries: found, damaged } = parseJournal(readFileSync(path, 'utf8'))
      if (damaged > 0) logger.warn('an as-run journal has damaged lines', { name, damaged })
      entries.push(...found)
    } catch (error) {
      logger.warn('an as-run journal cannot be read', { name, error })
    }
  }
  return entries
}

/** Writes entries to a journal of their own and waits for the disk: a few lines, at a start, before anything sounds. @throws Error when the disk refuses */
export function writeJournal(path: string, entries: readonly AsRunEntry[]): void {
  const handle = openSync(path, 'a', 0o600)
  try {
    writeSync(handle, entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''))
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}
