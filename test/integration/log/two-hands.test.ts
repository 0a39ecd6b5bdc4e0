import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { LogDay, LogLine } from '#contract/log.ts'
import { AppError } from '#contract/errors.ts'
import { callRoom } from '../../support/context.ts'
import { DATE, FRAMES, HOUR, START, follow, hard, openLogDesk, personNamed, the } from '../../support/log-desk.ts'
import type { LogDesk } from '../../support/log-desk.ts'

const EDITS = 3_000
const TOGETHER = 40

let desk: LogDesk
beforeEach(async () => {
  desk = await openLogDesk()
})
afterEach(() => desk[Symbol.asyncDispose]())

/** Small, fast, and the same for a seed everywhere. */
function randomOf(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 4_294_967_296
  }
}

describe('two people on one log', () => {
  it(`${EDITS} edits at once are merged by line or refused: none lost, none doubled, both windows told`, async () => {
    const seed = Number(process.env['VANGXA_SEED'] ?? 20_261_121)
    const random = randomOf(seed)
    const pick = <T>(list: readonly T[]): T => the(list[Math.floor(random() * list.length)])
    const items = Array.from({ length: 12 }, (_, n) => desk.library.put(`Bài ${n}`, (n + 1) * FRAMES))
    const people = [personNamed('Lan', '01ARZ3NDEKTSV4RRFFQ69G5NAN', 'scheduler'), personNamed('Minh', '01ARZ3NDEKTSV4RRFFQ69G5M1N', 'scheduler')]
    // Thousands of syncs of the disk prove nothing here.
    desk.ctx.db.pragma('synchronous = OFF')
    let told = 0
    desk.ctx.events.on('log.changed', () => void told++)
    await desk.layOut(Array.from({ length: 60 }, () => pick(items)), START + HOUR)
    /** What each window last saw: it goes on with that until it reads again. */
    const views: LogDay[] = [await desk.day(), await desk.day()]
    /** What must be true of each line: the last accepted item, note and presence. */
    const truth = new Map(views[0]?.lines.map((line) => [line.id, { itemId: line.itemId, text: line.text, present: true }]))
    const counts = { accepted: 0, stale: 0, missing: 0 }
    let note = 0

    const edit = async (who: 0 | 1): Promise<void> => {
      const view = the(views[who])
      const line = pick(view.lines.slice(1))
      const other = pick(view.lines)
      const named = { broadcastDate: DATE, lineId: line.id, rev: line.rev }
      const caller = the(people[who])
      const chance = random()
      try {
        let day: LogDay
        if (chance < 0.35) {
          const text = `ghi chú ${++note}`
          day = await callRoom(desk.log, 'log.updateLine', { ...named, text }, caller)
          Object.assign(the(truth.get(line.id)), { text })
        } else if (chance < 0.6) {
          const itemId = pick(items).id
          day = await callRoom(desk.log, 'log.updateLine', { ...named, itemId }, caller)
          Object.assign(the(truth.get(line.id)), { itemId })
        } else if (chance < 0.8) {
          if (other.id === line.id) return
          day = await callRoom(desk.log, 'log.moveLine', { ...named, afterLineId: other.id }, caller)
        } else if (chance < 0.9) {
          if (view.lines.length > 64) return
          const itemId = pick(items).id
          const added = await callRoom(desk.log, 'log.addLine', { broadcastDate: DATE, itemId, timing: follow, afterLineId: other.id }, caller)
          truth.set(the(added.step.lineIds[0]), { itemId, text: '', present: true })
          day = added
        } else {
          if (view.lines.length < 48) return
          day = await callRoom(desk.log, 'log.removeLine', named, caller)
          Object.assign(the(truth.get(line.id)), { present: false })
        }
        counts.accepted++
        // A window takes the answer over only now and then: the rest of the time it works on an old view.
        if (random() < 0.3) views[who] = day
      } catch (error) {
        if (!(error instanceof AppError)) throw error
        if (error.code === 'stale') counts.stale++
        else if (error.code === 'not-found') counts.missing++
        else throw error
        views[who] = await desk.day()
      }
    }
    for (let done = 0; done < EDITS; done += TOGETHER) await Promise.all(Array.from({ length: TOGETHER }, (_, n) => edit(n % 2 === 0 ? 0 : 1)))

    const day = await desk.day()
    const present = [...truth].filter(([, line]) => line.present)
    expect(day.lines.map((line) => line.id).toSorted()).toEqual(present.map(([id]) => id).toSorted())
    expect(new Set(day.lines.map((line) => line.orderKey)).size).toBe(day.lines.length)
    expect(day.lines.map((line) => line.orderKey)).toEqual(day.lines.map((line) => line.orderKey).toSorted())
    const shown = new Map(day.lines.map((line): [string, Pick<LogLine, 'itemId' | 'text'>] => [line.id, line]))
    for (const [id, line] of present) expect({ id, itemId: shown.get(id)?.itemId, text: shown.get(id)?.text }).toEqual({ id, itemId: line.itemId, text: line.text })
    expect(told).toBeGreaterThanOrEqual(counts.accepted)
    expect(Math.min(counts.accepted, counts.stale)).toBeGreaterThan(500)
    console.log(`seed ${seed}: ${counts.accepted} accepted, ${counts.stale} stale, ${counts.missing} beside a line that was gone; ${day.lines.length} lines`)
  }, 300_000)
})

describe('odd words', () => {
  const word = fc.oneof(
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 80 }), fc.constantFrom('"', "'; DROP TABLE log_lines; --", 'Dòng 1\nDòng 2\r\nDòng 3', '📻🇻🇳👩‍👩‍👧', 'Tiếng Việt'.normalize('NFD'), '\u0000\u0007\u202E', '<b>&amp;</b>', '{count}', '\\u0000', 'đ'.repeat(200)),
  )

  it('in titles and notes are kept as they are meant, and nothing but them changes (seeded)', async () => {
    const item = desk.library.put('Gốc', 10 * FRAMES)
    await desk.layOut([item], START + HOUR)
    await fc.assert(fc.asyncProperty(word, fc.oneof(word, fc.constant('Ghi chú “dài”\n'.repeat(285))), async (title, text) => {
      if (title.normalize('NFC').replace(/[\p{Cc}\p{Zl}\p{Zp}\uFEFF]+/gu, ' ').trim() === '') return
      const before = await desk.day()
      const added = await callRoom(desk.log, 'log.addLines', { broadcastDate: DATE, afterLineId: the(before.lines[0]).id, lines: [{ kind: 'note', title: title.slice(0, 200), text }] })
      const line = the(added.lines[1])
      expect(line.title).not.toMatch(/\p{Cc}/u)
      expect(line.title).toBe(line.title.normalize('NFC'))
      expect(line.text).toBe(text.normalize('NFC').replaceAll('\r\n', '\n').replace(/[\p{Cc}\uFEFF]/gu, (sign) => (sign === '\n' || sign === '\t' ? sign : ' ')))
      await desk.reopen()
      const read = await desk.day()
      expect(read.lines.slice(0, 3)).toEqual(added.lines.slice(0, 3))
      await callRoom(desk.log, 'log.removeLine', { broadcastDate: DATE, lineId: line.id, rev: line.rev })
      expect((await desk.day()).lines.map((one) => one.id)).toEqual(before.lines.map((one) => one.id))
    }), { numRuns: 60, seed: 35 })
  })

  it('the same title composed and decomposed is one title, and a title of another item stays another', async () => {
    const day = await callRoom(desk.log, 'log.addLines', { broadcastDate: DATE, afterLineId: null, lines: [{ kind: 'note', title: 'Thời sự'.normalize('NFD') }, { kind: 'note', title: 'Thời sự'.normalize('NFC') }, { kind: 'note', title: 'Thoi su' }] })
    expect(day.lines.map((line) => line.title)).toEqual(['Thời sự', 'Thời sự', 'Thoi su'])
  })
})

describe('a day of ten thousand lines', () => {
  it('is written as one step, read, predicted and undone', async () => {
    const item = desk.library.put('Nhạc hiệu', 5 * FRAMES)
    const lines = Array.from({ length: 10_000 }, (_, n) => ({ itemId: item.id, timing: n === 0 ? hard(START + HOUR) : follow }))
    const day = await callRoom(desk.log, 'log.addLines', { broadcastDate: DATE, lines, afterLineId: null })
    expect(day.lines).toHaveLength(10_000)
    expect(Math.max(...day.lines.map((line) => line.orderKey.length))).toBeLessThanOrEqual(16)
    expect(day.lines.at(-1)?.predictedAt).toBe(START + HOUR + 9_999 * 5_000)
    await desk.reopen()
    const started = performance.now()
    const read = await desk.day()
    console.log(`10 000 lines: first reading ${Math.round(performance.now() - started)} ms`)
    expect(read.lines).toEqual(day.lines)
    const undone = await callRoom(desk.log, 'log.undo', { stepId: day.step.stepId })
    expect(undone.days[0]?.lines).toEqual([])
  }, 120_000)
})
