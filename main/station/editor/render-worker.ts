import { closeSync, openSync, writeSync } from 'node:fs'
import { pcmBytes } from '#common/mix/index.ts'
import { serveJobThread } from '../foundation/in-thread.ts'
import { BlockMixer } from './block-mixer.ts'
import type { WavTask } from './mix-task.ts'

/** Mixes its share of a plan into its place of the file. An abort ends this thread from outside; the half-written file is removed there. */
serveJobThread((task: WavTask, progress: (value: number) => void): void => {
  const frameBytes = pcmBytes[task.format] * task.channels
  const mixer = new BlockMixer(task)
  const output = openSync(task.target, 'r+')
  try {
    for (let position = task.from; position < task.to;) {
      const frames = mixer.next(position, task.to)
      const length = frames * frameBytes
      const at = task.dataOffsetBytes + position * frameBytes
      for (let written = 0; written < length;) written += writeSync(output, mixer.bytes, written, length - written, at + written)
      position += frames
      progress((position - task.from) / (task.to - task.from))
    }
  } finally {
    closeSync(output)
    mixer.close()
  }
})
