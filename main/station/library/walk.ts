import { lstat, readdir } from 'node:fs/promises'
import { basename, isAbsolute, join, relative } from 'node:path'
import { oneLine } from '#common/text/index.ts'
import { AppError } from '#contract/errors.ts'
import { fileError } from '../media/index.ts'

export interface FoundFile {
  readonly path: string
  /** Way from the folder that was brought, with it: `Tin xã/thôn 3/họp dân.m4a`. */
  readonly name: string
  /** Names of the folders on that way. */
  readonly tags: readonly string[]
  readonly sizeBytes: number
  /** Not sound by its ending: listed, never opened. */
  readonly skip: boolean
}
export interface Walk {
  readonly files: FoundFile[]
  /** Found beyond the bounds. */
  readonly leftOut: number
}
export interface WalkBounds {
  readonly files: number
  readonly depth: number
  /** Entries looked at, whatever they are: a whole disk dropped by mistake must end soon. */
  readonly entries: number
}

export const walkBounds: WalkBounds = { files: 2_000, depth: 8, entries: 50_000 }
const MOST_TAGS = 8

/** Hidden files, and what download managers, office programs and copy tools have on their way. */
const unfinished = /^[.~]|\.(part|partial|tmp|crdownload|download|filepart)$/i
const notSound = /\.(docx?|xlsx?|pptx?|pdf|txt|rtf|odt|ods|csv|html?|xml|json|jpe?g|png|gif|webp|heic|bmp|tiff?|svg|psd|ai|zip|rar|7z|gz|tar|exe|msi|apk|iso|lnk|url|ini|db|log|srt|vtt|sesx|aup3?|aud|pkf|peak|cue|m3u8?|pls|torrent|eml|ics|vcf)$/i
const order = new Intl.Collator('vi', { numeric: true, sensitivity: 'base' })

export function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path)
  return way === '' || (!way.startsWith('..') && !isAbsolute(way))
}

/**
 * Files under the given files and folders, in reading order. Links are not followed, `except` (our own data) is not entered.
 * A folder inside that cannot be read is passed over; what was named by hand must be there.
 * @throws AppError file-missing, file-unreadable, cancelled
 */
export async function walk(roots: readonly string[], options: { except: string; signal: AbortSignal; bounds?: WalkBounds }): Promise<Walk> {
  const bounds = options.bounds ?? walkBounds
  const files: FoundFile[] = []
  let leftOut = 0
  let looked = 0

  const take = (path: string, folders: readonly string[], sizeBytes: number): void => {
    const name = [...folders, basename(path)].map((part) => oneLine(part, 200)).join('/')
    if (files.length >= bounds.files) leftOut++
    else files.push({ path, name: oneLine(name, 1_000), tags: tagsOf(folders), sizeBytes, skip: notSound.test(path) })
  }
  const enter = async (folder: string, folders: readonly string[]): Promise<void> => {
    if (options.signal.aborted) throw new AppError('cancelled')
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
    entries.sort((a, b) => order.compare(a.name, b.name))
    for (const entry of entries) {
      if (++looked > bounds.entries) return
      const path = join(folder, entry.name)
      if (unfinished.test(entry.name) || isInside(options.except, path)) continue
      if (entry.isDirectory()) {
        if (folders.length < bounds.depth) await enter(path, [...folders, entry.name])
        else leftOut++
      } else if (entry.isFile()) take(path, folders, (await lstat(path).catch(() => null))?.size ?? 0)
    }
  }

  for (const root of roots) {
    const facts = await lstat(root).catch((error: unknown) => {
      const failure = fileError(error)
      throw new AppError(failure.code, { cause: error, data: { fileName: oneLine(basename(root), 255) } })
    })
    if (isInside(options.except, root)) throw new AppError('invalid-input', { data: { field: 'paths' } })
    if (facts.isDirectory()) await enter(root, [basename(root)])
    else take(root, [], facts.size)
  }
  return { files, leftOut: looked > bounds.entries ? leftOut + 1 : leftOut }
}

function tagsOf(folders: readonly string[]): string[] {
  const tags = folders.map((folder) => oneLine(folder.replaceAll('_', ' '), 60)).filter((tag) => tag !== '')
  return [...new Set(tags)].slice(0, MOST_TAGS)
}
