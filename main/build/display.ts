import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { say } from './bootstrap/say.mjs'

export interface Display {
  /** Merged into the environment of whatever opens windows. */
  readonly env: Record<string, string>
  /** An own display comes without a desktop: Chromium would complain about each of its missing services. */
  readonly electronArguments: readonly string[]
  close(): void
}

/** The display of this computer, else an own Xvfb (1366 × 768, the smallest screen the studio is made for). */
export async function openDisplay(): Promise<Display> {
  if (process.platform !== 'linux' || process.env.DISPLAY || process.env.WAYLAND_DISPLAY) return { env: {}, electronArguments: [], close() {} }
  const xvfb = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1366x768x24', '-nolisten', 'tcp'], { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] })
  const number = await displayNumber(xvfb)
  say(`no display: Xvfb :${number}`)
  const close = (): void => { xvfb.kill() }
  process.on('exit', close)
  return { env: { DISPLAY: `:${number}` }, electronArguments: ['--log-level=3'], close }
}

/** Xvfb writes the number it took to file descriptor 3 once it accepts connections. */
function displayNumber(xvfb: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('Xvfb did not start within 20 s')), 20_000)
    let text = ''
    const fd = xvfb.stdio[3]
    fd?.on('data', (bytes: Buffer) => {
      text += bytes.toString('utf8')
      if (!text.includes('\n')) return
      clearTimeout(timer)
      resolve(text.trim())
    })
    xvfb.on('error', (error) => {
      clearTimeout(timer)
      reject(new Error(existsSync('/usr/bin/apt-get') ? 'no display and no Xvfb: apt-get install xvfb' : `no display, and Xvfb does not start: ${error.message}`))
    })
    xvfb.on('exit', (code) => {
      clearTimeout(timer)
      reject(new Error(`Xvfb ended with ${code}`))
    })
  })
}
