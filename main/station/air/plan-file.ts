import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs'
import { isAbsolute, join, relative } from 'node:path'
import { z } from 'zod'
import { resumeModes } from '#common/playout/words.ts'
import { samples } from '#common/units/samples.ts'
import type { PcmFile } from '../faces.ts'
import type { AirProgramme } from './programme.ts'
import { StoredProgramme } from './stored-programme.ts'

/** What the air needs to know of the settings when there is no database. */
const Setup = z.object({ buses: z.array(z.object({ id: z.string(), unitIds: z.array(z.string()), lastResort: z.enum(['reel', 'tone', 'silence']).exactOptional() })).min(1).max(8), resume: z.enum(resumeModes) })
export type AirSetup = z.infer<typeof Setup>
/** air/plan.json: what the gate let through, so that the air can start without the database. Paths inside the data folder are kept relative to it. */
const StoredPlan = StoredProgramme.extend({ version: z.literal(2), setup: Setup })
const Older = z.object({ version: z.literal(1) })

export function planPath(airFolder: string): string {
  return join(airFolder, 'plan.json')
}

/** Temp file + fsync + rename, at once: after it returns, a killed station starts with this plan. */
export function writePlan(root: string, file: string, setup: AirSetup, { lines, slots, days, fill }: AirProgramme): void {
  const temp = `${file}.new`
  const handle = openSync(temp, 'w', 0o600)
  try {
    writeSync(handle, JSON.stringify({ version: 2, setup, ...onPaths({ lines, slots, days, fill }, (path) => storedPath(root, path)) }))
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
  renameSync(temp, file)
}

/** Null when there is none (or one of an older station); `damaged` when what is there is not a plan (the air then waits for the log room). */
export function readPlan(root: string, file: string): { readonly setup: AirSetup; readonly programme: AirProgramme } | 'damaged' | null {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch {
    return null
  }
  try {
    const read: unknown = JSON.parse(text)
    if (Older.safeParse(read).success) return null
    const { setup, lines, slots, days, fill } = StoredPlan.parse(read)
    return { setup, programme: onPaths({ lines, slots, days, fill }, (path) => fullPath(root, path)) }
  } catch {
    return 'damaged'
  }
}

interface WithPcm { readonly pcm: Omit<PcmFile, 'length'> & { readonly length: number } }
interface Sounds<S> {
  readonly lines: readonly (Omit<AirProgramme['lines'][number], 'sound' | 'backups'> & { readonly sound: S | null; readonly backups: readonly S[] })[]
  readonly slots: readonly (Omit<AirProgramme['slots'][number], 'backups'> & { readonly backups: readonly S[] })[]
  readonly days: AirProgramme['days']
  readonly fill: readonly (Omit<AirProgramme['fill'][number], 'sound'> & { readonly sound: S })[]
}

function onPaths<S extends WithPcm>({ lines, slots, days, fill }: Sounds<S>, change: (path: string) => string) {
  const sound = (one: S) => ({ ...one, pcm: { ...one.pcm, path: change(one.pcm.path), length: samples(one.pcm.length) } })
  return {
    lines: lines.map((line) => ({ ...line, sound: line.sound === null ? null : sound(line.sound), backups: line.backups.map(sound) })),
    slots: slots.map((slot) => ({ ...slot, backups: slot.backups.map(sound) })),
    days, fill: fill.map((one) => ({ ...one, sound: sound(one.sound) })),
  }
}

function storedPath(root: string, path: string): string {
  const inside = relative(root, path)
  return inside.startsWith('..') || isAbsolute(inside) ? path : inside.replaceAll('\\', '/')
}
function fullPath(root: string, path: string): string {
  return isAbsolute(path) ? path : join(root, path)
}
