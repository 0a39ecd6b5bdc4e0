import { runPrepared } from './prepared.ts'
import { root } from './vite-configs.ts'

await runPrepared((prepared) => ({ command: prepared.electron, args: [...prepared.electronArguments, root, ...process.argv.slice(2)] }))
