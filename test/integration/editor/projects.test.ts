import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { edit, emptyEdl, violations } from '#common/edl/index.ts'
import { samples } from '#common/units/samples.ts'
import { z } from 'zod'
import { EditCommand } from '#contract/editor.ts'
import { AppError } from '#contract/errors.ts'
import { OpenProject } from '../../../main/station/editor/project.ts'
import { createFolder } from '../../../main/station/editor/project-folder.ts'
import { aim, wishes } from '../../support/edits.ts'
import { edits, fingerprint } from './known-edits.ts'

let root = ''
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'vangxa-editor-'))
})
afterAll(() => rm(root, { recursive: true, force: true }))

let folders = 0
const projectId = '01ARZ3NDEKTSV4RRFFQ69G5FAV'
async function newProject(): Promise<{ folder: string; project: OpenProject; context: ReturnType<typeof edits>; laneId: string }> {
  const folder = join(root, `p${++folders}`)
  const context = edits()
  const lane = edit(emptyEdl, { op: 'addLane', name: 'Lời' }, context)
  if ('refused' in lane) throw new Error(lane.refused)
  await createFolder(folder, { version: 2, id: projectId, title: 'Thử', rev: 0, updatedAt: 0, edl: lane.edl, history: { undo: [], redo: [] } })
  return { folder, project: await OpenProject.open(folder, 0), context, laneId: lane.edl.lanes[0]?.id ?? '' }
}
const codeOf = (work: Promise<unknown>): Promise<string> => work.then(() => 'fine', (error: unknown) => (error instanceof AppError ? error.code : String(error)))
const insert = (itemId: string, laneId: string) => ({ op: 'insertItem', itemId, laneId, at: samples(0), mode: 'insert' }) as const

describe('a project on disk', () => {
  test('opens as it was left, with its whole history, after any run of edits', async () => {
    await fc.assert(fc.asyncProperty(fc.array(fc.tuple(wishes, fc.nat(9)), { minLength: 1, maxLength: 30 }), async (run) => {
      const { folder, project, context } = await newProject()
      for (const [wish, dice] of run) {
        const { rev, edl, history } = project.project
        if (dice === 0 && history.undo.length > 0) await project.undo(rev, 'Lan', 1)
        else if (dice === 1 && history.redo.length > 0) await project.redo(rev, 'Lan', 1)
        else if (dice === 2 && history.undo.length > 1) await project.goTo(rev, -2, 'Lan', 1)
        else if (dice === 3 && history.redo.length > 1) await project.goTo(rev, 2, 'Lan', 1)
        else expect(await codeOf(project.apply(rev, aim(wish, edl, context.items), context, 'Lan', 1))).toMatch(/^(fine|edit-refused|not-found)$/)
      }
      const left = JSON.stringify(project.project)
      // As after a kill: nothing is closed.
      const again = await OpenProject.open(folder, 2)
      expect(JSON.stringify(again.project)).toBe(left)
      expect(again.warning).toBe('none')
      while (again.project.history.undo.length > 0) await again.undo(again.project.rev, 'Lan', 2)
      expect(again.project.edl.lanes.flatMap((lane) => lane.clips)).toEqual([])
      await again.close()
      await project.close()
    }), { numRuns: 15 })
  })

  test('refuses an edit of an old revision and says which one is there', async () => {
    const { project, context, laneId } = await newProject()
    await project.apply(0, insert(context.items[0]?.itemId ?? '', laneId), context, 'Lan', 1)
    expect(await codeOf(project.apply(0, { op: 'addLane', name: 'x' }, context, 'Hoa', 1))).toBe('edit-conflict')
    expect(await codeOf(project.undo(0, 'Hoa', 1))).toBe('edit-conflict')
    const both = [project.apply(1, { op: 'addLane', name: 'a' }, context, 'Lan', 1), project.apply(1, { op: 'addLane', name: 'b' }, context, 'Hoa', 1)].map(codeOf)
    expect(await Promise.all(both)).toEqual(['fine', 'edit-conflict'])
    expect(await codeOf(project.apply(2, { op: 'removeMarker', markerId: 'x' }, context, 'Lan', 1))).toBe('edit-refused')
    await project.undo(2, 'Lan', 1)
    await project.undo(3, 'Lan', 1)
    expect(await codeOf(project.undo(4, 'Lan', 1))).toBe('nothing-to-undo')
    await project.close()
  })

  test('drops a torn last line and goes on', async () => {
    const { folder, project, context, laneId } = await newProject()
    await project.apply(0, insert(context.items[0]?.itemId ?? '', laneId), context, 'Lan', 1)
    const left = JSON.stringify(project.project)
    const log = join(folder, 'edit.log')
    const whole = await readFile(log)
    for (const tail of [whole.subarray(0, 5), whole.subarray(0, whole.length - 1), Buffer.alloc(300)]) {
      await writeFile(log, Buffer.concat([whole, tail]))
      const again = await OpenProject.open(folder, 2)
      expect([again.warning, JSON.stringify(again.project)]).toEqual(['torn-log', left])
      await again.close()
      const third = await OpenProject.open(folder, 2)
      expect(third.warning).toBe('none')
      await third.close()
      await writeFile(log, whole)
    }
    await project.close()
  })

  test('opens the last good state when a line in the middle is bad, and keeps the rest beside it', async () => {
    const { folder, project, context, laneId } = await newProject()
    await project.apply(0, insert(context.items[0]?.itemId ?? '', laneId), context, 'Lan', 1)
    const good = JSON.stringify(project.project)
    for (let n = 1; n < 4; n++) await project.apply(n, { op: 'addLane', name: `l${n}` }, context, 'Lan', 1)
    await project.close()
    const log = join(folder, 'edit.log')
    const bytes = await readFile(log)
    const second = bytes.indexOf(10) + 1
    bytes[second + 40] = (bytes[second + 40] ?? 0) ^ 1
    await writeFile(log, bytes)
    const again = await OpenProject.open(folder, Date.UTC(2025, 0, 2, 3, 4, 5))
    expect([again.warning, JSON.stringify(again.project)]).toEqual(['bad-log', good])
    const beside = (await readdir(folder)).find((name) => name.startsWith('edit.log.bad-'))
    expect(await readFile(join(folder, beside ?? ''))).toEqual(bytes.subarray(second))
    await again.apply(1, { op: 'addLane', name: 'sau' }, context, 'Lan', 1)
    await again.close()
    const last = await OpenProject.open(folder, 0)
    expect([last.warning, last.project.rev]).toEqual(['none', 2])
    await last.close()
  })

  test('ignores lines that the state already holds, as after a crash while the log was emptied', async () => {
    const { folder, project, context } = await newProject()
    for (let n = 0; n < 3; n++) await project.apply(n, { op: 'addMarker', at: samples(n), length: samples(0), label: '' }, context, 'Lan', 1)
    await project.close()
    await writeFile(join(folder, 'project.json'), JSON.stringify(project.project))
    const again = await OpenProject.open(folder, 1)
    expect([again.warning, JSON.stringify(again.project)]).toEqual(['none', JSON.stringify(project.project)])
    await again.close()
  })

  test('empties its log now and then without losing a step', async () => {
    const { folder, project, context } = await newProject()
    for (let n = 0; n < 2_050; n++) await project.apply(n, { op: 'addMarker', at: samples(n % 50), length: samples(0), label: 'm' }, context, 'Lan', 1)
    expect((await stat(join(folder, 'edit.log'))).size).toBeLessThan(500_000)
    const again = await OpenProject.open(folder, 1)
    expect(again.project.history.undo).toHaveLength(2_050)
    expect(again.project.edl.markers).toHaveLength(2_050)
    await again.close()
    await project.close()
  }, 120_000)

  test('a state file that is no project is an error of its own, not a crash', async () => {
    const folder = join(root, 'broken')
    await mkdir(folder)
    expect(await codeOf(OpenProject.open(folder, 0))).toBe('not-found')
    await writeFile(join(folder, 'project.json'), '{"version":2')
    expect(await codeOf(OpenProject.open(folder, 0))).toBe('file-unreadable')
    await writeFile(join(folder, 'project.json'), '{"version":99}')
    await appendFile(join(folder, 'edit.log'), 'x')
    expect(await codeOf(OpenProject.open(folder, 0))).toBe('file-unreadable')
  })
})

describe('a killed station', () => {
  test('has every edit that was answered, at most the one under way besides, and can undo them all', async () => {
    const script = fileURLToPath(new URL('./edit-until-killed.ts', import.meta.url))
    const [wishRun] = fc.sample(fc.array(wishes, { minLength: 60, maxLength: 60 }), { numRuns: 1, seed: 20_251_121 })
    for (let round = 0; round < 6; round++) {
      const folder = join(root, `killed${round}`)
      const child = spawn(process.execPath, [script, folder, JSON.stringify(wishRun)], { stdio: ['ignore', 'pipe', 'inherit'] })
      let said = ''
      let lines = 0
      const enough = 5 + round * 37
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        said += text
        lines += text.split('\n').length - 1
        // Killed in the middle of whatever comes next.
        if (lines >= enough) child.kill('SIGKILL')
      })
      const [, signal] = await once(child, 'close')
      expect(signal).toBe('SIGKILL')
      const states = new Map(said.split('\n').slice(0, -1).map((line) => [Number(line.slice(0, line.indexOf(' '))), line.slice(line.indexOf(' ') + 1)]))
      const answered = Math.max(...states.keys())
      const again = await OpenProject.open(folder, 0)
      expect(again.project.rev).toBeGreaterThanOrEqual(answered)
      expect(again.project.rev).toBeLessThanOrEqual(answered + 1)
      if (again.project.rev === answered) expect(fingerprint(again.project)).toBe(states.get(answered))
      expect(violations(again.project.edl)).toEqual([])
      if (again.project.history.undo.length > 0) await again.goTo(again.project.rev, -again.project.history.undo.length, 'Lan', 2)
      expect(again.project.edl).toMatchObject({ sources: [], markers: [], lanes: [{ clips: [] }] })
      await again.close()
    }
  })

  test('right after the answer to each kind of change has it, with its history', async () => {
    const script = fileURLToPath(new URL('./one-edit.ts', import.meta.url))
    const { folder, project } = await newProject()
    await project.close()
    const first = await OpenProject.open(folder, 0)
    let left = fingerprint(first.project)
    await first.close()
    const Said = z.object({ of: z.number(), opened: z.string(), answered: z.string(), ops: z.array(z.string()) })
    let of = 1
    for (let n = 0; n < of; n++) {
      const child = spawn(process.execPath, [script, folder, String(n)], { stdio: ['ignore', 'pipe', 'inherit'] })
      const closed = once(child, 'close')
      let said = ''
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        said += text
        if (said.endsWith('\n')) child.kill('SIGKILL')
      })
      expect((await closed)[1]).toBe('SIGKILL')
      const answer = Said.parse(JSON.parse(said))
      // Killed after the one before: it opens as that one was answered, and something has changed now.
      expect(answer.opened).toBe(left)
      expect(answer.answered).not.toBe(left)
      left = answer.answered
      of = answer.of
      expect(EditCommand.options.map((option) => option.shape.op.value).filter((op) => !answer.ops.includes(op))).toEqual([])
    }
    const last = await OpenProject.open(folder, 0)
    expect(fingerprint(last.project)).toBe(left)
    await last.close()
  }, 300_000)
})
