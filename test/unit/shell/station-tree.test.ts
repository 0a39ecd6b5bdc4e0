import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { writeStationTree } from '../../../main/build/station-tree.ts'

let folder: string
const files = new Map<string, string>()

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'vangxa-tree-'))
  writeStationTree(folder)
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) if (name.endsWith('.js')) files.set(name, readFileSync(join(folder, name), 'utf8'))
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('the packaged station is JavaScript that names no TypeScript file', () => {
  expect(files.has(join('main', 'station', 'index.js'))).toBe(true)
  const naming = [...files].filter(([, text]) => /(?:from|import|new URL\()\s*\(?['"][^'"]*\.ts['"]/.test(text)).map(([name]) => name)
  expect(naming).toEqual([])
})

test('every worker and child program it names is there', () => {
  const missing = [...files].flatMap(([name, text]) =>
    [...text.matchAll(/new URL\('(\.[^']*\.js)', import\.meta\.url\)/g)].map((match) => join(name, '..', match[1] ?? '')).filter((target) => !files.has(target)))
  expect(missing).toEqual([])
})
