import { open, rename, unlink } from 'node:fs/promises'
import { RATE_HZ } from '#common/units/samples.ts'

/** 48 kHz 24-bit WAV; temp file, fsync, rename. */
export async function writePlanes(planes: readonly Float32Array[], path: string): Promise<void> {
  const frames = planes[0]?.length ?? 0
  const frameBytes = planes.length * 3
  const wav = Buffer.alloc(44 + frames * frameBytes)
  wav.write('RIFF', 0)
  wav.writeUInt32LE(36 + frames * frameBytes, 4)
  wav.write('WAVEfmt ', 8)
  wav.writeUInt32LE(16, 16)
  wav.writeUInt16LE(1, 20)
  wav.writeUInt16LE(planes.length, 22)
  wav.writeUInt32LE(RATE_HZ, 24)
  wav.writeUInt32LE(RATE_HZ * frameBytes, 28)
  wav.writeUInt16LE(frameBytes, 32)
  wav.writeUInt16LE(24, 34)
  wav.write('data', 36)
  wav.writeUInt32LE(frames * frameBytes, 40)
  let at = 44
  for (let i = 0; i < frames; i++) {
    for (const plane of planes) {
      wav.writeIntLE(Math.round((plane[i] ?? 0) * 8_388_607), at, 3)
      at += 3
    }
  }
  const part = `${path}.part`
  try {
    const file = await open(part, 'w')
    try {
      await file.writeFile(wav)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(part, path)
  } catch (error) {
    await unlink(part).catch(() => undefined)
    throw error
  }
}
