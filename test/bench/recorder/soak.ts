import { readFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { readCounted } from '../../support/recorder/fault/counted-group.ts'
import { COUNTER_FRAMES, type ElectronLane } from '../../support/recorder/fault/electron.ts'
import type { Print } from '../editor/print.ts'

const BUDGET = { mbPerHour: 10, cpuShare: 0.15 }
const TICKS_PER_SECOND = 100
const SETTLE_MS = 2_000
const HIDDEN_MS = 60_000
/** A take grows into its buffers and caches first. */
const WARM_UP_SHARE = 1 / 3

/** Memory that belongs to the process alone, MB. */
function privateMb(pid: number): number {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')
  const of = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)?.[1] ?? 0)
  return (of('Private_Clean') + of('Private_Dirty')) / 1_024
}
function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^\d+ \(.*\) /s, '').split(' ')
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND
}

/** One take as long as asked for, with the recorder's page open: counter PCM tells every gap; memory is read after garbage was collected. */
export async function measureSoak(lane: ElectronLane, print: Print, minutes: number): Promise<void> {
  await lane.ready()
  const take = await lane.record()
  const page = lane.page
  const pid = await lane.rendererPid()
  const session = await page.context().newCDPSession(page)
  const settled = async (): Promise<number> => {
    await session.send('HeapProfiler.collectGarbage')
    // The capture's worker has a heap of its own: what waits there for its collector swings by some 20 MB and is no growth.
    for (const worker of page.workers()) await worker.evaluate('globalThis.gc()')
    await wait(1_000)
    return privateMb(pid)
  }
  const station = lane.stationPid()
  await wait(minutes * 60_000 * WARM_UP_SHARE)
  const before = await settled()
  const [began, cpu, stationCpu] = [performance.now(), cpuSeconds(pid), cpuSeconds(station)]
  await wait(minutes * 60_000 * (1 - WARM_UP_SHARE))
  const seconds = (performance.now() - began) / 1_000
  const [cpuShare, stationShare] = [(cpuSeconds(pid) - cpu) / seconds, (cpuSeconds(station) - stationCpu) / seconds]
  const grown = (await settled()) - before
  await session.detach()
  await lane.showWindow(false)
  await wait(SETTLE_MS)
  const [hiddenBegan, hiddenCpu] = [performance.now(), cpuSeconds(pid)]
  await wait(HIDDEN_MS)
  const hiddenShare = ((cpuSeconds(pid) - hiddenCpu) * 1_000) / (performance.now() - hiddenBegan)
  await lane.showWindow(true)
  await lane.stop()
  await lane.client.waitFor('recorder.changed', (one) => one.id === take.id && one.state === 'saved', 120_000)
  const counted = await readCounted(lane.client, lane.folder, take.groupId, COUNTER_FRAMES)
  const name = `soak_${minutes}min`
  print(`${name}_recorded_s`, counted.frames / 48_000, 's', null)
  print(`${name}_frames_lost`, counted.wrongAt < 0 ? counted.toldFrames : counted.frames - counted.wrongAt, 'frames', null)
  print(`${name}_renderer_mb_per_h`, (grown * 3_600) / seconds, 'MB/h', BUDGET.mbPerHour)
  // Seen = with meters at the rate of the screen, drawn by whatever draws here; a machine without a graphics card draws with the processor.
  print(`${name}_renderer_cpu_share`, cpuShare, 'of a core', BUDGET.cpuShare)
  print(`${name}_renderer_cpu_share_unseen`, hiddenShare, 'of a core', BUDGET.cpuShare)
  print(`${name}_station_cpu_share`, stationShare, 'of a core', BUDGET.cpuShare)
}
