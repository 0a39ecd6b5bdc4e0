import { runPrepared } from './prepared.ts'
import { sandboxArguments } from './sandbox.ts'
import { root } from './vite-configs.ts'

await runPrepared((prepared) => ({ command: prepared.electron, args: [...sandboxArguments(), root, ...process.argv.slice(2)] }))
