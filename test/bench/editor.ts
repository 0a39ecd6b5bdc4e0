import { execFile } from 'node:child_process'
import { open, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { parseArgs, promisify } from 'node:util'
import { channelsOf, compileEdl, edit, emptyEdl } from '#common/edl/index.ts'
import type { Command, Edl, EditContext, Patch } from '#common/edl/index.ts'
import { emptyHistory, record } from '#common/history/index.ts'
import { samples } from '#common/units/samples.ts'
import { mixToWav } from '../../main/station/editor/render.ts'
import { openPcm } from '../../main/station/media/pcm.ts'
import { babble, writeLongWav } from '../support/signals.ts'

/**
 * An edit on 5 000 clips with its undo step (median and p95; opponent: keeping a whole copy of the list), and the export of a long programme
 * with 40 cuts (opponent: one ffmpeg graph that trims and joins the same pieces without fades).
 *
 *   npm run bench -- editor [--minutes 180]
 */
const { values } = parseArgs({ options: { minutes: { type: 'string', default: '180' } } })
const seconds = Number(values.minutes) * 60
if (!Number.isFinite(seconds) || seconds < 60) throw new RangeError('--minutes takes a number from 1')
const CUTS = 40
const execute = promisify(execFile)
const round = (value: number): number => Math.round(value * 1000) / 1000

function print(figure: string, value: number, unit: string, versus: number): void {
  console.log(JSON.stringify({ bench: 'editor', figure, value: round(value), unit, versus: round(versus), ratio: round(value / versus) }))
}
function context(length: number): EditContext {
  let n = 0
  return { newId: () => `id${++n}`, item: (itemId) => ({ itemId, title: 'Dài', sha256: 'a'.repeat(64), channels: 2, length: samples(length) }) }
}
function made(edl: Edl, command: Command, ids: EditContext): { edl: Edl; name: string; patches: readonly Patch[] } {
  const result = edit(edl, command, ids)
  if ('refused' in result) throw new Error(`${command.op}: ${result.refused}`)
  return result
}
const quantile = (sorted: readonly number[], share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0

function measureEdits(): void {
  const ids = context(60_000_000)
  let edl = made(emptyEdl, { op: 'addLane', name: 'Lời' }, ids).edl
  const laneIds = [edl.lanes[0]?.id ?? '']
  edl = made(edl, { op: 'insertItem', itemId: 'x', laneId: laneIds[0] ?? '', at: samples(0), mode: 'insert' }, ids).edl
  for (let n = 1; n < 5_000; n++) edl = made(edl, { op: 'split', at: samples(n * 12_000), laneIds }, ids).edl
  let history = emptyHistory<Patch>()
  const own: number[] = []
  const copies: number[] = []
  for (let n = 0; n < 500; n++) {
    const at = ((n * 7_919) % 4_900) * 12_000
    const begin = performance.now()
    const step = made(edl, { op: 'deleteRange', range: { start: samples(at + 3_000), end: samples(at + 4_000) }, ripple: true, laneIds }, ids)
    history = record(history, { name: step.name, patches: step.patches })
    own.push(performance.now() - begin)
    edl = step.edl
    const copy = performance.now()
    JSON.stringify(edl)
    copies.push(performance.now() - copy)
  }
  for (const list of [own, copies]) list.sort((a, b) => a - b)
  print('edit_op_ms_5000_clips', quantile(own, 0.5), 'ms', quantile(copies, 0.5))
  print('edit_op_p95_ms_5000_clips', quantile(own, 0.95), 'ms', quantile(copies, 0.95))
  print('undo_kb_500_steps', JSON.stringify(history).length / 1024, 'kB', (JSON.stringify(edl).length * 500) / 1024)
}

async function measureExport(folder: string): Promise<void> {
  const path = await writeLongWav(join(folder, 'source.wav'), [...babble(30), ...babble(30, 2)], seconds)
  const pcm = await openPcm(path)
  const ids = context(pcm.length)
  let edl = made(emptyEdl, { op: 'addLane', name: 'Lời' }, ids).edl
  const laneIds = [edl.lanes[0]?.id ?? '']
  edl = made(edl, { op: 'insertItem', itemId: 'x', laneId: laneIds[0] ?? '', at: samples(0), mode: 'insert' }, ids).edl
  const piece = Math.floor(pcm.length / (CUTS + 1))
  for (let n = CUTS; n >= 1; n--) edl = made(edl, { op: 'deleteRange', range: { start: samples(n * piece - 4_800), end: samples(n * piece) }, ripple: true, laneIds }, ids).edl
  const plan = compileEdl(edl)
  const target = join(folder, 'export.wav')
  const begin = performance.now()
  await mixToWav({ plan, places: [pcm], channels: channelsOf(edl), target }, new AbortController().signal, () => undefined)
  const own = (performance.now() - begin) / 1000
  await settled(target)

  const clips = edl.lanes[0]?.clips ?? []
  const trims = clips.map((clip, n) => `[s${n}]atrim=start_sample=${clip.offset}:end_sample=${clip.offset + clip.length},asetpts=PTS-STARTPTS[p${n}]`)
  const graph = `[0:a]asplit=${clips.length}${clips.map((_, n) => `[s${n}]`).join('')};${trims.join(';')};${clips.map((_, n) => `[p${n}]`).join('')}concat=n=${clips.length}:v=0:a=1[out]`
  const other = performance.now()
  await execute('ffmpeg', ['-hide_banner', '-loglevel', 'error', '-nostdin', '-y', '-i', path, '-filter_complex', graph, '-map', '[out]', '-c:a', 'pcm_s24le', '-rf64', 'auto', join(folder, 'other.wav')], { maxBuffer: 4_000_000 })
  const opponent = (performance.now() - other) / 1000
  const name = seconds === 10_800 ? 'export_3h_40cuts' : `export_${values.minutes}min_40cuts`
  print(`${name}_s`, own, 's', opponent)
  print(`${name}_x_real_time`, plan.length / 48_000 / own, 'x', plan.length / 48_000 / opponent)
}

/** What one run left to be written must not slow down the next. */
async function settled(path: string): Promise<void> {
  const file = await open(path, 'r+')
  await file.sync()
  await file.close()
}

measureEdits()
const folder = await mkdtemp(join(tmpdir(), 'vangxa-bench-'))
try {
  await measureExport(folder)
} finally {
  await rm(folder, { recursive: true, force: true })
}
