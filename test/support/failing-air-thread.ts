import { existsSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { workerData } from 'node:worker_threads'
import { z } from 'zod'
import '../../main/station/air/worker.ts'

/** The real audio thread, which dies when a file called `fail` lies beside its position. */
const { positionPath } = z.object({ positionPath: z.string() }).parse(workerData)
const order = join(dirname(positionPath), 'fail')
setInterval(() => {
  if (!existsSync(order)) return
  rmSync(order)
  throw new Error('told to fail')
}, 10)
