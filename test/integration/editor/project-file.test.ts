import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { applyPatches, invert, violations } from '#common/edl/index.ts'
import { readLog } from '../../../main/station/editor/log-file.ts'
import { readFolder } from '../../../main/station/editor/project-folder.ts'
import { OpenProject } from '../../../main/station/editor/project.ts'
import { parseProject, PROJECT_VERSION } from '../../../main/station/editor/records.ts'
import { advance } from '../../../main/station/editor/replay.ts'
import { edits } from './known-edits.ts'

let root = ''
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'vangxa-project-file-'))
})
afterAll(() => rm(root, { recursive: true, force: true }))

const fixture = fileURLToPath(new URL('../../fixtures/project-v1', import.meta.url))
async function oldProject(name: string): Promise<string> {
  const folder = join(root, name)
  await cp(fixture, folder, { recursive: true })
  await cp(join(fixture, 'edit-log.txt'), join(folder, 'edit.log'))
  return folder
}

describe('a project written by version 1', () => {
  test('opens with everything it had, from its state and from its log', async () => {
    const project = await OpenProject.open(await oldProject('opens'), 0)
    const { edl, title, rev, version, history } = project.project
    expect([project.warning, version, title, rev]).toEqual(['none', PROJECT_VERSION, 'Bản tin sáng 20/11', 17])
    expect(edl.lanes.map((lane) => [lane.name, lane.gainDb, lane.clips.map((clip) => [clip.start, clip.offset, clip.length, clip.gainDb, clip.fadeIn.length])])).toEqual([
      ['Lời', 0, [[0, 0, 4_000, -4.5, 480], [4_000, 4_000, 500, 0, 0], [4_500, 5_500, 6_845, 0, 0]]],
      ['Nhạc', -12, [[1_000, 0, 1_500, 0, 0], [4_000, 3_000, 500, 0, 0], [4_500, 4_500, 500, 0, 0]]],
      ['Tiếng động', 0, [[2_000, 0, 700, 0, 0]]],
    ])
    expect(edl.markers.map((marker) => [marker.at, marker.length, marker.label, marker.kind, marker.slideId])).toEqual([[3_000, 0, 'Tin 1', 'marker', null], [6_000, 800, 'Phỏng vấn', 'marker', null]])
    expect(violations(edl)).toEqual([])
    expect(history.undo.map((step) => step.name)).toEqual(['insertItem', 'insertItem', 'split', 'deleteRipple', 'addMarker', 'addMarker', 'setGain', 'fadeIn', 'setLane', 'addLane', 'insertItem', 'trimEdge'])
    expect(history.redo.map((step) => step.name)).toEqual(['move'])
    await project.close()
  })

  test('is undone to its beginning, done again and edited on, and opens anew as it was left', async () => {
    const folder = await oldProject('goes-on')
    const project = await OpenProject.open(folder, 0)
    const before = JSON.stringify(project.project.edl)
    await project.goTo(17, -12, 'Lan', 1)
    expect(project.project.edl).toMatchObject({ sources: [], markers: [], lanes: [{ clips: [] }, { clips: [] }] })
    await project.goTo(18, 12, 'Lan', 2)
    expect(JSON.stringify(project.project.edl)).toBe(before)
    await project.apply(19, { op: 'setMaster', gainDb: -1, limiter: true, ceilingDbtp: -1 }, edits(500), 'Lan', 3)
    const left = JSON.stringify(project.project)
    await project.close()
    const again = await OpenProject.open(folder, 4)
    expect(JSON.stringify(again.project)).toBe(left)
    expect(again.project.history.undo.at(-1)).toMatchObject({ name: 'setMaster', at: 3, by: 'Lan' })
    await again.close()
  })

  test('with a damaged log opens as far as it goes', async () => {
    const folder = await oldProject('damaged')
    const log = await readFile(join(folder, 'edit.log'), 'utf8')
    const lines = log.split('\n')
    await writeFile(join(folder, 'edit.log'), [...lines.slice(0, 3), 'ffffffff {"kind":"undo"}', ...lines.slice(3)].join('\n'))
    const reading = await readFolder(folder)
    expect([reading.warning, reading.project.rev]).toEqual(['bad-log', 12])
    expect(reading.rest.toString('utf8').startsWith('ffffffff')).toBe(true)
  })

  test('a newer version than this one is refused and left alone', async () => {
    const folder = await oldProject('newer')
    const text = JSON.stringify({ version: 3, edl: 'unknown' })
    await writeFile(join(folder, 'project.json'), text)
    await expect(OpenProject.open(folder, 0)).rejects.toMatchObject({ code: 'file-unreadable' })
    expect(await readFile(join(folder, 'project.json'), 'utf8')).toBe(text)
  })
})

describe('the description of the project file', () => {
  test('has examples that this program reads, and their steps fit', async () => {
    const text = await readFile(fileURLToPath(new URL('../../../main/station/editor/PROJECT.md', import.meta.url)), 'utf8')
    const [, json = ''] = /```json\n([\s\S]*?)```/.exec(text) ?? []
    const project = parseProject(JSON.parse(json))
    expect(project.version).toBe(PROJECT_VERSION)
    expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify(project)))
    expect(violations(project.edl)).toEqual([])
    const step = project.history.undo.at(-1)
    expect(applyPatches(project.edl, invert(step?.patches ?? []))).not.toBeNull()
    const [, log = ''] = /```\n([0-9a-f]{8} [\s\S]*?)```/.exec(text) ?? []
    const reading = readLog(Buffer.from(log), () => true)
    expect([reading.end, reading.lines.map((line) => line.kind)]).toEqual(['whole', ['edit', 'undo']])
    const edited = reading.lines[0] === undefined ? null : advance(project, reading.lines[0])
    expect(edited?.edl.markers.map((marker) => marker.label)).toEqual(['Tin 1', 'Tin 2'])
    const undone = edited === null || reading.lines[1] === undefined ? null : advance(edited, reading.lines[1])
    expect(JSON.stringify(undone?.edl)).toBe(JSON.stringify(project.edl))
  })
})
