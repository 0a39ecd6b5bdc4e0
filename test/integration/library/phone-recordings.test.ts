import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { correlation, readPcm } from '../../support/correlate.ts'
import { lan, openLibraryBench } from '../../support/library-room.ts'

/**
 * "Kính thưa bà con. Đây là đài truyền thanh xã.", spoken by espeak-ng and encoded once as phones do it (AMR-NB 12.2 kbit/s, AMR-WB 12.65 kbit/s, AMR-NB
 * 7.95 kbit/s in 3GP): common ffmpeg builds read AMR but cannot write it.
 */
const fixture = (name: string): string => fileURLToPath(new URL(`../../fixtures/phone/${name}`, import.meta.url))
const SECONDS = 3.46
const FRAME = 960

/** Level of each 20 ms, around its mean. */
function envelope(sound: Float32Array): Float32Array {
  const levels = Float32Array.from({ length: Math.floor(sound.length / FRAME) }, (_, n) => Math.sqrt(sound.subarray(n * FRAME, (n + 1) * FRAME).reduce((sum, value) => sum + value * value, 0) / FRAME))
  const mean = levels.reduce((sum, level) => sum + level, 0) / levels.length
  return levels.map((level) => level - mean)
}

describe('a phone recording', () => {
  it('in AMR-NB, AMR-WB and 3GP is the same speech in the library, whole and of the right length', async () => {
    await using bench = await openLibraryBench()
    const heard: Float32Array[] = []
    for (const [name, codec] of [['voice-nb.amr', /amr_?nb/], ['voice-wb.awb', /amr_?wb/], ['voice.3gp', /amr_?nb/]] as const) {
      const item = await bench.library.importFile(fixture(name), { who: lan }).item
      expect(item.codec, name).toMatch(codec)
      expect(Math.abs(item.lengthSamples / 48_000 - SECONDS), name).toBeLessThan(0.06)
      expect(item.loudness?.integratedLufs, name).toBeGreaterThan(-40)
      const pcm = await bench.library.pcmOf(item.id)
      if (pcm === null) throw new Error(`no sound of ${name}`)
      expect(pcm.length).toBe(item.lengthSamples)
      heard.push(envelope(readPcm(pcm.path, pcm)))
    }
    const [narrow, ...others] = heard
    for (const other of others) expect(correlation(narrow ?? new Float32Array(0), other)).toBeGreaterThan(0.9)
  })
})
