import { randomBytes } from 'node:crypto'
import { Worker } from 'node:worker_threads'
import type { Logger, Scope } from '../../context.ts'
import { FromBroker } from './messages.ts'
import type { BrokerDevice, BrokerStart, ToBroker } from './messages.ts'

const workerFile = new URL('./broker-worker.ts', import.meta.url)

export interface EmbeddedBroker {
  readonly tlsPort: number
  readonly wsPort: number
  readonly innerPort: number
  readonly stationSecret: string
  setDevices(devices: readonly BrokerDevice[]): void
  /** Ends the thread without warning: the host starts another one, as after a crash. For fault tests. */
  crash(): Promise<void>
}

export interface EmbeddedOptions extends Omit<BrokerStart, 'stationSecret' | 'innerPort'> {
  readonly logger: Logger
  readonly scope: Scope
  onRefused(client: string, reason: string): void
}

/** Starts the broker thread and starts it again, on the same ports, whenever it dies. */
export async function openEmbeddedBroker(options: EmbeddedOptions): Promise<EmbeddedBroker> {
  const { logger, scope, onRefused, ...start } = options
  const stationSecret = randomBytes(32).toString('base64url')
  let devices: readonly BrokerDevice[] = options.devices
  let ports = { tlsPort: start.tlsPort, wsPort: start.wsPort, innerPort: 0 }
  let worker: Worker | null = null
  let ending = false

  const run = (): Promise<void> => new Promise((resolve, reject) => {
    const data: BrokerStart = { ...start, ...ports, stationSecret, devices: [...devices] }
    const next = new Worker(workerFile, { workerData: data, stdout: false, stderr: false })
    worker = next
    next.on('message', (body: unknown) => {
      const message = FromBroker.parse(body)
      if (message.kind === 'ready') {
        ports = { tlsPort: message.tlsPort, wsPort: message.wsPort, innerPort: message.innerPort }
        resolve()
      } else if (message.kind === 'refused') onRefused(message.client, message.reason)
    })
    next.on('error', (error) => {
      logger.error('the broker failed', { error })
      reject(error)
    })
    next.on('exit', () => {
      if (worker === next) worker = null
      reject(new Error('the broker ended'))
      if (ending) return
      scope.after(500, () => {
        run().catch((error: unknown) => logger.error('the broker does not start', { error }))
      })
    })
  })
  await run()

  scope.add(async () => {
    ending = true
    const current = worker
    if (current === null) return
    const ended = new Promise<void>((resolve) => current.once('exit', () => resolve()))
    current.postMessage({ kind: 'stop' } satisfies ToBroker)
    const timer = setTimeout(() => void current.terminate(), 3000)
    await ended
    clearTimeout(timer)
  })

  return {
    get tlsPort() { return ports.tlsPort },
    get wsPort() { return ports.wsPort },
    get innerPort() { return ports.innerPort },
    stationSecret,
    setDevices(list) {
      devices = list
      worker?.postMessage({ kind: 'devices', devices: [...list] } satisfies ToBroker)
    },
    async crash() {
      await worker?.terminate()
    },
  }
}
