import { describe, expect, test } from 'vitest'
import { errorCodes } from '#contract/errors.ts'
import { placeholdersOf, readTexts, sources } from './messages.ts'

const vi = readTexts('vi')
const en = readTexts('en')

describe('the two languages', () => {
  test('have the same keys', () => {
    const onlyVi = [...vi.keys()].filter((key) => !en.has(key))
    const onlyEn = [...en.keys()].filter((key) => !vi.has(key))
    expect({ onlyVi, onlyEn }).toEqual({ onlyVi: [], onlyEn: [] })
  })

  test('have texts that are ICU messages and not empty', () => {
    const bad = [...vi, ...en].filter(([, message]) => {
      if (message.trim() === '') return true
      try {
        placeholdersOf(message)
        return false
      } catch {
        // The parser refuses it: that is what is looked for.
        return true
      }
    })
    expect(bad).toEqual([])
  })

  test('ask for the same placeholders', () => {
    const unequal = [...vi].flatMap(([key, message]) => {
      const other = en.get(key)
      if (other === undefined || placeholdersOf(message) === placeholdersOf(other)) return []
      return [`${key}: vi ${placeholdersOf(message)} | en ${placeholdersOf(other)}`]
    })
    expect(unequal).toEqual([])
  })

  test('are stored composed (NFC), so that search and equality work', () => {
    expect([...vi].filter(([, message]) => message !== message.normalize('NFC')).map(([key]) => key)).toEqual([])
  })
})

describe('errors', () => {
  test.each([['vi', vi], ['en', en]])('say what happened, what is safe and what to do for every code (%s)', (_language, texts) => {
    const missing = errorCodes.flatMap((code) => ['happened', 'safe', 'todo'].map((part) => `errors.${code}.${part}`)).filter((key) => !texts.has(key))
    expect(missing).toEqual([])
  })

  test('have no texts for codes that do not exist', () => {
    const known = new Set<string>(errorCodes)
    expect([...vi.keys()].filter((key) => key.startsWith('errors.') && !known.has(key.split('.')[1] ?? ''))).toEqual([])
  })
})

describe('texts', () => {
  test('are all asked for somewhere: by their key, or by a key made from a code', () => {
    const code = sources().map(({ text }) => text).join('\n')
    const asked = new Set([...code.matchAll(/['"`]([a-z][\w-]*(?:\.[\w-]+)+)['"`]/gi)].map((match) => match[1] ?? ''))
    const beginnings = [...code.matchAll(/`([a-z][\w-]*\.[\w.-]*)\$\{/gi)].map((match) => match[1] ?? '')
    // The shell, the screen and the books of the station read their groups by type; the errors are held by the tests above.
    const unused = [...vi.keys()].filter((key) => !/^(shell|errors|screen|books)\./.test(key) && !asked.has(key) && !beginnings.some((beginning) => key.startsWith(beginning)))
    expect(unused).toEqual([])
  })
})
