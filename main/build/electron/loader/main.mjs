/**
 * Put into `resources/app` of the fallback runtime: loads the application folder given on the command line, as the default
 * application of an official Electron does. An ES module with await, because Electron holds back `ready` until it is evaluated.
 */
import { app } from 'electron'
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

const folder = process.argv.slice(1).find((word) => !word.startsWith('-') && existsSync(join(word, 'package.json')))
if (folder === undefined) {
  console.error('electron: give the application folder on the command line')
  app.exit(1)
} else {
  const about = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  app.setName(about.productName ?? about.name)
  app.setVersion(about.version)
  app.setAppPath(resolve(folder))
  await import(pathToFileURL(resolve(folder, about.main)).href)
}
