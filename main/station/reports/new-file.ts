import { access, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '#contract/errors.ts'
import { writeWhole } from '../media/index.ts'

const MOST_COPIES = 1000

/**
 * Writes a file that was not there before, whole or not at all: beside its place, synced, renamed. A taken name gets a number.
 * @returns its path. @throws AppError folder-missing, invalid-input, disk-full
 */
export async function writeNew(place: { folder: string; name: string; ending: string }, write: (part: string) => Promise<void>): Promise<string> {
  const target = await freePath(place)
  await writeWhole(target, write)
  return target
}

/** @throws AppError folder-missing, invalid-input */
export async function checkPlace({ folder, name }: { folder: string; name: string }): Promise<void> {
  // A name must stay a name on every system.
  if (/[\\/:*?"<>|\p{Cc}]/u.test(name) || /^\.|\.$/.test(name)) throw new AppError('invalid-input', { data: { field: 'name' } })
  const facts = await stat(folder).catch(() => null)
  if (facts?.isDirectory() !== true) throw new AppError('folder-missing', { data: { folder } })
}

async function freePath(place: { folder: string; name: string; ending: string }): Promise<string> {
  await checkPlace(place)
  for (let copy = 1; copy <= MOST_COPIES; copy++) {
    const path = join(place.folder, `${place.name}${copy === 1 ? '' : ` (${copy})`}.${place.ending}`)
    if (!(await access(path).then(() => true, () => false))) return path
  }
  throw new AppError('file-exists', { data: { fileName: `${place.name}.${place.ending}` } })
}
