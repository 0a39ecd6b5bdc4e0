import { open } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { decodeBext, decodeCart } from './bwf/index.ts'
import type { Bext, Cart } from './bwf/index.ts'

/** A chunk larger than this is no description any more. */
const MAX_CHUNK_BYTES = 1_000_000
/** Files with more chunks than that are damaged. */
const MAX_CHUNKS = 200

/** What the broadcast chunks of a WAV, BWF or RF64 file say, wherever in the file they stand. Never throws over a damaged file: what cannot be read is null. */
export async function readBroadcastChunks(path: string): Promise<{ bext: Bext | null; cart: Cart | null }> {
  const file = await open(path, 'r')
  try {
    const found: { bext: Bext | null; cart: Cart | null } = { bext: null, cart: null }
    const head = await readAt(file, 0, 12)
    const magic = head.toString('latin1', 0, 4)
    if ((magic !== 'RIFF' && magic !== 'RF64') || head.toString('latin1', 8, 12) !== 'WAVE') return found
    const { size } = await file.stat()
    let longData = 0
    let at = 12
    for (let n = 0; n < MAX_CHUNKS && at + 8 <= size; n++) {
      const start = await readAt(file, at, 8)
      if (start.length < 8) break
      const id = start.toString('latin1', 0, 4)
      const told = start.readUInt32LE(4)
      if (id === 'ds64') longData = Number((await readAt(file, at + 16, 8)).readBigUInt64LE(0))
      if ((id === 'bext' || id === 'cart') && told <= MAX_CHUNK_BYTES) {
        const bytes = await readAt(file, at + 8, told)
        if (id === 'bext') found.bext = decodeBext(bytes)
        else found.cart = decodeCart(bytes)
      }
      const bytes = id === 'data' && told === 0xffffffff ? longData : told
      at += 8 + bytes + (bytes & 1)
    }
    return found
  } catch {
    return { bext: null, cart: null }
  } finally {
    await file.close()
  }
}

async function readAt(file: FileHandle, at: number, bytes: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(bytes), 0, bytes, at)
  return buffer.subarray(0, bytesRead)
}
