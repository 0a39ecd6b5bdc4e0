import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { TapStream } from '../../main/station/air/tap-stream.ts'
import { RecordingWriter } from './recording-writer.ts'

/** A reader of the program tap that knows nothing of the station. Arguments: tap, folder. Connects again when the station dies. */
const [tap = '', folder = ''] = process.argv.slice(2)
let socket: Socket | null = null
let connection = 0
let zeroAtUs = 0
let stopping = false
const writer = new RecordingWriter(folder, () => {
  stopping = true
  socket?.destroy()
})

function join(): void {
  if (stopping) return
  connection++
  const stream = new TapStream({
    mapping: (zero) => void (zeroAtUs = zero),
    sound(samples, firstFrame) {
      writer.add(samples, { firstFrame, atMs, connection, zeroAtUs })
      writer.listening()
    },
  })
  let atMs = 0
  socket = connect(tap)
  socket.on('data', (chunk) => {
    atMs = writer.now()
    stream.push(chunk)
  })
  socket.on('error', () => undefined)
  socket.on('close', () => setTimeout(join, 20))
}

join()
