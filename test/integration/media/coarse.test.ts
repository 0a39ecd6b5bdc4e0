import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { decodePeaks, decodeRms, encodePeaksHeader, encodeRmsHeader, PEAKS_HEADER_BYTES, readPlaneHeader } from '#common/peaks/index.ts'
import type { Peaks } from '#common/peaks/index.ts'
import { createCoarsePeaks } from '../../../main/station/media/index.ts'
import { openPcm } from '../../../main/station/media/pcm.ts'
import { writeWav } from '../../support/signals.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vangxa-coarse-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

function parts(bytes: Uint8Array): Peaks {
  const header = readPlaneHeader(bytes, 'peaks')
  if (header === null) throw new Error('no header')
  const end = PEAKS_HEADER_BYTES + header.length * header.channels * 4
  const peaks = decodePeaks(bytes.subarray(0, end))
  const rms = decodeRms(bytes.subarray(end))
  if (peaks === null || rms === null) throw new Error('not two planes')
  return { ...peaks, rms: rms.data }
}

async function planes(length: number, at: (point: number) => { low: number; high: number; rms: number }): Promise<{ peaks: string; rms: string }> {
  const header = { rateHz: 48_000, samplesPerPoint: 256, length, channels: 1 }
  const data = new Int16Array(length * 2)
  const body = new Uint16Array(length)
  for (let n = 0; n < length; n++) {
    const { low, high, rms } = at(n)
    data.set([low, high], n * 2)
    body[n] = rms
  }
  const files = { peaks: join(folder, `${length}.dat`), rms: join(folder, `${length}.rms`) }
  await writeFile(files.peaks, Buffer.concat([encodePeaksHeader(header), Buffer.from(data.buffer)]))
  await writeFile(files.rms, Buffer.concat([encodeRmsHeader(header), Buffer.from(body.buffer)]))
  return files
}

describe('the coarse picture of a sound', () => {
  test('is joined from its peaks: nothing loud is lost, and the body is the mean of the squares', async () => {
    const files = await planes(100_001, (n) => ({ low: n === 50_000 ? -30_000 : -100, high: n === 100_000 ? 20_000 : 100, rms: n % 2 === 0 ? 0 : 1_000 }))
    const bytes = await createCoarsePeaks()({ ...files, pcm: () => Promise.resolve(null) })
    if (bytes === null) throw new Error('nothing')
    const coarse = parts(bytes)
    expect(coarse.length).toBe(Math.ceil(100_001 / 16))
    expect(coarse.samplesPerPoint).toBe(256 * 16)
    expect(coarse.data[Math.floor(50_000 / 16) * 2]).toBe(-30_000)
    expect(coarse.data.at(-1)).toBe(20_000)
    expect(coarse.rms?.[0]).toBe(Math.round(Math.sqrt(500_000)))
  })

  test('is guessed from the sound itself while its peaks are not drawn yet', async () => {
    const seconds = 20
    const loud = Float32Array.from({ length: seconds * 48_000 }, (_, n) => (n < (seconds * 48_000) / 2 ? 0 : 0.5 * Math.sin(n / 7)))
    const path = await writeWav(join(folder, 'half.wav'), [loud, loud])
    const pcm = await openPcm(path)
    const bytes = await createCoarsePeaks()({ peaks: join(folder, 'not-there.dat'), rms: join(folder, 'not-there.rms'), pcm: () => Promise.resolve(pcm) })
    if (bytes === null) throw new Error('nothing')
    const coarse = parts(bytes)
    expect(coarse.length * coarse.samplesPerPoint).toBeGreaterThanOrEqual(pcm.length)
    const high = (share: number): number => coarse.data[Math.floor(coarse.length * share) * 4 + 1] ?? -1
    expect(high(0.25)).toBe(0)
    expect(Math.abs(high(0.75) / 32_768 - 0.5)).toBeLessThan(0.01)
    expect(Math.abs((coarse.rms?.[Math.floor(coarse.length * 0.75) * 2] ?? 0) / 32_768 - 0.5 / Math.SQRT2)).toBeLessThan(0.02)
  })

  test('is nothing where there is no sound, and a damaged file is no picture', async () => {
    const coarse = createCoarsePeaks()
    expect(await coarse({ peaks: join(folder, 'no.dat'), rms: join(folder, 'no.rms'), pcm: () => Promise.resolve(null) })).toBeNull()
    await writeFile(join(folder, 'bad.dat'), 'this is text and no peaks at all')
    expect(await coarse({ peaks: join(folder, 'bad.dat'), rms: join(folder, 'no.rms'), pcm: () => Promise.resolve(null) })).toBeNull()
  })
})
