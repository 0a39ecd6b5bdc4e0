import { createWriteStream, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { systemClock } from '../../main/station/foundation/clock.ts'
import { raisePriority } from '../../main/station/air/pace.ts'
import { TapStream } from '../../main/station/air/tap-stream.ts'

/**
 * A reader of the program tap that knows nothing of the station: it stamps what arrives with its own clock. Arguments: tap, folder. Writes
 * pcm.f32 (interleaved stereo as it came) and, when told to stop on stdin, blocks.json. Connects again when the station dies.
 */
const [tap = '', folder = ''] = process.argv.slice(2)
const clock = systemClock()
const pcm = createWriteStream(`${folder}/pcm.f32`)
const blocks: { firstFrame: number; frames: number; atMs: number; connection: number; zeroAtUs: number }[] = []
let socket: Socket | null = null
let connection = 0
let zeroAtUs = 0
let said = false
let stopping = false
// A measuring device that waits for its turn would measure the machine, not the air.
raisePriority()
// Reading it often keeps the estimate between the edges of the millisecond sharp.
setInterval(() => clock.now(), 1)

function join(): void {
  if (stopping) return
  connection++
  const stream = new TapStream({
    mapping: (zero) => void (zeroAtUs = zero),
    sound(samples, firstFrame) {
      blocks.push({ firstFrame, frames: samples.length / 2, atMs, connection, zeroAtUs })
      pcm.write(Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength))
      if (!said) process.stdout.write('listening\n')
      said = true
    },
  })
  let atMs = 0
  socket = connect(tap)
  socket.on('data', (chunk) => {
    atMs = clock.now()
    stream.push(chunk)
  })
  socket.on('error', () => undefined)
  socket.on('close', () => setTimeout(join, 20))
}

process.stdin.on('data', () => {
  stopping = true
  socket?.destroy()
  pcm.end(() => {
    writeFileSync(`${folder}/blocks.json`, JSON.stringify(blocks))
    process.exit(0)
  })
})
process.stdin.on('end', () => process.exit(1))
join()
