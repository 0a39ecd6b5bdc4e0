/** A place beside the memory for sound the station has not taken yet. */
export interface Spool {
  /** Where the bytes were put, or null when it takes no more. */
  write(bytes: Uint8Array): number | null
  read(offset: number, length: number): Uint8Array<ArrayBuffer> | null
  /** Nothing of it is needed any more. */
  clear(): void
  close(): void
}

/** The synchronous file access of a Worker, as far as it is used here. */
export interface SyncFile {
  read(buffer: Uint8Array<ArrayBuffer>, options: { at: number }): number
  write(buffer: Uint8Array<ArrayBuffer>, options: { at: number }): number
  truncate(size: number): void
  flush(): void
  close(): void
}

export function spoolOn(file: SyncFile): Spool {
  let end = 0
  let broken = false
  return {
    write(bytes) {
      if (broken) return null
      try {
        const at = end
        if (file.write(new Uint8Array(bytes), { at }) !== bytes.length) return null
        end = at + bytes.length
        return at
      } catch {
        // The quota is used up or the disk is full: what follows stays in memory.
        broken = true
        return null
      }
    },
    read(offset, length) {
      const bytes = new Uint8Array(length)
      try {
        return file.read(bytes, { at: offset }) === length ? bytes : null
      } catch {
        return null
      }
    },
    clear() {
      if (end === 0) return
      end = 0
      broken = false
      try {
        file.truncate(0)
      } catch {
        // It is written over from the beginning just the same.
      }
    },
    close() {
      file.close()
    },
  }
}

declare global {
  // The page's own type library knows neither: the one belongs to Workers, the other is newer.
  interface FileSystemDirectoryHandle {
    keys(): AsyncIterableIterator<string>
  }
  interface FileSystemFileHandle {
    createSyncAccessHandle(): Promise<SyncFile>
  }
}

const NAME = /^capture-\d+-\d+\.spool$/

/** A file of its own in the page's private file system; null where there is none. Files of windows that are gone are removed. */
export async function openPrivateSpool(): Promise<Spool | null> {
  try {
    const folder = await navigator.storage.getDirectory()
    for await (const name of folder.keys()) {
      // A file that another window holds open cannot be removed: that one stays.
      if (NAME.test(name)) await folder.removeEntry(name).catch(() => undefined)
    }
    const handle = await folder.getFileHandle(`capture-${Date.now()}-${Math.floor(Math.random() * 1e9)}.spool`, { create: true })
    return spoolOn(await handle.createSyncAccessHandle())
  } catch {
    return null
  }
}
