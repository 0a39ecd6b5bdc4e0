import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { openWavJournal } from '../../../main/station/recorder/wav-journal.ts'
import { temporaryFolder } from '../../support/context.ts'
import { counterPcm24 } from '../../support/recorder/counter-pcm.ts'
import type { Print } from '../editor/print.ts'

const SECONDS = 120
const clock = { monotonicMs: () => performance.now() }
const p = (sorted: readonly number[], share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0

/** One second of stereo made durable, by the take writer and by the bare calls in turn, on the same disk. */
export async function measureDisk(print: Print): Promise<void> {
  const folder = await temporaryFolder()
  const journal = await openWavJournal(join(folder.path, 'take.wav'), 2, clock)
  const bare = await open(join(folder.path, 'bare'), 'wx')
  const [ours, theirs]: [number[], number[]] = [[], []]
  const second = counterPcm24(0, 48_000, 2)
  try {
    for (let i = 0; i < SECONDS; i++) {
      const began = performance.now()
      for (let at = 0; at < second.length; at += second.length / 10) journal.append(second.subarray(at, at + second.length / 10))
      await journal.sync()
      const between = performance.now()
      await bare.write(second)
      await bare.datasync()
      ours.push(between - began)
      theirs.push(performance.now() - between)
    }
  } finally {
    await journal.close()
    await bare.close()
    await folder.remove()
  }
  for (const list of [ours, theirs]) list.sort((a, b) => a - b)
  print('write_fdatasync_1s_median_ms', p(ours, 0.5), 'ms', p(theirs, 0.5))
  print('write_fdatasync_1s_p95_ms', p(ours, 0.95), 'ms', p(theirs, 0.95))
  print('write_fdatasync_1s_max_ms', p(ours, 1), 'ms', p(theirs, 1))
}
