import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { end, own } from './owned.ts'
import { onPath } from '../../support/on-path.ts'

const WORKERS = 2

/** Both cores at work while `run` runs. Without stress-ng, loops of our own do the same; it is said which. */
export async function stressed<T>(limitSeconds: number, run: () => Promise<T>): Promise<T> {
  const tool = onPath('stress-ng')
  if (tool === null) console.error('stress-ng is not here: two plain loops load the cores instead')
  const children = tool === null
    ? Array.from({ length: WORKERS }, () => spawn(process.execPath, ['-e', 'for (let x = 1; ; x = (x * 1103515245 + 12345) % 2147483648) if (x < 0) break'], { stdio: 'ignore' }))
    : [spawn(tool, ['--cpu', String(WORKERS), '--timeout', `${Math.ceil(limitSeconds)}s`, '--quiet'], { stdio: 'ignore' })]
  for (const child of children) {
    await once(child, 'spawn')
    own(child.pid)
  }
  try {
    return await run()
  } finally {
    for (const child of children) await end(child)
  }
}
