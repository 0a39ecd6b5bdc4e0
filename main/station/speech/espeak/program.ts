/**
 * A program of its own, run as a separate process: text on standard input, WAV (16-bit mono) on standard output. It is the only file that
 * loads eSpeak NG; this file is therefore under the same licence as that library, GPL-3.0, and nothing else of the station is linked with it.
 *
 *     node program.ts <voice> <words per minute>
 */
import { writeSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import initialise from '@echogarden/espeak-ng-emscripten'

const [voice = 'vi', rate = '160'] = process.argv.slice(2)
const espeak = await initialise()
const speaker = await new espeak.eSpeakNGWorker()
if (speaker.set_voice(voice) !== 0) {
  console.error(`unknown voice ${voice}`)
  process.exit(2)
}
speaker.set_rate(Number(rate))
const parts: Int16Array[] = []
speaker.synthesize(await text(process.stdin), (audio) => {
  if (audio.length > 0) parts.push(audio)
  return false
})
const samples = parts.reduce((sum, part) => sum + part.length, 0)
const wav = Buffer.alloc(44 + samples * 2)
wav.write('RIFF', 0)
wav.writeUInt32LE(36 + samples * 2, 4)
wav.write('WAVEfmt ', 8)
wav.writeUInt32LE(16, 16)
wav.writeUInt16LE(1, 20)
wav.writeUInt16LE(1, 22)
wav.writeUInt32LE(speaker.get_samplerate(), 24)
wav.writeUInt32LE(speaker.get_samplerate() * 2, 28)
wav.writeUInt16LE(2, 32)
wav.writeUInt16LE(16, 34)
wav.write('data', 36)
wav.writeUInt32LE(samples * 2, 40)
let at = 44
for (const part of parts) {
  for (const sample of part) {
    wav.writeInt16LE(sample, at)
    at += 2
  }
}
for (let done = 0; done < wav.length;) {
  try {
    done += writeSync(1, wav, done)
  } catch (error) {
    // A pipe that is full for a moment.
    if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) throw error
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5)
  }
}
// The library keeps the process alive.
process.exit(0)
