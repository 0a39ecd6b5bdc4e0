import { homedir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { LogLevel } from './foundation/logger.ts'

export interface StationArguments {
  readonly data: string
  /** 0 = any free port */
  readonly port: number
  readonly demo: boolean
  readonly log: LogLevel
}

export const usage = 'station [--data FOLDER] [--port NUMBER] [--demo] [--log debug|info|warn|error]'

function defaultDataFolder(): string {
  if (process.platform === 'win32') return join(process.env['LOCALAPPDATA'] ?? join(homedir(), 'AppData', 'Local'), 'VangXa Studio')
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'VangXa Studio')
  return join(process.env['XDG_DATA_HOME'] ?? join(homedir(), '.local', 'share'), 'vangxa-studio')
}

function levelOf(text: string): LogLevel {
  if (text === 'debug' || text === 'info' || text === 'warn' || text === 'error') return text
  throw new Error(`--log: ${text}`)
}

/** @throws Error with a sentence when the command line is not understood */
export function readArguments(argv: readonly string[]): StationArguments {
  const { values } = parseArgs({
    args: [...argv], strict: true,
    options: { data: { type: 'string' }, port: { type: 'string' }, demo: { type: 'boolean' }, log: { type: 'string' } },
  })
  const port = values.port === undefined ? 0 : Number(values.port)
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error(`--port: ${values.port}`)
  return { data: values.data ?? defaultDataFolder(), port, demo: values.demo ?? false, log: levelOf(values.log ?? 'info') }
}
