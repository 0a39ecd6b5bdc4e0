import { parentPort } from 'node:worker_threads'
import type { AirStart, ToAir } from './messages.ts'
import { raisePriority } from './pace.ts'
import { AirThread } from './thread.ts'

const port = parentPort
if (port === null) throw new Error('the air engine runs in a worker thread')
raisePriority()
// It is loaded before anybody knows what it has to play: from then on a start is one message away.
port.once('message', (start: AirStart) => {
  const thread = new AirThread(start, { send: (message, transfer = []) => port.postMessage(message, transfer), ended: () => port.close() })
  port.on('message', (message: ToAir) => thread.take(message))
})
