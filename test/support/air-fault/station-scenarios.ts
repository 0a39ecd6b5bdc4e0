import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, fsyncSync, openSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import Database from 'better-sqlite3'
import { DATABASE } from '../../../main/station/store/backups.ts'
import { childrenWith, signalAll } from '../process-tree.ts'
import { until } from '../until.ts'
import { within } from '../waiting.ts'
import { NotHere } from './station-lane.ts'
import type { OnAir, Scenario } from './station-lane.ts'

const FROZEN_MS = 6_000
/** Longer than the station waits for a lock. */
const LOCKED_MS = 7_000
const FILL_BYTES = 1_000_000

function openDatabase({ folder }: OnAir): Database.Database {
  return new Database(join(folder, 'database', DATABASE), { timeout: 10_000 })
}

/** The station answers again. */
async function answers({ client }: OnAir): Promise<string | null> {
  await within(client.call('air.status', {}), 15_000, 'an answer of the station')
  return null
}

async function openListening({ station, session }: OnAir): Promise<ChildProcess> {
  const child = spawn(process.execPath, [fileURLToPath(new URL('./listening-window-process.ts', import.meta.url)), String(station.port), station.token(), session], { stdio: ['ignore', 'pipe', 'inherit'] })
  if (child.stdout === null) throw new Error('the window has no voice')
  await within(once(child.stdout, 'data'), 20_000, 'a window to hear the air')
  return child
}
async function endListening(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill('SIGKILL')
  await gone
}

/** An import whose ffmpeg is at work. */
async function importing(air: OnAir): Promise<{ jobId: string; pids: number[] }> {
  const { jobIds } = await air.client.call('library.import', { paths: [air.longMp3] })
  const [jobId] = jobIds
  if (jobId === undefined) throw new Error('no import began')
  return { jobId, pids: await until('ffmpeg of the import', () => {
    const found = childrenWith(air.station.pid, 'ffmpeg')
    return found.length > 0 && found
  }, 15_000) }
}

function fill(path: string): void {
  const handle = openSync(path, 'w')
  const block = Buffer.alloc(FILL_BYTES, 1)
  try {
    for (let bytes = FILL_BYTES; bytes >= 1; bytes = Math.floor(bytes / 10)) {
      try {
        for (;;) writeSync(handle, block, 0, bytes)
      } catch {
        // Full at this size: smaller pieces take the rest.
      }
    }
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

export const stationScenarios: readonly Scenario[] = [
  {
    name: 'main-thread', how: 'frozen 5 s',
    async run(air) {
      process.kill(air.station.pid, 'SIGUSR2')
      await wait(5_200)
      return answers(air)
    },
  },
  {
    name: 'main-thread', how: 'twenty faults nobody catches',
    async run(air) {
      for (let n = 0; n < 20; n++) {
        process.kill(air.station.pid, 'SIGWINCH')
        await wait(50)
      }
      return air.station.log().includes('a fault on purpose') ? answers(air) : 'the fault did not happen'
    },
  },
  {
    name: 'sqlite', how: 'locked 7 s',
    async run(air) {
      const db = openDatabase(air)
      try {
        db.exec('BEGIN IMMEDIATE')
        await wait(LOCKED_MS)
        db.exec('ROLLBACK')
      } finally {
        db.close()
      }
      return answers(air)
    },
  },
  {
    name: 'sqlite', how: 'busy again and again',
    async run(air) {
      const db = openDatabase(air)
      try {
        for (let n = 0; n < 16; n++) {
          db.exec('BEGIN IMMEDIATE')
          await wait(300)
          db.exec('ROLLBACK')
          await wait(20)
        }
      } finally {
        db.close()
      }
      return answers(air)
    },
  },
  {
    name: 'disk', how: 'full 6 s',
    async run(air) {
      if (!air.ownDisk) throw new NotHere('a disk of its own cannot be mounted here')
      const file = join(air.folder, 'filler')
      fill(file)
      await wait(FROZEN_MS)
      rmSync(file)
      return answers(air)
    },
  },
  {
    name: 'network', how: 'four listening windows killed',
    async run(air) {
      const windows = await Promise.all([1, 2, 3, 4].map(() => openListening(air)))
      await wait(500)
      await Promise.all(windows.map(endListening))
      return answers(air)
    },
  },
  {
    name: 'network', how: 'a listening window frozen 6 s',
    async run(air) {
      const window = await openListening(air)
      try {
        window.kill('SIGSTOP')
        await wait(FROZEN_MS)
      } finally {
        await endListening(window)
      }
      return answers(air)
    },
  },
  {
    name: 'ffmpeg', how: 'killed in an import',
    async run(air) {
      const { jobId, pids } = await importing(air)
      signalAll(pids, 'SIGKILL')
      const job = await air.client.waitFor('jobs.changed', (one) => one.id === jobId && one.endedAt !== null, 60_000)
      return job.state === 'done' ? 'the import of half a file is called done' : answers(air)
    },
  },
  {
    name: 'ffmpeg', how: 'frozen 6 s in an import',
    async run(air) {
      const { jobId, pids } = await importing(air)
      signalAll(pids, 'SIGSTOP')
      await wait(FROZEN_MS)
      signalAll(pids, 'SIGCONT')
      const job = await air.client.waitFor('jobs.changed', (one) => one.id === jobId && one.endedAt !== null, 120_000)
      return job.state === 'done' ? answers(air) : `the import ended as ${job.state}`
    },
  },
]
