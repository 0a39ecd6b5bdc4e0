import { defineConfig } from '@playwright/test'
import { join } from 'node:path'
import { root } from './vite-configs.ts'

/** The real application, one window at a time: two cores, one display, one sound. */
export default defineConfig({
  testDir: join(root, 'test/e2e'),
  testMatch: '**/*.e2e.ts',
  outputDir: join(root, 'test-results'),
  workers: 1,
  timeout: 120_000,
  expect: { timeout: 15_000 },
  forbidOnly: process.env['CI'] !== undefined,
  retries: 1,
  reporter: [['list']],
  use: { trace: 'off', screenshot: 'off' },
})
