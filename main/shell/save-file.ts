import { type BrowserWindow, app, dialog } from 'electron'
import { randomBytes } from 'node:crypto'
import { open, rename, rm } from 'node:fs/promises'
import { basename, extname, join } from 'node:path'

/** A name a file can have on any of our systems: no folders, nothing reserved. */
export function safeName(suggested: string): string {
  const cleaned = basename(suggested.replaceAll('\\', '/')).replace(/[<>:"|?*\u0000-\u001f]/g, '-').replace(/^\.+/, '').trim()
  return cleaned === '' ? 'vangxa.txt' : cleaned
}

/** Whole or not at all: a full disk leaves the file that was there before. */
async function writeWhole(path: string, content: string): Promise<void> {
  const part = `${path}.${randomBytes(4).toString('hex')}.part`
  try {
    const handle = await open(part, 'wx')
    try {
      await handle.writeFile(content, 'utf8')
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(part, path)
  } catch (error) {
    await rm(part, { force: true })
    throw error
  }
}

/** @returns where it was written, or null when the person cancelled */
export async function saveText(window: BrowserWindow, request: { suggestedName: string; text: string }): Promise<string | null> {
  const name = safeName(request.suggestedName)
  const extension = extname(name).slice(1)
  const chosen = await dialog.showSaveDialog(window, {
    defaultPath: join(app.getPath('documents'), name), ...(extension === '' ? {} : { filters: [{ name: extension.toUpperCase(), extensions: [extension] }] }),
  })
  if (chosen.canceled || chosen.filePath === '') return null
  await writeWhole(chosen.filePath, request.text)
  return chosen.filePath
}
