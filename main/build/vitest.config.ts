import { defineConfig } from 'vitest/config'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Rooms whose tests hold seconds and milliseconds of real sound, most of the time waiting for it: beside each other they do well, beside one that decodes or speaks not. */
const timed = ['air', 'live', 'receiver', 'devices'].map((room) => `test/integration/${room}/**/*.test.ts`)

/** Unit and integration tests on Node 24. Two cores: two files at once, timed ones last. Integration waits on real programs, hence the long limits. */
export default defineConfig({
  root,
  test: {
    pool: 'forks',
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Stations, radios and worker threads of the tests are started hundreds of times from the same sources: what Node made of them is kept.
    env: { NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] ?? fileURLToPath(new URL('../../node_modules/.cache/tests', import.meta.url)) },
    reporters: ['default'],
    projects: [
      { extends: true, test: { name: 'unit', include: ['test/unit/**/*.test.ts'], maxWorkers: 2, sequence: { groupOrder: 0 } } },
      { extends: true, test: { name: 'integration', include: ['test/integration/**/*.test.ts'], exclude: timed, maxWorkers: 2, sequence: { groupOrder: 1 } } },
      { extends: true, test: { name: 'timed', include: timed, maxWorkers: 2, sequence: { groupOrder: 2 } } },
    ],
  },
})
