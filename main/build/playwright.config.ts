import { defineConfig } from '@playwright/test'
import { join } from 'node:path'
import { root } from './vite-configs.ts'

/** Files whose tests hear, record or time: a second window on the other core would be in what they measure. */
const timed = /(first-operator|live-emergency|log-air|main-job|recorder|relay|recorder-faults|recorder-full-disk|sound|station-process|timeline)\.e2e\.ts$/
/** Windows at once: one for each display that was opened for them. */
const displays = (process.env['VANGXA_DISPLAYS'] ?? '').split(' ').filter(Boolean)

/** The real application. Two cores: pages in two windows, each on its own display, where there are two; what is timed in one. */
export default defineConfig({
  testDir: join(root, 'test/e2e'),
  outputDir: join(root, 'test-results'),
  workers: Math.max(1, displays.length),
  timeout: 120_000,
  expect: { timeout: 15_000 },
  forbidOnly: process.env['CI'] !== undefined,
  retries: 1,
  reporter: [['list']],
  use: { trace: 'off', screenshot: 'off' },
  projects: [
    { name: 'pages', testMatch: '**/*.e2e.ts', testIgnore: timed },
    { name: 'timed', testMatch: timed, workers: 1 },
  ],
})
