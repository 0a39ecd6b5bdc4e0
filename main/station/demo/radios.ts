import { spawn } from 'node:child_process'
import { mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { StationContext } from '../context.ts'
import { demoRadios, demoScreens } from './area.ts'
import type { DemoArea } from './fill.ts'
import type { DemoPerson } from './person.ts'

const devices: readonly { readonly dev: string; readonly name: string }[] = [...demoRadios, ...demoScreens]
const receiver = fileURLToPath(new URL('../../receiver/index.ts', import.meta.url))

/**
 * Six simulated radios and two screens in one process of their own, so that they go on playing when the station dies. They pair for real: label, digits,
 * confirmation. Ended with the station when it stops in good order; by themselves when it stays gone.
 */
export async function startDemoRadios(ctx: StationContext, stationUrl: string): Promise<{ labels: AsyncIterable<string> } | null> {
  const folder = join(ctx.folders.root, 'demo-radios')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const pidFile = join(folder, 'pid')
  const running = alivePid(pidFile)
  if (running !== null) {
    ctx.scope.add(() => endProcess(running))
    return null
  }
  const child = spawn(process.execPath, [receiver, '--station', stationUrl, '--data', folder, '--count', String(demoRadios.length), '--base', 'SPK-DEMO', '--screens', String(demoScreens.length), '--station-lock', join(ctx.folders.root, 'station.lock.json')], {
    detached: true, stdio: ['ignore', 'pipe', openSync(join(folder, 'radios.log'), 'a')],
  })
  if (child.pid === undefined || child.stdout === null) throw new Error('the demo radios did not start')
  const { pid } = child
  writeFileSync(pidFile, String(pid), { mode: 0o600 })
  ctx.scope.add(() => endProcess(pid))
  child.unref()
  return { labels: createInterface({ input: child.stdout }) }
}

/** Plays the installer: expects each label, reads the digits from the device, compares and confirms. Ends when all are paired. */
export async function pairDemoRadios(lines: AsyncIterable<string>, person: DemoPerson, area: DemoArea): Promise<void> {
  const waiting = new Set<string>(devices.map((device) => device.dev))
  for await (const line of lines) {
    const label = /^label (BS1:((?:SPK|SCR)-[0-9A-Z]+):.*)$/.exec(line)
    const spoken = /^((?:SPK|SCR)-[0-9A-Z]+) digits (\d{6})$/.exec(line)
    if (label !== null) await expectDevice(person, area, String(label[2]), String(label[1]))
    if (spoken !== null) {
      const [, dev = '', digits = ''] = spoken
      await person.do('devices.confirm', { id: dev, digits })
      const device = (await person.do('devices.fleet', {})).devices.find((known) => known.id === dev)
      if (device !== undefined) await person.do('devices.update', { id: dev, rev: device.rev, mode: 'active' })
      waiting.delete(dev)
      if (waiting.size === 0) return
    }
  }
}
async function expectDevice(person: DemoPerson, area: DemoArea, dev: string, label: string): Promise<void> {
  const device = devices.find((known) => known.dev === dev)
  const unitId = area.unitOf.get(dev)
  if (device === undefined || unitId === undefined) return
  await person.do('devices.expect', { label, name: device.name, unitId })
}

function alivePid(file: string): number | null {
  try {
    const pid = Number(readFileSync(file, 'utf8'))
    process.kill(pid, 0)
    return pid
  } catch {
    // No file, or no such process: both mean that nothing runs.
    return null
  }
}
function endProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGTERM')
  } catch {
    // It has already ended.
  }
}
