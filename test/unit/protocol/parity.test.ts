import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

const ours = fileURLToPath(new URL('../../../resources/protocol', import.meta.url))
/** The papers the copy was taken from, when this tree stands beside them; elsewhere there is nothing to compare with. */
const origin = fileURLToPath(new URL('../../../../shared/protocol', import.meta.url))
const files = ['BS1.md', 'bs1.schema.json', 'vectors.json']

describe('the copy of the BS1 protocol', () => {
  test.each(files)('%s is there and can be read', (name) => {
    const text = readFileSync(join(ours, name), 'utf8')
    expect(text.length).toBeGreaterThan(1000)
    if (name.endsWith('.json')) expect(JSON.parse(text)).toBeTypeOf('object')
  })

  test.runIf(existsSync(origin)).each(files)('%s equals its origin, byte for byte', (name) => {
    expect(readFileSync(join(ours, name)).equals(readFileSync(join(origin, name)))).toBe(true)
  })
})
