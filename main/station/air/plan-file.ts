import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs'
import { isAbsolute, join, relative } from 'node:path'
import { z } from 'zod'
import { BroadcastDate, Id, SampleCount, Sha256 } from '#contract/shapes.ts'
import { samples } from '#common/units/samples.ts'
import type { CompiledPlan, PlannedPlay } from '../faces.ts'

/** air/plan.json: what the gate let through, so that the air can start without the database. Paths inside the data folder are kept relative to it. */
const StoredPlay = z.object({
  lineId: Id, broadcastDate: BroadcastDate, itemId: Id, title: z.string().max(400), sha256: Sha256,
  pcm: z.object({ path: z.string().min(1).max(4000), format: z.enum(['int16', 'int24', 'float32']), channels: z.number().int().min(1).max(8), dataOffsetBytes: z.number().int().nonnegative(), length: SampleCount, stamp: z.object({ sizeBytes: z.number(), modifiedMs: z.number() }).exactOptional() }),
  gainDb: z.number().min(-120).max(60), startAt: z.number().nonnegative(), playSamples: SampleCount, chainStart: z.boolean(), cut: z.boolean(), targetUnitIds: z.array(Id),
})
const StoredPlan = z.object({ version: z.literal(1), compiledAt: z.number(), fromAt: z.number(), untilAt: z.number(), plays: z.array(StoredPlay).max(20_000) })

export function planPath(airFolder: string): string {
  return join(airFolder, 'plan.json')
}

/** Temp file + fsync + rename, at once: after it returns, a killed station starts with this plan. */
export function writePlan(root: string, file: string, plan: CompiledPlan): void {
  const plays = plan.plays.map((play) => ({ ...play, pcm: { ...play.pcm, path: storedPath(root, play.pcm.path) } }))
  const temp = `${file}.new`
  const handle = openSync(temp, 'w', 0o600)
  try {
    writeSync(handle, JSON.stringify({ version: 1, compiledAt: plan.compiledAt, fromAt: plan.fromAt, untilAt: plan.untilAt, plays }))
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
  renameSync(temp, file)
}

/** Null when there is none; `damaged` when what is there is not a plan (the air then waits for the log room). */
export function readPlan(root: string, file: string): CompiledPlan | 'damaged' | null {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch {
    return null
  }
  try {
    const { compiledAt, fromAt, untilAt, plays } = StoredPlan.parse(JSON.parse(text))
    return { compiledAt, fromAt, untilAt, lines: [], slots: [], days: [], fill: [], plays: plays.map((play): PlannedPlay => ({ ...play, playSamples: samples(play.playSamples), pcm: { ...play.pcm, path: fullPath(root, play.pcm.path), length: samples(play.pcm.length) } })) }
  } catch {
    return 'damaged'
  }
}

function storedPath(root: string, path: string): string {
  const inside = relative(root, path)
  return inside.startsWith('..') || isAbsolute(inside) ? path : inside.replaceAll('\\', '/')
}
function fullPath(root: string, path: string): string {
  return isAbsolute(path) ? path : join(root, path)
}
