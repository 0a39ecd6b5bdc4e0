import { mkdirSync } from 'node:fs'
import { dirname, extname } from 'node:path'
import { openPcmLibrary } from './player/pcm-library.ts'
import { startRadio, type Radio, type RadioOptions } from './radio.ts'

export interface SimulatorOptions extends Omit<RadioOptions, 'kind' | 'dev' | 'claim' | 'pcm' | 'soundDevice'> {
  readonly count: number
  /** Device ids are `base` plus a running number, e.g. `SPK-DEMO` → `SPK-DEMO01`. */
  readonly base: string
  /** Screens without a display beside the radios: `SCR-DEMO01`… */
  readonly screens?: number | undefined
}

/** Many radios in one process, each with its own folder, key, connection and state; only decoded sound is shared. Each pairs for real. */
export interface Simulator {
  readonly radios: readonly Radio[]
  readonly screens: readonly Radio[]
  close(): Promise<void>
}

/** Above this many radios a sync of every small file would make the one disk they share the slowest part of the test. */
const DURABLE_RADIOS = 20
const SCREEN_BASE = 'SCR-DEMO'

export async function startSimulator(options: SimulatorOptions): Promise<Simulator> {
  const { count, base, screens: screenCount = 0, dir, out, labelFile, log, ...rest } = options
  mkdirSync(dir, { recursive: true })
  const pcm = openPcmLibrary(`${dir}/pcm`, { budgetBytes: 4 * 1024 ** 3 })
  const digits = Math.max(2, String(count).length)
  const shared = { ...rest, pcm, simulated: true, durable: options.durable ?? count <= DURABLE_RADIOS }
  const named = (dev: string) => ({ dir: `${dir}/${dev}`, dev, ...(labelFile === undefined ? {} : { labelFile: numbered(labelFile, dev) }), log: (text: string) => log?.(`${dev} ${text}`) })
  const radios: Radio[] = []
  for (let index = 1; index <= count; index++) {
    const dev = `${base}${String(index).padStart(digits, '0')}`
    radios.push(await startRadio({ ...shared, ...named(dev), ...(out === undefined ? {} : { out: numbered(out, dev) }) }))
  }
  const screens: Radio[] = []
  for (let index = 1; index <= screenCount; index++) screens.push(await startRadio({ ...shared, ...named(`${SCREEN_BASE}${String(index).padStart(2, '0')}`), kind: 'screen' }))
  return {
    radios, screens,
    async close() {
      await Promise.all([...radios, ...screens].map((radio) => radio.close()))
      await pcm.close()
    },
  }
}

function numbered(file: string, dev: string): string {
  mkdirSync(dirname(file), { recursive: true })
  const extension = extname(file)
  return `${file.slice(0, file.length - extension.length)}-${dev}${extension}`
}
