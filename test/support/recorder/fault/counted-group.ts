import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { RecordedTake } from '#contract/recorder.ts'
import { TAKE_HEADER_BYTES, decodeTakeHeader } from '../../../../main/station/recorder/wav-header.ts'
import type { StationClient } from '../../station-client.ts'

export interface CountedGroup {
  readonly parts: readonly RecordedTake[]
  readonly frames: number
  /** Counter value of the first frame that sounds. */
  readonly firstValue: number
  readonly lastValue: number
  /** First frame of the group that is neither the counter nor silence under a fault, or -1. */
  readonly wrongAt: number
  /** Frames of silence the faults name. */
  readonly toldFrames: number
  readonly headersTrue: boolean
}

const holes: readonly string[] = ['gap', 'dropout', 'input-lost']

/** Reads every part of a run out of the library and follows the counter through all of them. Mono. */
export async function readCounted(client: StationClient, folder: string, groupId: string, modulus: number): Promise<CountedGroup> {
  const { takes } = await client.call('recorder.takes', {})
  const parts: RecordedTake[] = []
  for (const take of takes.filter((one) => one.groupId === groupId).sort((a, b) => a.part - b.part)) {
    if (take.durableFrames === 0 || take.state === 'discarded') continue
    const kept = take.itemId === null ? await client.waitFor('recorder.changed', (one) => one.id === take.id && (one.itemId !== null || one.importError !== null), 120_000) : take
    if (kept.itemId === null) throw new Error(`the library refused ${take.title}: ${kept.importError?.code}`)
    parts.push(kept)
  }
  let frames = 0
  let firstValue = -1
  let wrongAt = -1
  let toldFrames = 0
  let headersTrue = true
  /** Value at frame 0 of the group, as the counter runs just now; a device that comes back counts from anywhere. */
  let origin: number | null = null
  for (const part of parts) {
    const { sha256 } = await client.call('library.get', { itemId: part.itemId ?? '' })
    const wav = await readFile(join(folder, 'media', `${sha256}.wav`))
    const header = decodeTakeHeader(wav)
    headersTrue &&= header !== null && header.claimedBytes === part.durableFrames * 3 && wav.length === TAKE_HEADER_BYTES + header.claimedBytes + (header.claimedBytes % 2)
    const known = part.faults.filter((fault) => holes.includes(fault.kind))
    for (let i = 0; i < part.durableFrames; i++) {
      const at = TAKE_HEADER_BYTES + i * 3
      const value = (wav[at] ?? 0) | ((wav[at + 1] ?? 0) << 8) | ((wav[at + 2] ?? 0) << 16)
      const hole = value === 0 ? known.find((fault) => i >= fault.atFrame && i < fault.atFrame + fault.frames) : undefined
      if (hole !== undefined) {
        toldFrames++
        if (hole.kind === 'input-lost') origin = null
        continue
      }
      origin ??= (value - ((frames + i) % modulus) + modulus) % modulus
      if (firstValue < 0) firstValue = value
      if (value !== (origin + frames + i) % modulus && wrongAt < 0) wrongAt = frames + i
    }
    frames += part.durableFrames
  }
  return { parts, frames, firstValue, lastValue: origin === null ? -1 : (origin + frames - 1) % modulus, wrongAt, toldFrames, headersTrue }
}
