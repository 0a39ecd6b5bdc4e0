import { SETTLE_FRAMES, SoundMeasure, STEP_FRAMES, TICK_FRAMES } from '#common/loudness/index.ts'
import type { MeasuredPart } from '#common/loudness/index.ts'
import { createMixer } from '#common/mix/index.ts'
import { serveJobThread } from '../foundation/in-thread.ts'
import { FrameReader } from './frame-reader.ts'
import type { LoudnessTask } from './loudness.ts'

/** A tenth of a second times a few: small enough for the processor's cache, large enough for the disk. */
const BLOCK_FRAMES = STEP_FRAMES * 5

type Fill = (position: number, frames: number, into: Float32Array[]) => void

/** The sound of the task, by position. */
function openSound(task: LoudnessTask): { fill: Fill; close: () => void } {
  if (task.sound.kind === 'file') {
    const { place, from } = task.sound
    const reader = new FrameReader(place)
    return { fill: (position, frames, into) => reader.read(from + position, frames, into), close: () => reader.close() }
  }
  const { plan, places, channels } = task.sound
  const mixer = createMixer(plan, { channels, blockFrames: BLOCK_FRAMES })
  const readers = new Map<number, FrameReader>()
  const read = (source: number, offset: number, frames: number, into: Float32Array[]) => {
    let reader = readers.get(source)
    if (reader === undefined) {
      const place = places[source]
      if (place === undefined) throw new Error(`no source ${source}`)
      readers.set(source, (reader = new FrameReader(place)))
    }
    reader.read(offset, frames, into)
  }
  return {
    fill: (position, frames, into) => mixer.render(position, frames, into, read),
    close: () => {
      for (const reader of readers.values()) reader.close()
    },
  }
}

function measureTask(task: LoudnessTask, progress: (value: number) => void): MeasuredPart {
  const { start, end, length, channels } = task
  // What lies before a later part only warms the filters; its steps are the part before's.
  const settle = Math.min(start, SETTLE_FRAMES)
  const measure = new SoundMeasure({ channels, capacity: BLOCK_FRAMES, ticks: Math.floor((end - start + settle) / TICK_FRAMES), limit: task.limit })
  const inputs = [...measure.inputs]
  const { fill, close } = openSound(task)
  try {
    for (let position = start - settle; position < end; position += BLOCK_FRAMES) {
      const frames = Math.min(BLOCK_FRAMES, end - position)
      fill(position, frames, inputs)
      measure.add(frames)
      progress((position - start) / (end - start))
    }
    if (end === length) measure.end()
  } finally {
    close()
  }
  const whole = (frame: number) => (frame < 0 ? -1 : frame + start - settle)
  return {
    energies: measure.energies.slice(settle / TICK_FRAMES), truePeak: measure.truePeak, samplePeak: measure.samplePeak,
    overs: measure.overs, firstOver: whole(measure.firstOver), lastOver: whole(measure.lastOver),
  }
}

serveJobThread((tasks: readonly LoudnessTask[], progress): MeasuredPart[] => tasks.map((task, n) => measureTask(task, (value) => progress((n + value) / tasks.length))))
