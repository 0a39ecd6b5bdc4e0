import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { wavHeader } from '#common/mix/index.ts'
import type { SoundAbilities } from '#contract/sound.ts'
import type { z } from 'zod'
import type { StationContext } from '../context.ts'
import type { MediaRoom } from '../faces.ts'
import { writeWhole } from '../media/index.ts'
import { openDenoiser } from './rnnoise/denoise.ts'
import type { Denoiser } from './rnnoise/denoise.ts'

export type Abilities = z.infer<typeof SoundAbilities>

export interface SoundTools {
  abilities(): Promise<Abilities>
  readonly denoiser: Denoiser
  /** Frames by which a chain with these filters comes late: found by trying, once per ffmpeg. */
  delayOf(chain: readonly string[], signal: AbortSignal): Promise<number>
}

/** Filters whose output is late, and by how much differs from one ffmpeg to the next. */
const LATE = /^(afftdn|anlmdn)=/
const BURST_FRAMES = 24_000
const MOST_DELAY = 4_800

export function openTools(ctx: Pick<StationContext, 'folders' | 'newId'>, media: Pick<MediaRoom, 'ffmpeg' | 'filterSound' | 'openPcm'>): SoundTools {
  const denoiser = openDenoiser(media)
  const delays = new Map<string, Promise<number>>()

  async function tried(filter: string, signal: AbortSignal): Promise<number> {
    const base = join(ctx.folders.temp, `delay-${ctx.newId()}`)
    try {
      const burst = await writeBurst(`${base}.wav`)
      const pcm = await media.openPcm(`${base}.wav`)
      const out = await media.filterSound(pcm, `${base}-out.wav`, { chain: [filter], range: null, length: BURST_FRAMES + MOST_DELAY, format: 'int16', signal })
      const bytes = await readFile(out.path)
      const view = new Int16Array(bytes.buffer.slice(bytes.byteOffset + out.dataOffsetBytes, bytes.byteOffset + out.dataOffsetBytes + out.length * 2))
      return lagOf(burst, view)
    } finally {
      for (const file of [`${base}.wav`, `${base}-out.wav`]) await rm(file, { force: true }).catch(() => undefined)
    }
  }

  return {
    denoiser,
    async abilities() {
      const [{ filters }, hasRnnoise] = await Promise.all([media.ffmpeg(), denoiser.isAble()])
      return {
        reducers: [...(hasRnnoise ? ['rnnoise' as const] : []), ...(filters.has('afftdn') ? ['afftdn' as const] : [])],
        stretch: filters.has('rubberband') ? 'rubberband' : filters.has('atempo') ? 'atempo' : 'none',
        clicks: filters.has('adeclick'), sibilance: filters.has('deesser'),
      }
    },
    async delayOf(chain, signal) {
      const { path: program } = await media.ffmpeg()
      let sum = 0
      for (const filter of chain) {
        const name = LATE.exec(filter)?.[1]
        if (name === undefined) continue
        const key = `${program} ${name}`
        let delay = delays.get(key)
        if (delay === undefined) {
          // Strength does not change the delay; a gentle one keeps the burst as it was.
          delay = tried(name === 'afftdn' ? 'afftdn=noise_reduction=1:noise_floor=-80' : filter, signal)
          delays.set(key, delay)
          delay.catch(() => delays.delete(key))
        }
        sum += await delay
      }
      return sum
    },
  }
}

/** Half a second of noise that begins and ends in silence. */
async function writeBurst(path: string): Promise<Int16Array> {
  const burst = new Int16Array(BURST_FRAMES)
  let state = 12_345
  for (let n = 2_400; n < BURST_FRAMES - 2_400; n++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) | 0
    burst[n] = state >> 19
  }
  await writeWhole(path, (part) => writeFile(part, Buffer.concat([wavHeader('int16', 1, BURST_FRAMES), new Uint8Array(burst.buffer)])))
  return burst
}

/** Shift at which two sounds are most alike. */
function lagOf(sound: Int16Array, late: Int16Array): number {
  let best = 0
  let found = 0
  for (let lag = 0; lag < MOST_DELAY; lag++) {
    let sum = 0
    for (let n = 0; n < sound.length; n += 3) sum += (sound[n] as number) * (late[n + lag] ?? 0)
    if (sum > best) {
      best = sum
      found = lag
    }
  }
  return found
}
