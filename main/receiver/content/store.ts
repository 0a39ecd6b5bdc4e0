import { createHash } from 'node:crypto'
import { createReadStream, existsSync, mkdirSync, readdirSync, rmSync, statSync, utimesSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { SoundError } from '../player/voice.ts'

const RECHECK_MS = 7 * 86_400_000

/** Files by content address. The time stamp of a file is the last time its hash was seen to be right. */
export interface ContentStore {
  path(sha256: string): string
  partPath(sha256: string): string
  has(sha256: string): boolean
  /** Path of a file whose bytes are right; one not checked for seven days is hashed again first, and thrown away when it is wrong. */
  checked(sha256: string): Promise<string>
  freeBytes(): Promise<number>
  /** Room for `bytes` more: within the budget and leaving a tenth of the disk free. */
  roomFor(bytes: number): Promise<boolean>
  /** Deletes files in the given order until `bytes` fit; `order` holds no pinned file. Returns what was deleted. */
  evict(bytes: number, order: readonly string[]): Promise<string[]>
  all(): string[]
}

export function openContentStore(folder: string, options: { budgetBytes: number }): ContentStore {
  mkdirSync(folder, { recursive: true })
  const path = (sha256: string): string => `${folder}/${sha256}`
  const all = (): string[] => readdirSync(folder).filter((name) => /^[0-9a-f]{64}$/.test(name))
  const usedBytes = (): number => all().reduce((sum, name) => sum + statSync(path(name)).size, 0)

  const store: ContentStore = {
    path,
    partPath: (sha256) => `${folder}/${sha256}.part`,
    has: (sha256) => existsSync(path(sha256)),
    all,
    async checked(sha256) {
      const file = path(sha256)
      if (!existsSync(file)) throw new SoundError('no_file')
      if (Date.now() - statSync(file).mtimeMs < RECHECK_MS) return file
      if ((await hashFile(file)) !== sha256) {
        rmSync(file, { force: true })
        throw new SoundError('bad_hash')
      }
      const now = new Date()
      utimesSync(file, now, now)
      return file
    },
    async freeBytes() {
      const disk = await statfs(folder)
      return disk.bavail * disk.bsize
    },
    async roomFor(bytes) {
      const disk = await statfs(folder)
      const reserve = disk.blocks * disk.bsize * 0.1
      return usedBytes() + bytes <= options.budgetBytes && disk.bavail * disk.bsize - bytes >= Math.min(reserve, 512 * 1024 * 1024)
    },
    async evict(bytes, order) {
      const gone: string[] = []
      for (const sha256 of order) {
        if (await store.roomFor(bytes)) break
        if (!existsSync(path(sha256))) continue
        rmSync(path(sha256), { force: true })
        gone.push(sha256)
      }
      return gone
    },
  }
  return store
}

export async function hashFile(file: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 })) if (Buffer.isBuffer(chunk)) hash.update(chunk)
  return hash.digest('hex')
}
