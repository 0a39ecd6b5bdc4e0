import { prepareApplication, runToEnd } from './prepared.ts'
import { root } from './vite-configs.ts'

/** Chromium refuses to run its sandbox as root; everybody else keeps it. */
export function sandboxArguments(): string[] {
  return process.platform === 'linux' && process.getuid?.() === 0 ? ['--no-sandbox'] : []
}

if (import.meta.main) {
  const prepared = await prepareApplication()
  process.exitCode = await runToEnd(prepared.electron, [...sandboxArguments(), root, ...process.argv.slice(2)], prepared.env)
  prepared.close()
}
