import { createHash } from 'node:crypto'
import type { EditContext } from '#common/edl/index.ts'
import { samples } from '#common/units/samples.ts'
import type { ProjectRecord } from '../../../main/station/editor/records.ts'

const ulid = (n: number): string => n.toString(10).padStart(26, '0')

/** Items and ids as the contract wants them, the same in every run. */
export function edits(first = 1): EditContext & { items: { itemId: string }[] } {
  let n = first
  const items = [5_000, 12_345, 700].map((length, index) => ({ itemId: ulid(90_000 + index), length }))
  return {
    items,
    newId: () => ulid(n++),
    item: (itemId) => {
      const found = items.find((item) => item.itemId === itemId)
      return found === undefined ? null : { itemId, title: 'Bài', sha256: 'a'.repeat(64), channels: 2, length: samples(found.length) }
    },
  }
}

/** A project in few letters: its list, name and whole history, byte by byte. */
export function fingerprint(project: ProjectRecord): string {
  return createHash('sha256').update(JSON.stringify([project.rev, project.title, project.edl, project.history])).digest('hex')
}
