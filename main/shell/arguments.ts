import { parseArgs } from 'node:util'

export interface ShellArguments {
  /** Folder of the station's data; null = below the user's application data. */
  readonly data: string | null
  readonly demo: boolean
  /** Address of a station on another computer, `https://host:port`, and the file that holds its token. */
  readonly remote: { readonly url: string; readonly tokenFile: string } | null
}

const options = { data: { type: 'string' }, demo: { type: 'boolean' }, station: { type: 'string' }, 'station-token': { type: 'string' } } as const

function originOf(text: string): string {
  const url = new URL(text.replace(/^ws/, 'http'))
  const local = url.hostname === '127.0.0.1' || url.hostname === 'localhost'
  // The token travels over this line: without TLS only inside this computer.
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && local)) throw new Error(`--station: ${text} must begin with wss:// or https://`)
  return url.origin
}

/**
 * Chromium's own switches stand on the same command line, so unknown words are passed over; a switch of ours that is wrong is not.
 * @throws Error with a sentence when a switch of ours is wrong
 */
export function readShellArguments(argv: readonly string[]): ShellArguments {
  const ours = argv.filter((word, index) => {
    const before = argv[index - 1]
    const name = /^--([a-z-]+)/.exec(word)?.[1]
    if (name !== undefined && name in options) return true
    return (before === '--data' || before === '--station' || before === '--station-token') && !word.startsWith('-')
  })
  const { values } = parseArgs({ args: ours, options, strict: true })
  const { station, 'station-token': tokenFile } = values
  if (station !== undefined && tokenFile === undefined) throw new Error('--station needs --station-token FILE')
  return {
    data: values.data ?? null,
    demo: values.demo ?? false,
    remote: station !== undefined && tokenFile !== undefined ? { url: originOf(station), tokenFile } : null,
  }
}
