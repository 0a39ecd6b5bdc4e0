import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from '@playwright/test'
import { root } from '../../../main/build/vite-configs.ts'
import { readMono } from '../../support/demo/compare-sound.ts'

export interface RadioProcess {
  /** What it printed so far, a line each. */
  readonly lines: readonly string[]
  /** Waits for a line that begins so (after the device id of a simulator) and returns the rest. */
  line(start: string, dev?: string): Promise<string>
  labels(): Promise<readonly string[]>
  /** What sounded, with the UTC instants of its samples. */
  sounded(dev?: string): Sounded
  close(): Promise<void>
}

export interface Sounded {
  readonly pcm: Float32Array
  /** Position in `pcm` of an instant (UTC ms); null when nothing is written for that instant. */
  at(utcMs: number): number | null
  /** UTC ms of the last sample written. */
  readonly last: number
  readonly missingSamples: number
}

interface SideFile {
  readonly missingSamples?: number
  readonly segments: readonly { readonly fromSample: number; readonly atUs: number; readonly samples: number }[]
}

/** `npm run radio` as a process of its own: a single radio, or `count` simulated ones that each write a WAV. */
export function startRadioProcess(devicesUrl: string, options: { readonly count?: number } = {}): RadioProcess {
  const folder = mkdtempSync(join(tmpdir(), 'vangxa-radio-e2e-'))
  const out = join(folder, 'sounded.wav')
  const lines: string[] = []
  const child: ChildProcess = spawn(process.execPath, [
    join(root, 'main/receiver/index.ts'), '--station', devicesUrl, '--data', join(folder, 'radio'), '--label-file', join(folder, 'label.txt'), '--out', out, '--out-gaps', 'keep', '--amp-warm-ms', '300',
    ...(options.count === undefined ? [] : ['--count', String(options.count), '--base', 'SPK-E2E0']),
  ], { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] })
  let rest = ''
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    const parts = (rest + text).split('\n')
    rest = parts.pop() ?? ''
    lines.push(...parts)
  })
  const line = async (start: string, dev?: string): Promise<string> => {
    const head = dev === undefined ? start : `${dev} ${start}`
    const find = (): string | undefined => lines.find((one) => one.startsWith(head))
    await expect.poll(find, { timeout: 60_000, message: `the radio prints "${head}"; it printed:\n${lines.join('\n')}` }).toBeDefined()
    return (find() ?? '').slice(head.length).trim()
  }
  return {
    lines, line,
    async labels() {
      await expect.poll(() => lines.filter((one) => one.startsWith('label ')).length, { timeout: 60_000 }).toBe(options.count ?? 1)
      return lines.filter((one) => one.startsWith('label ')).map((one) => one.slice(6))
    },
    sounded(dev) {
      const file = dev === undefined ? out : join(folder, `sounded-${dev}.wav`)
      const side = JSON.parse(readFileSync(`${file}.json`, 'utf8')) as SideFile
      return {
        pcm: readMono(file).pcm, missingSamples: side.missingSamples ?? 0,
        last: Math.max(0, ...side.segments.map((one) => one.atUs / 1000 + one.samples / 48)),
        at(utcMs) {
          const piece = side.segments.find((one) => one.atUs <= utcMs * 1000 && utcMs * 1000 < one.atUs + one.samples * (1e6 / 48_000))
          return piece === undefined ? null : Math.round(piece.fromSample + (utcMs * 1000 - piece.atUs) * 0.048)
        },
      }
    },
    async close() {
      if (child.exitCode === null && child.signalCode === null) {
        const gone = once(child, 'exit')
        child.kill('SIGTERM')
        const timer = setTimeout(() => child.kill('SIGKILL'), 8_000)
        await gone
        clearTimeout(timer)
      }
      const kept = process.env['VANGXA_SHOTS']
      if (kept !== undefined) cpSync(folder, join(kept, 'radios'), { recursive: true, filter: (path) => !path.startsWith(join(folder, 'radio')) })
      rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
    },
  }
}
