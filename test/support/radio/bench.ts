import { execFile, fork, type ChildProcess } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { ulid } from 'ulidx'
import { z } from 'zod'
import { startRadio, type Radio, type RadioOptions } from '../../../main/receiver/index.ts'
import { until } from '../until.ts'
import { wavBytes, type Signal } from '../signals.ts'

const execute = promisify(execFile)
const Reply = z.object({ id: z.number(), value: z.unknown().optional(), error: z.string().optional() })
const Fleet = z.object({ devices: z.array(z.object({ id: z.string(), rev: z.number(), mode: z.string(), state: z.string(), volumePct: z.number(), playing: z.string().nullable(), content: z.object({ have: z.number(), need: z.number(), ver: z.number() }).nullable() })) })
const History = z.object({ reports: z.array(z.object({ kind: z.string(), summary: z.string(), code: z.string().nullable() })) })

/** A station's device rooms in their own process. */
export interface StationProcess {
  call(name: string, input: object): Promise<unknown>
  ask(op: string, body?: object): Promise<unknown>
  kill(): Promise<void>
  stop(): Promise<void>
}

export async function startStationProcess(folder: string): Promise<StationProcess> {
  mkdirSync(folder, { recursive: true })
  const child: ChildProcess = fork(fileURLToPath(new URL('./station-process.ts', import.meta.url)), [folder], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'], execArgv: [] })
  await Promise.race([once(child, 'message'), once(child, 'exit').then(() => { throw new Error('the station process ended at its start') })])
  let next = 0
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>()
  child.on('message', (raw) => {
    const { id, value, error } = Reply.parse(raw)
    const one = waiting.get(id)
    waiting.delete(id)
    if (error !== undefined) one?.reject(new Error(error))
    else one?.resolve(value)
  })
  const ask = (op: string, body: object = {}): Promise<unknown> => new Promise((resolve, reject) => {
    const id = ++next
    waiting.set(id, { resolve, reject })
    child.send({ id, op, ...body })
  })
  const end = async (run: () => void): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const gone = once(child, 'exit')
    run()
    await gone
  }
  return {
    ask,
    call: (name, input) => ask('call', { name, input }),
    kill: () => end(() => child.kill('SIGKILL')),
    stop: () => end(() => child.disconnect()),
  }
}

export interface Sounded {
  readonly pcm: Int16Array
  readonly startedAtUs: number
  readonly missingSamples: number
  readonly blocksLate: number
  readonly worstLateMs: number
  /** Position of an instant (UTC ms) in `pcm`. */
  at(wallMs: number): number
}
const Sidecar = z.object({ startedAtUs: z.number(), missingSamples: z.number(), blocksLate: z.number(), worstLateMs: z.number(), segments: z.array(z.object({ fromSample: z.number(), atUs: z.number(), samples: z.number() })) })

export function readSounded(file: string): Sounded {
  const bytes = readFileSync(file).subarray(44)
  const { startedAtUs, missingSamples, blocksLate, worstLateMs, segments } = Sidecar.parse(JSON.parse(readFileSync(`${file}.json`, 'utf8')))
  const at = (wallMs: number): number => {
    const piece = [...segments].reverse().find((one) => one.atUs <= wallMs * 1000) ?? segments[0]
    return piece === undefined ? 0 : Math.round(piece.fromSample + (wallMs * 1000 - piece.atUs) * 0.048)
  }
  return { pcm: new Int16Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + (bytes.byteLength & ~1))), startedAtUs, missingSamples, blocksLate, worstLateMs, at }
}

/** Decodes like an independent player would. */
export async function decodeReference(file: string): Promise<Int16Array> {
  const { stdout } = await execute('ffmpeg', ['-v', 'error', '-i', file, '-ac', '1', '-ar', '48000', '-f', 's16le', '-'], { encoding: 'buffer', maxBuffer: 1 << 30 })
  return new Int16Array(stdout.buffer.slice(stdout.byteOffset, stdout.byteOffset + stdout.byteLength))
}

/** One bench: folder, station, paired radios. */
export interface Bench {
  readonly folder: string
  station: StationProcess
  readonly unitId: string
  addRadio(id: string, options?: Partial<RadioOptions>): Promise<{ radio: Radio; out: string; dir: string }>
  restartStation(): Promise<void>
  fleet(): Promise<z.infer<typeof Fleet>['devices']>
  history(id: string): Promise<z.infer<typeof History>['reports']>
  wav(name: string, signal: Signal): { wav: string; sha256: string; frames: number }
  plan(plays: readonly { sound: { wav: string; sha256: string; frames: number }; startAt: number; chainStart?: boolean; lineId?: string; gainDb?: number; cut?: boolean; frames?: number }[]): Promise<number>
  close(): Promise<void>
}

export async function openBench(): Promise<Bench> {
  const folder = mkdtempSync(join(tmpdir(), 'vangxa-radio-'))
  let station = await startStationProcess(`${folder}/station`)
  const unit = z.object({ id: z.string() }).parse(await station.call('devices.createUnit', { parentId: null, name: 'Xã Phước Hưng', level: 'xã', code: '' }))
  const radios: Radio[] = []
  const fleet = async (): Promise<z.infer<typeof Fleet>['devices']> => Fleet.parse(await station.call('devices.fleet', {})).devices
  return {
    folder,
    get station() {
      return station
    },
    set station(next) {
      station = next
    },
    unitId: unit.id,
    fleet,
    history: async (id) => History.parse(await station.call('devices.history', { id, limit: 500 })).reports,
    async restartStation() {
      await station.kill()
      station = await startStationProcess(`${folder}/station`)
    },
    async addRadio(id, options = {}) {
      const dir = `${folder}/${id}`
      const out = `${folder}/${id}.wav`
      const { devicesUrl } = z.object({ devicesUrl: z.string() }).parse(await station.ask('addresses'))
      const radio = await startRadio({ dir, station: devicesUrl, dev: id, out, ampWarmMs: 100, ...(process.env['VANGXA_TEST_LOG'] === undefined ? {} : { log: (text: string) => console.error(id, text) }), ...options })
      radios.push(radio)
      await station.call('devices.expect', { label: radio.label, name: `Cụm ${id}`, unitId: unit.id })
      const digits = await radio.digits()
      await station.call('devices.confirm', { id, digits })
      await radio.paired
      const { rev } = (await fleet()).find((one) => one.id === id) ?? { rev: 0 }
      await station.call('devices.update', { id, rev, mode: 'active', volumePct: 100 })
      await until('the radio is active and connected', () => (radio.figures()?.connected === true && radio.figures()?.mode === 'active' ? true : undefined), 20_000)
      return { radio, out, dir }
    },
    wav(name, signal) {
      const path = `${folder}/${name}.wav`
      const bytes = wavBytes(signal)
      writeFileSync(path, bytes)
      return { wav: path, sha256: createHash('sha256').update(bytes).digest('hex'), frames: signal[0]?.length ?? 0 }
    },
    async plan(plays) {
      const pointer = await station.ask('plan', { plays: plays.map(({ sound, startAt, chainStart = true, lineId = ulid(), gainDb = 0, cut = false, frames }) => ({ lineId, itemId: ulid(), title: sound.wav.split('/').at(-1), wav: sound.wav, sha256: sound.sha256, frames: frames ?? sound.frames, startAt, chainStart, gainDb, cut, unitIds: [] })) })
      return z.object({ ver: z.number() }).parse(pointer).ver
    },
    async close() {
      await Promise.all(radios.map((radio) => radio.close()))
      await station.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Largest run of samples that differ, and how many differ at all. */
export function difference(a: Int16Array, b: Int16Array, tolerance = 0): { different: number; worst: number } {
  let different = 0
  let worst = 0
  for (let i = 0; i < b.length; i++) {
    const distance = Math.abs((a[i] ?? 0) - (b[i] ?? 0))
    if (distance > tolerance) different++
    worst = Math.max(worst, distance)
  }
  return { different, worst }
}

/** Delay of `b` in `a` around an expected place, by the peak of the normalised cross-correlation. */
export function findDelay(a: Int16Array, b: Int16Array, around: number, reach: number, take = 48_000): { delay: number; correlation: number } {
  let best = { delay: 0, correlation: -1 }
  const length = Math.min(take, b.length)
  let energyB = 0
  for (let i = 0; i < length; i++) energyB += (b[i] ?? 0) ** 2
  for (let delay = -reach; delay <= reach; delay++) {
    let dot = 0
    let energyA = 0
    for (let i = 0; i < length; i += 3) {
      const x = a[around + delay + i] ?? 0
      dot += x * (b[i] ?? 0)
      energyA += x * x
    }
    const correlation = (dot * 3) / Math.sqrt(Math.max(1, energyA * 3) * Math.max(1, energyB))
    if (correlation > best.correlation) best = { delay, correlation }
  }
  return best
}

/** Distance from `around` at which `reference` sounds sample for sample; null when nowhere within `reach`. */
export function exactShift(pcm: Int16Array, around: number, reference: Int16Array, reach: number): number | null {
  for (let distance = 0; distance <= reach; distance++) {
    for (const shift of distance === 0 ? [0] : [distance, -distance]) {
      let same = true
      for (let i = 0; i < reference.length && same; i++) same = pcm[around + shift + i] === reference[i]
      if (same) return shift
    }
  }
  return null
}
