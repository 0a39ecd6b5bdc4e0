import { constants, openSync } from 'node:fs'
import { Socket } from 'node:net'
import { RecordingWriter } from './recording-writer.ts'

/** A reader of raw PCM (int16, stereo, 48 kHz) in a named pipe, whoever writes it: opponents are heard as the air is. Arguments: pipe, folder. */
const FRAME_BYTES = 4
const [path = '', folder = ''] = process.argv.slice(2)
// Open for writing too: the pipe then outlives writers that die.
const pipe = new Socket({ fd: openSync(path, constants.O_RDWR | constants.O_NONBLOCK) })
const writer = new RecordingWriter(folder, () => pipe.destroy())
let rest = Buffer.alloc(0)
let firstFrame = 0

pipe.on('data', (chunk) => {
  const atMs = writer.now()
  const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
  const frames = Math.floor(bytes.length / FRAME_BYTES)
  rest = Buffer.from(bytes.subarray(frames * FRAME_BYTES))
  if (frames === 0) return
  const samples = Float32Array.from({ length: frames * 2 }, (_, n) => bytes.readInt16LE(n * 2) / 0x8000)
  writer.add(samples, { firstFrame, atMs, connection: 1, zeroAtUs: 0 })
  firstFrame += frames
})
writer.listening()
