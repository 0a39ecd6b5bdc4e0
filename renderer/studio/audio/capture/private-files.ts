import { spoolOn, type Spool, type SyncFile } from './spool.ts'

declare global {
  // The page's own type library knows neither: the one belongs to Workers, the other is newer.
  interface FileSystemDirectoryHandle {
    keys(): AsyncIterableIterator<string>
  }
  interface FileSystemFileHandle {
    createSyncAccessHandle(): Promise<SyncFile & { getSize(): number }>
  }
}

const NAME = /^capture-(\d+)-\d+\.spool$/

/** A file of its own in the page's private file system; null where there is none. */
export async function openPrivateSpool(): Promise<Spool | null> {
  try {
    const folder = await navigator.storage.getDirectory()
    const handle = await folder.getFileHandle(`capture-${Date.now()}-${Math.floor(Math.random() * 1e9)}.spool`, { create: true })
    return spoolOn(await handle.createSyncAccessHandle())
  } catch {
    return null
  }
}

export interface LeftFile {
  readonly file: SyncFile
  /** Closes it, and removes it when nothing in it is needed any more. */
  done(remove: boolean): Promise<void>
}

/**
 * Files of windows that are gone.
 * @param before when this page began, Unix ms: what was made since is its own
 * @returns `locked`: files that a dying window has not let go of yet
 */
export async function leftFiles(before: number): Promise<{ files: LeftFile[]; locked: number }> {
  const files: LeftFile[] = []
  let locked = 0
  const folder = await navigator.storage.getDirectory()
  for await (const name of folder.keys()) {
    const madeAt = NAME.exec(name)?.[1]
    if (madeAt === undefined || (Number(madeAt) >= before && Number(madeAt) <= Date.now())) continue
    try {
      const handle = await folder.getFileHandle(name)
      const file = await handle.createSyncAccessHandle()
      const done = async (remove: boolean): Promise<void> => {
        file.close()
        if (remove) await folder.removeEntry(name).catch(() => undefined)
      }
      if (file.getSize() === 0) await done(true)
      else files.push({ file, done })
    } catch {
      locked++
    }
  }
  return { files, locked }
}
