/**
 * What recording costs and how late it is, one JSON line each, in the real window with counter PCM: what is written, lost and late while the window's main
 * thread stands still (P8; opponent: the same blocks by way of that thread), how soon the level is seen (P12), what memory and processor a long take
 * needs (P7, extrapolated from `--minutes`), and write + fdatasync of a second (opponent: the bare calls). Where there is no opponent, `versus` is the budget.
 *
 *   npm run bench -- recorder [--minutes 3] [--only late,meter,soak,disk]
 */
import { parseArgs } from 'node:util'
import { prepareApplication } from '../../main/build/prepared.ts'
import { ElectronLane } from '../support/recorder/fault/electron.ts'
import { printer } from './editor/print.ts'
import { measureDisk } from './recorder/disk.ts'
import { measureLateness } from './recorder/lateness.ts'
import { measureMeter } from './recorder/meter.ts'
import { measureSoak } from './recorder/soak.ts'

const { values } = parseArgs({ options: { minutes: { type: 'string', default: '3' }, only: { type: 'string' } } })
const minutes = Number(values.minutes)
if (!Number.isFinite(minutes) || minutes < 1) throw new RangeError('--minutes takes a number from 1')
const print = printer('recorder')

const inWindow = { late: measureLateness, meter: measureMeter, soak: (lane: ElectronLane, tell: typeof print) => measureSoak(lane, tell, minutes) }
const isInWindow = (name: string): name is keyof typeof inWindow => Object.hasOwn(inWindow, name)
const wanted = values.only?.split(',') ?? ['disk', 'late', 'meter', 'soak']
const unknown = wanted.find((name) => name !== 'disk' && !isInWindow(name))
if (unknown !== undefined) throw new RangeError(`--only knows disk, ${Object.keys(inWindow).join(', ')}`)

if (wanted.includes('disk')) await measureDisk(print)
if (wanted.some(isInWindow)) {
  const prepared = await prepareApplication()
  Object.assign(process.env, prepared.env)
  try {
    await using lane = await ElectronLane.open([...prepared.electronArguments.filter((one) => one.startsWith('--log-level')), '--js-flags=--expose-gc'])
    for (const name of wanted) if (isInWindow(name)) await inWindow[name](lane, print)
  } finally {
    prepared.close()
  }
}
