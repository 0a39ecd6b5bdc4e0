import { AppError } from '#contract/errors.ts'

const ANSWER_WITHIN_MS = 10_000

export interface StreamFacts {
  readonly label: string
  /** The address without name and password. */
  readonly shownUrl: string
  readonly finite: boolean
}

/** Asks the server before anything is recorded: a wrong address is said at once, not after minutes of retries. @throws AppError stream-unreachable */
export async function lookAtStream(address: string): Promise<StreamFacts> {
  const url = parse(address)
  const shown = new URL(url)
  shown.username = ''
  shown.password = ''
  const place = decodeURIComponent(`${shown.host}${shown.pathname}`).slice(0, 300)
  if (url.protocol === 'file:') return { label: place, shownUrl: shown.href, finite: true }
  const ending = new AbortController()
  const timer = setTimeout(() => ending.abort(), ANSWER_WITHIN_MS)
  try {
    const answer = await fetch(shown, { signal: ending.signal, headers: { 'user-agent': 'VangXa Studio', ...credentials(url) } })
    if (!answer.ok) throw new AppError('stream-unreachable', { data: { status: answer.status } })
    const name = answer.headers.get('icy-name')?.trim().slice(0, 200)
    return { label: name === undefined || name === '' ? place : name, shownUrl: shown.href, finite: Number(answer.headers.get('content-length') ?? 0) > 0 }
  } catch (error) {
    if (error instanceof AppError) throw error
    // Old Shoutcast servers answer "ICY 200 OK", which is no HTTP: ffmpeg understands it.
    if (speaksAnotherTongue(error)) return { label: place, shownUrl: shown.href, finite: false }
    throw new AppError('stream-unreachable', { cause: error })
  } finally {
    clearTimeout(timer)
    ending.abort()
  }
}

function parse(address: string): URL {
  try {
    return new URL(address)
  } catch (error) {
    throw new AppError('invalid-input', { cause: error, data: { field: 'input.url' } })
  }
}

function credentials(url: URL): Record<string, string> {
  if (url.username === '') return {}
  return { authorization: `Basic ${Buffer.from(`${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`).toString('base64')}` }
}

function speaksAnotherTongue(error: unknown): boolean {
  const cause: unknown = error instanceof Error ? error.cause : undefined
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' && cause.code.startsWith('HPE_')
}
