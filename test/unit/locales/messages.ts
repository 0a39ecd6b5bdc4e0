import { type MessageFormatElement, TYPE, parse } from '@formatjs/icu-messageformat-parser'
import { readFileSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../..', import.meta.url))

export type Texts = Map<string, string>

function flatten(value: unknown, prefix: string, into: Texts): Texts {
  if (typeof value === 'string') return into.set(prefix, value)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error(`${prefix} is neither a text nor a group`)
  for (const [key, child] of Object.entries(value)) flatten(child, prefix === '' ? key : `${prefix}.${key}`, into)
  return into
}

export function readTexts(language: 'vi' | 'en'): Texts {
  return flatten(JSON.parse(readFileSync(`${root}/resources/locales/${language}.json`, 'utf8')), '', new Map())
}

/** Names and kinds of the placeholders of one ICU message, e.g. `count:number name:argument`. A plural is a number: Vietnamese needs no forms. */
export function placeholdersOf(message: string): string {
  const found = new Set<string>()
  const walk = (elements: readonly MessageFormatElement[]): void => {
    for (const element of elements) {
      if (element.type === TYPE.literal || element.type === TYPE.pound) continue
      found.add(`${element.value}:${element.type === TYPE.plural ? 'number' : TYPE[element.type]}`)
      if (element.type === TYPE.plural || element.type === TYPE.select) for (const option of Object.values(element.options)) walk(option.value)
      if (element.type === TYPE.tag) walk(element.children)
    }
  }
  walk(parse(message))
  return [...found].sort().join(' ')
}

/** All source files of the window, the screens and the shell as one text per file. */
export function sources(): { file: string; text: string }[] {
  const folders = ['renderer', 'main/shell', 'preload/contract']
  return folders.flatMap((folder) =>
    readdirSync(`${root}/${folder}`, { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.tsx?$/.test(name))
      .map((name) => ({ file: `${folder}/${name}`, text: readFileSync(`${root}/${folder}/${name}`, 'utf8') })))
}
