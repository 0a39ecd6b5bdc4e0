import { z } from 'zod'
import { StartSource, StopReason } from '#contract/log.ts'
import type { AsRunEntry } from './messages.ts'

const Started = z.object({
  id: z.string(), lineId: z.string().nullable(), itemId: z.string().nullable(), broadcastDate: z.string().nullable(), title: z.string(), sha256: z.string().nullable(), plannedAt: z.number().int().nullable(),
  actualAt: z.number().int(), startErrorUs: z.number().int().nullable(), startSource: StartSource, joinedAtSample: z.number().int().nonnegative(),
})
const Ended = z.object({ id: z.string(), endedAt: z.number().int(), playedSamples: z.number().int().nonnegative(), stopReason: StopReason, consumedSamples: z.number().int().nonnegative().nullable() })
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
