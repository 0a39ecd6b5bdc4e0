import { chmodSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { DataFolders } from '../context.ts'

const names = ['database', 'backups', 'media', 'mezzanine', 'peaks', 'takes', 'projects', 'quarantine', 'content', 'keys', 'air', 'images', 'temp'] as const

/** Makes the data folder and everything in it. Private to the account that runs the station. */
export function prepareFolders(dataFolder: string): DataFolders & { readonly logs: string } {
  const root = resolve(dataFolder)
  const inside = (name: string) => {
    const folder = join(root, name)
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    return folder
  }
  for (const name of names) inside(name)
  chmodSync(join(root, 'keys'), 0o700)
  return {
    root, logs: inside('logs'), database: inside('database'), backups: inside('backups'), media: inside('media'), mezzanine: inside('mezzanine'), peaks: inside('peaks'),
    takes: inside('takes'), projects: inside('projects'), quarantine: inside('quarantine'), content: inside('content'), keys: inside('keys'), air: inside('air'), images: inside('images'), temp: inside('temp'),
  }
}

/** What an earlier start left half written. Only the holder of the folder's lock may call it. */
export function emptyTemp(folders: DataFolders): void {
  for (const name of readdirSync(folders.temp)) rmSync(join(folders.temp, name), { recursive: true, force: true })
}
