import { parseArgs } from 'node:util'
import { startRadio } from './radio.ts'
import { startSimulator } from './simulator.ts'
import { endWhenGone } from './station-lock.ts'

const help = `npm run radio -- --station https://127.0.0.1:PORT --data DIR [options]

  --station URL       where to pair; later the configuration names the servers
  --data DIR          folder of the radio (identity, letters, programmes)
  --label-file FILE   writes the label (BS1:…) to FILE for the installer
  --id SPK-XXXXXX     device id of the first start      --claim XXXXXXXX   claim of the first start
  --out FILE.wav      writes what sounds, with FILE.wav.json (time of each sample)
  --out-gaps skip     leaves out silence longer than 2 s (default with --count; else keep)
  --out-seconds N     seconds per file
  --sound-device [D]  plays on a sound device through aplay ("default" or a name of aplay -L)
  --count N --base SPK-DEMO   N simulated radios in this process
  --screens N         with --count: also N screens without a display, SCR-DEMO01…
  --amp-warm-ms N     simulated amplifier
  --station-lock FILE ends by itself when the station of this lock file has been gone for 15 minutes

The radio prints its label, then the six digits that must equal the station's.`

const { values } = parseArgs({
  options: {
    station: { type: 'string' }, data: { type: 'string' }, 'label-file': { type: 'string' }, id: { type: 'string' }, claim: { type: 'string' }, out: { type: 'string' }, 'out-gaps': { type: 'string' }, 'out-seconds': { type: 'string' },
    'sound-device': { type: 'string' }, count: { type: 'string' }, screens: { type: 'string' }, base: { type: 'string' }, 'amp-warm-ms': { type: 'string' }, 'station-lock': { type: 'string' }, help: { type: 'boolean' },
  },
})

function fail(text: string): never {
  process.stderr.write(`${text}\n\n${help}\n`)
  process.exit(2)
}
function number(name: 'out-seconds' | 'count' | 'screens' | 'amp-warm-ms'): number | undefined {
  const text = values[name]
  if (text === undefined) return undefined
  const value = Number(text)
  return Number.isInteger(value) && value >= 0 ? value : fail(`--${name} wants a whole number`)
}

if (values.help === true) {
  process.stdout.write(`${help}\n`)
  process.exit(0)
}
const { station, data } = values
if (station === undefined || data === undefined) fail('--station and --data are needed')
const gaps = values['out-gaps']
if (gaps !== undefined && gaps !== 'keep' && gaps !== 'skip') fail('--out-gaps is keep or skip')
const say = (text: string): void => void process.stdout.write(`${text}\n`)
const count = number('count')
const common = { dir: data, station, labelFile: values['label-file'], out: values.out, outSeconds: number('out-seconds'), ampWarmMs: number('amp-warm-ms'), log: say }

let close: () => Promise<void>
if (count !== undefined) {
  const simulator = await startSimulator({ ...common, outGaps: gaps ?? 'skip', count, base: values.base ?? 'SPK-DEMO', screens: number('screens') })
  for (const radio of [...simulator.radios, ...simulator.screens]) say(`label ${radio.label}`)
  close = () => simulator.close()
} else {
  const device = values['sound-device']
  const radio = await startRadio({ ...common, outGaps: gaps ?? 'keep', dev: values.id, claim: values.claim, simulated: device === undefined, soundDevice: device === 'default' ? '' : device })
  say(`label ${radio.label}`)
  close = () => radio.close()
}

let ending = false
function end(): void {
  if (ending) process.exit(1)
  ending = true
  void close().then(() => process.exit(0))
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, end)
const lockFile = values['station-lock']
if (lockFile !== undefined) endWhenGone(lockFile, end)
