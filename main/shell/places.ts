import { app } from 'electron'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/** This file is bundled into out/shell/index.mjs: two folders up is the application. */
const root = fileURLToPath(new URL('../..', import.meta.url))

/** Where the parts of the application lie, from a working tree and from a package. */
export const places = {
  root,
  preload: join(root, 'out', 'preload', 'index.cjs'),
  studio: join(root, 'out', 'renderer', 'studio'),
  icon: (name: string): string => join(app.isPackaged ? process.resourcesPath : join(root, 'resources'), 'icons', name),
}

/**
 * The data folder also decides Chromium's profile, and with it Electron's single-instance lock: one shell per data folder.
 * Must run before the application is ready.
 */
export function chooseDataFolder(wanted: string | null): string {
  if (wanted === null) return join(app.getPath('userData'), 'data')
  const folder = resolve(wanted)
  app.setPath('userData', join(folder, 'shell'))
  return folder
}
