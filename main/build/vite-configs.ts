import react from '@vitejs/plugin-react'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import postcssPresetMantine from 'postcss-preset-mantine'
import type { InlineConfig } from 'vite'

export const root = fileURLToPath(new URL('../..', import.meta.url))

export interface BuildPart {
  readonly name: 'shell' | 'preload' | 'studio' | 'screen'
  /** Without it the part is skipped. */
  readonly entry: string
  /** Folder of the built part, and the file in it that proves the part was built. */
  readonly folder: string
  readonly result: string
  /** Files and folders whose content decides whether it must be built again. */
  readonly sources: readonly string[]
  config(outDir: string): InlineConfig
}

// Electron 33 is the oldest runtime the window and the shell run on.
const chromium = 'chrome130'
const shellNode = 'node20.18'

const shared = { root, configFile: false, envDir: false, logLevel: 'warn', publicDir: false, clearScreen: false } as const satisfies InlineConfig
const border = ['preload/bridge.ts', 'preload/contract', 'preload/common', 'resources']

/**
 * A page: relative addresses, so that the shell can serve it at app://studio/ and the station below any path. Nothing is inlined, neither
 * scripts nor small assets: the content security policy allows files of the page's own origin alone. Worklets and workers imported with
 * `?worker` or `new Worker(new URL(…))` become ES module files of their own.
 */
function page(name: 'studio' | 'screen', outDir: string): InlineConfig {
  return {
    ...shared,
    root: join(root, 'renderer', name),
    base: './',
    plugins: [react()],
    worker: { format: 'es' },
    css: { postcss: { plugins: [postcssPresetMantine()] } },
    build: {
      outDir, emptyOutDir: true, target: chromium, assetsInlineLimit: 0, modulePreload: { polyfill: false },
      sourcemap: true, chunkSizeWarningLimit: 4000, reportCompressedSize: false,
      // The service worker of the screen keeps one name: browsers find its next version under the address of the last.
      ...(name === 'screen' ? { rollupOptions: { input: { index: join(root, 'renderer/screen/index.html'), sw: join(root, 'renderer/screen/worker/sw.ts') }, output: { entryFileNames: (chunk: { name: string }) => (chunk.name === 'sw' ? 'sw.js' : 'assets/[name]-[hash].js') } } } : {}),
    },
  }
}

export const buildParts: readonly BuildPart[] = [
  {
    name: 'shell', entry: 'main/shell/index.ts', folder: 'out/shell', result: 'index.mjs', sources: ['main/shell', ...border],
    config: (outDir) => ({
      ...shared,
      ssr: { noExternal: true },
      build: {
        ssr: join(root, 'main/shell/index.ts'), outDir, emptyOutDir: true, target: shellNode, minify: false, sourcemap: true,
        rollupOptions: { external: ['electron'], output: { format: 'es', entryFileNames: 'index.mjs' } },
      },
    }),
  },
  {
    name: 'preload', entry: 'preload/index.ts', folder: 'out/preload', result: 'index.cjs', sources: ['preload/index.ts', 'preload/bridge.ts'],
    config: (outDir) => ({
      ...shared,
      build: {
        // A sandboxed preload can require('electron') and nothing else: one CommonJS file.
        lib: { entry: join(root, 'preload/index.ts'), formats: ['cjs'], fileName: () => 'index.cjs' },
        outDir, emptyOutDir: true, target: chromium, minify: false, sourcemap: false, rollupOptions: { external: ['electron'] },
      },
    }),
  },
  { name: 'studio', entry: 'renderer/studio/index.html', folder: 'out/renderer/studio', result: 'index.html', sources: ['renderer', ...border], config: (outDir) => page('studio', outDir) },
  { name: 'screen', entry: 'renderer/screen/index.html', folder: 'out/renderer/screen', result: 'index.html', sources: ['renderer', ...border], config: (outDir) => page('screen', outDir) },
]

export function hasEntry(part: BuildPart): boolean {
  return existsSync(join(root, part.entry))
}
