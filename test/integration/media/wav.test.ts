import { mkdtemp, open, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { AppError } from '#contract/errors.ts'
import { openPcm } from '../../../main/station/media/pcm.ts'
import { readWav } from '../../../main/station/media/wav.ts'
import { counterWav, noise, sine, wavBytes, wavHeader } from '../../support/signals.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vangxa-wav-'))
})
afterAll(async () => {
  await rm(folder, { recursive: true, force: true })
})
const put = async (bytes: Uint8Array) => {
  const path = join(folder, 'x.wav')
  await writeFile(path, bytes)
  return path
}
const refusal = async (bytes: Uint8Array) => readWav(await put(bytes)).then(() => null, (error: unknown) => (error instanceof AppError ? error.code : String(error)))
const tone = wavBytes(sine({ hz: 440, dbfs: -6, seconds: 0.5, channels: 2 }))

const chunk = (id: string, body: Buffer, size = body.length) => {
  const head = Buffer.alloc(8)
  head.write(id, 0, 'latin1')
  head.writeUInt32LE(size >>> 0, 4)
  return Buffer.concat([head, body, Buffer.alloc(body.length % 2)])
}
const fmt = tone.subarray(20, 36)
const riff = (magic: string, size: number, ...chunks: Buffer[]) => {
  const head = Buffer.alloc(12)
  head.write(magic, 0, 'latin1')
  head.writeUInt32LE(size >>> 0, 4)
  head.write('WAVE', 8, 'latin1')
  return Buffer.concat([head, ...chunks])
}

describe('the WAV reader', () => {
  it('reads plain, extensible, odd and tagged files', async () => {
    expect(await openPcm(await put(tone))).toMatchObject({ format: 'int16', channels: 2, dataOffsetBytes: 44, length: 24_000 })
    expect(await openPcm(await put(counterWav(101)))).toMatchObject({ format: 'int24', channels: 1, length: 101 })
    expect(await openPcm(await put(wavBytes(noise({ dbfs: -3, seconds: 0.1 }), { format: 'float32' })))).toMatchObject({ format: 'float32', length: 4_800 })
    const extensible = Buffer.concat([Buffer.from([0xfe, 0xff]), fmt.subarray(2), Buffer.from([22, 0, 16, 0, 3, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xaa, 0, 0x38, 0x9b, 0x71])])
    const data = tone.subarray(44)
    expect(await openPcm(await put(riff('RIFF', 20 + 48 + data.length, chunk('fmt ', extensible), chunk('data', data), chunk('LIST', Buffer.from('INFOINAMx'))))))
      .toMatchObject({ format: 'int16', dataOffsetBytes: 68, length: 24_000 })
    expect((await readWav(await put(Buffer.concat([tone, Buffer.from('ID3\x03 a glued tag'.padEnd(9_000, '.'))])))).frames).toBe(24_000)
  })

  it('reads RF64, whose sizes stand in ds64', async () => {
    const data = tone.subarray(44)
    const ds64 = Buffer.alloc(28)
    ds64.writeBigUInt64LE(BigInt(4 + 36 + 24 + 8 + data.length), 0)
    ds64.writeBigUInt64LE(BigInt(data.length), 8)
    expect(await openPcm(await put(riff('RF64', 0xffffffff, chunk('ds64', ds64), chunk('fmt ', fmt), chunk('data', data, 0xffffffff))))).toMatchObject({ dataOffsetBytes: 80, length: 24_000 })
  })

  it('reads a sparse RF64 of more than 5 GB to the last frame', async () => {
    const path = join(folder, 'big.wav')
    const dataBytes = 5_400_000_000
    const ds64 = Buffer.alloc(28)
    ds64.writeBigUInt64LE(BigInt(72 + dataBytes), 0)
    ds64.writeBigUInt64LE(BigInt(dataBytes), 8)
    const head = riff('RF64', 0xffffffff, chunk('ds64', ds64), chunk('fmt ', fmt), chunk('data', Buffer.alloc(0), 0xffffffff))
    const file = await open(path, 'w')
    await file.write(head, 0, head.length, 0)
    await file.truncate(head.length + dataBytes)
    await file.close()
    try {
      expect(await openPcm(path)).toMatchObject({ length: dataBytes / 4, dataOffsetBytes: 80 })
    } finally {
      await rm(path)
    }
  })

  it('says truncated when the file ends before the data it announces', async () => {
    expect(await refusal(tone.subarray(0, tone.length - 2))).toBe('file-truncated')
    expect(await refusal(tone.subarray(0, 30))).toBe('file-truncated')
    expect(await refusal(Buffer.concat([wavHeader({ format: 'int16', channels: 1, rateHz: 48_000, dataBytes: 2_000_000_000 }), tone.subarray(44)]))).toBe('file-truncated')
  })

  it('says lying when the header contradicts itself or hides sound', async () => {
    const data = tone.subarray(44)
    expect(await refusal(Buffer.concat([wavHeader({ format: 'int16', channels: 2, rateHz: 48_000, dataBytes: 4_000 }), data]))).toBe('file-lying')
    expect(await refusal(Buffer.concat([wavHeader({ format: 'int16', channels: 2, rateHz: 48_000, dataBytes: 0 }), data]))).toBe('file-lying')
    expect(await refusal(Buffer.concat([wavHeader({ format: 'int16', channels: 2, rateHz: 48_000, dataBytes: 0xffffffff }), data]))).toBe('file-lying')
    expect(await refusal(Buffer.concat([wavHeader({ format: 'int16', channels: 2, rateHz: 48_000, dataBytes: data.length, riffBytes: 1_000 }), data]))).toBe('file-lying')
    expect(await refusal(Buffer.concat([wavHeader({ format: 'int16', channels: 2, rateHz: 48_000, dataBytes: data.length - 2 }), data]))).toBe('file-lying')
    const wrongRate = Buffer.from(tone)
    wrongRate.writeUInt32LE(44_100, 24)
    expect(await refusal(wrongRate)).toBe('file-lying')
  })

  it('says empty for no bytes and for a header without sound', async () => {
    expect(await refusal(Buffer.alloc(0))).toBe('file-empty')
    expect(await refusal(wavHeader({ format: 'int16', channels: 1, rateHz: 48_000, dataBytes: 0 }))).toBe('file-empty')
  })

  it('says what else a file is not', async () => {
    expect(await refusal(Buffer.from('Kính gửi quý đài, đây là văn bản.'))).toBe('file-not-audio')
    const adpcm = Buffer.from(tone)
    adpcm.writeUInt16LE(0x11, 20)
    expect(await refusal(adpcm)).toBe('unsupported-format')
    await expect(openPcm(await put(wavBytes(sine({ hz: 440, dbfs: -6, seconds: 0.1, rateHz: 44_100 }), { rateHz: 44_100 })))).rejects.toMatchObject({ code: 'unsupported-format' })
    await expect(openPcm(join(folder, 'none.wav'))).rejects.toMatchObject({ code: 'file-missing' })
  })

  it('ends with a header or a named refusal, whatever the bytes', async () => {
    const small = wavBytes(sine({ hz: 440, dbfs: -6, seconds: 0.005 }))
    await fc.assert(fc.asyncProperty(fc.array(fc.tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 255 })), { maxLength: 6 }), fc.integer({ min: 0, max: small.length }), async (changes, length) => {
      const bytes = Buffer.from(small)
      for (const [at, value] of changes) bytes[at] = value
      const outcome = await readWav(await put(bytes.subarray(0, length))).catch((error: unknown) => error)
      if (outcome instanceof AppError) expect(outcome.code).not.toBe('internal')
      else expect(outcome).toHaveProperty('frames')
    }), { numRuns: 300 })
  })
})
