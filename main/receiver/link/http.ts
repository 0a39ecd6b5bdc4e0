import type { IncomingMessage } from 'node:http'
import type { Agent } from 'node:https'
import type { Server } from '#common/letters/index.ts'
import { httpsRequest, openAgent, trustFor, type TlsIdentity } from './tls.ts'

export interface HttpAnswer {
  readonly status: number
  readonly headers: IncomingMessage['headers']
  readonly body: IncomingMessage
}
export interface HttpOptions {
  readonly method?: 'GET' | 'POST'
  readonly headers?: Record<string, string>
  readonly body?: string
  readonly signal?: AbortSignal
  /** Silence on the line longer than this is a failure. */
  readonly idleMs?: number
}

/** HTTPS to the station's servers, in order of preference. Paths are tried on each server; absolute addresses go where they say, https only. */
export interface HttpClient {
  get(pathOrUrl: string, options?: HttpOptions): Promise<HttpAnswer>
  setServers(servers: readonly Server[]): void
  setIdentity(identity: TlsIdentity): void
  close(): void
}

export function sendRequest(url: URL, agent: Agent, options: HttpOptions = {}): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const request = httpsRequest(url, { agent, method: options.method ?? 'GET', headers: { ...options.headers, ...(options.body === undefined ? {} : { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(options.body)) }) }, ...(options.signal === undefined ? {} : { signal: options.signal }) }, (response) => {
      resolve({ status: response.statusCode ?? 0, headers: response.headers, body: response })
    })
    request.setTimeout(options.idleMs ?? 15_000, () => request.destroy(new Error('timeout')))
    request.on('error', reject)
    request.end(options.body)
  })
}

export async function readBody(answer: HttpAnswer, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of answer.body) {
    if (!Buffer.isBuffer(chunk)) continue
    bytes += chunk.length
    if (bytes > maxBytes) {
      answer.body.destroy()
      throw new Error('answer too long')
    }
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

export function openHttpClient(initial: { servers: readonly Server[]; identity: TlsIdentity | null }): HttpClient {
  let { servers, identity } = initial
  const agents = new Map<string, Agent>()
  const agentFor = (spki: readonly string[] | undefined): Agent => {
    const name = (spki ?? []).join()
    let agent = agents.get(name)
    if (agent === undefined) {
      agent = openAgent(identity, trustFor(spki))
      agents.set(name, agent)
    }
    return agent
  }
  const forget = (): void => {
    for (const agent of agents.values()) agent.destroy()
    agents.clear()
  }
  return {
    async get(pathOrUrl, options) {
      if (/^https:\/\//i.test(pathOrUrl)) {
        const url = new URL(pathOrUrl)
        const own = servers.find((server) => new URL(server.url).origin === url.origin)
        return sendRequest(url, agentFor(own?.spki), options)
      }
      if (!pathOrUrl.startsWith('/')) throw new Error('only https and paths are fetched')
      let failure: unknown = new Error('no server')
      for (const server of servers) {
        try {
          const answer = await sendRequest(new URL(pathOrUrl, server.url), agentFor(server.spki), options)
          if (answer.status < 500) return answer
          answer.body.resume()
          failure = new Error(`status ${answer.status}`)
        } catch (error) {
          if (options?.signal?.aborted === true) throw error
          failure = error
        }
      }
      throw failure
    },
    setServers(next) {
      servers = next
    },
    setIdentity(next) {
      identity = next
      forget()
    },
    close: forget,
  }
}
