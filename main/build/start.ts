import { prepareApplication, runToEnd } from './prepared.ts'
import { sandboxArguments } from './sandbox.ts'
import { root } from './vite-configs.ts'

const prepared = await prepareApplication()
process.exitCode = await runToEnd(prepared.electron, [...sandboxArguments(), root, ...process.argv.slice(2)], prepared.env)
prepared.close()
