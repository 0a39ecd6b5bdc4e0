import { open, rename } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'

/**
 * Lines that reach the disk in order, written by the file pool and never by the caller's thread. Entries that come during a write go together with
 * the next one; what the disk refused waits and goes before it (a line may then be there twice, or torn once).
 */
export class JournalWriter {
  private handle: FileHandle | null = null
  private waiting = ''
  private writing: Promise<void> | null = null
  private readonly path: string
  private readonly trouble: (message: string, detail: Record<string, unknown>) => void

  constructor(path: string, trouble: (message: string, detail: Record<string, unknown>) => void) {
    this.path = path
    this.trouble = trouble
  }

  append(entry: unknown): void {
    this.waiting += `${JSON.stringify(entry)}\n`
    this.writing ??= this.drain()
  }

  /** Resolves when everything appended so far is on disk. */
  async flushed(): Promise<void> {
    while (this.writing !== null) await this.writing
  }

  async close(): Promise<void> {
    await this.flushed()
    await this.handle?.close()
    this.handle = null
  }

  private async drain(): Promise<void> {
    try {
      this.handle ??= await open(this.path, 'a', 0o600)
      while (this.waiting !== '') {
        const text = this.waiting
        this.waiting = ''
        try {
          await this.handle.appendFile(text)
          await this.handle.datasync()
        } catch (error) {
          // A full disk may have taken half a line: a new one begins behind it.
          this.waiting = `\n${text}${this.waiting}`
          const refused = this.handle
          this.handle = null
          await refused.close().catch(() => undefined)
          throw error
        }
      }
    } catch (error) {
      this.trouble('the as-run journal cannot be written', { error: String(error) })
    } finally {
      this.writing = null
    }
  }
}

/** A small file that is always whole: the newest value wins, one write at a time, temp file + fsync + rename. */
export class LatestFile {
  private value: string | null = null
  private writing = false
  private readonly path: string
  private readonly trouble: (message: string, detail: Record<string, unknown>) => void

  constructor(path: string, trouble: (message: string, detail: Record<string, unknown>) => void) {
    this.path = path
    this.trouble = trouble
  }

  set(value: unknown): void {
    this.value = JSON.stringify(value)
    if (!this.writing) void this.drain()
  }

  private async drain(): Promise<void> {
    this.writing = true
    try {
      while (this.value !== null) {
        const text = this.value
        this.value = null
        const temp = `${this.path}.new`
        const handle = await open(temp, 'w', 0o600)
        try {
          await handle.writeFile(text)
          await handle.sync()
        } finally {
          await handle.close()
        }
        await rename(temp, this.path)
      }
    } catch (error) {
      this.trouble('the position of the air cannot be written', { error: String(error) })
    } finally {
      this.writing = false
    }
  }
}
