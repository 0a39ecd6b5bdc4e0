import { mkdirSync } from 'node:fs'
import { dirname, extname } from 'node:path'
import { openPcmLibrary } from './player/pcm-library.ts'
import { startRadio, type Radio, type RadioOptions } from './radio.ts'

export interface SimulatorOptions extends Omit<RadioOptions, 'dev' | 'claim' | 'pcm' | 'soundDevice'> {
  readonly count: number
  /** Device ids are `base` plus a running number, e.g. `SPK-DEMO` → `SPK-DEMO01`. */
  readonly base: string
}

/** Many radios in one process, each with its own folder, key, connection and state; only decoded sound is shared. Each pairs for real. */
export interface Simulator {
  readonly radios: readonly Radio[]
  close(): Promise<void>
}

/** Above this many radios a sync of every small file would make the one disk they share the slowest part of the test. */
const DURABLE_RADIOS = 20

export async function startSimulator(options: SimulatorOptions): Promise<Simulator> {
  const { count, base, dir, out, labelFile, log, ...rest } = options
  mkdirSync(dir, { recursive: true })
  const pcm = openPcmLibrary(`${dir}/pcm`, { budgetBytes: 4 * 1024 ** 3 })
  const digits = Math.max(2, String(count).length)
  const radios: Radio[] = []
  for (let index = 1; index <= count; index++) {
    const dev = `${base}${String(index).padStart(digits, '0')}`
    radios.push(await startRadio({
      ...rest, dir: `${dir}/${dev}`, dev, pcm, simulated: true, durable: options.durable ?? count <= DURABLE_RADIOS,
      ...(out === undefined ? {} : { out: numbered(out, dev) }), ...(labelFile === undefined ? {} : { labelFile: numbered(labelFile, dev) }), log: (text) => log?.(`${dev} ${text}`),
    }))
  }
  return {
    radios,
    async close() {
      await Promise.all(radios.map((radio) => radio.close()))
      await pcm.close()
    },
  }
}

function numbered(file: string, dev: string): string {
  mkdirSync(dirname(file), { recursive: true })
  const extension = extname(file)
  return `${file.slice(0, file.length - extension.length)}-${dev}${extension}`
}
