import { parentPort, workerData } from 'node:worker_threads'
import { z } from 'zod'
import { makeSound, soundNames } from './recipes.ts'
import { writePlanes } from './write.ts'

const { name, path } = z.object({ name: z.enum(soundNames), path: z.string() }).parse(workerData)
await writePlanes(makeSound(name), path)
parentPort?.postMessage('written')
