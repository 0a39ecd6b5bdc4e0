import { parentPort, workerData } from 'node:worker_threads'
import { pcmBytes } from '#common/mix/index.ts'
import { failureCode } from '../foundation/in-thread.ts'
import { BlockMixer } from './block-mixer.ts'
import type { MixStreamMessage } from './mix-stream.ts'
import type { MixTask } from './mix-task.ts'

/** One block of the plan for every `more`, in order. Ended from outside. */
const port = parentPort
if (port !== null) {
  const task: MixTask = workerData
  const frameBytes = pcmBytes[task.format] * task.channels
  const mixer = new BlockMixer(task)
  let position = 0
  const say = (message: MixStreamMessage, transfer: ArrayBuffer[] = []): void => port.postMessage(message, transfer)
  port.on('message', () => {
    try {
      if (position >= task.plan.length) return say({ kind: 'end' })
      const frames = mixer.next(position, task.plan.length)
      const bytes = mixer.bytes.slice(0, frames * frameBytes)
      position += frames
      say({ kind: 'chunk', bytes, until: position }, [bytes.buffer])
    } catch (error) {
      say({ kind: 'failed', code: failureCode(error), text: String(error) })
    }
  })
}
