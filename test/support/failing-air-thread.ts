import { existsSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parentPort } from 'node:worker_threads'
import { z } from 'zod'
import '../../main/station/air/worker.ts'

/** The real audio thread, which dies when a file called `fail` lies beside its position. */
const Start = z.object({ positionPath: z.string() })
parentPort?.once('message', (start: unknown) => {
  const order = join(dirname(Start.parse(start).positionPath), 'fail')
  setInterval(() => {
    if (!existsSync(order)) return
    rmSync(order)
    throw new Error('told to fail')
  }, 10)
})
