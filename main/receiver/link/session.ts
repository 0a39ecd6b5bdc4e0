import mqtt, { type MqttClient } from 'mqtt'
import { reportTopic, subscriptions, type Report, type Server } from '#common/letters/index.ts'
import { connectTls, trustFor, type TlsIdentity } from './tls.ts'

export interface SessionOptions {
  readonly dev: string
  readonly org: string
  readonly boot: string
  readonly fw: string
  readonly simulated: boolean
  readonly identity: () => TlsIdentity
  /** Password of a screen, which connects over a websocket; everything else shows its certificate. */
  readonly secret?: string | null
  readonly servers: () => readonly Server[]
  readonly groups: () => readonly string[]
  readonly keepaliveSec: () => number
  readonly now: () => number
  /** Random in [0, 1): seeded by the simulator. */
  readonly random: () => number
  readonly onLetter: (payload: Uint8Array, topic: string) => void
  readonly onUp: (conn: number) => void
  readonly onDown: () => void
}

/** MQTT of one device: mutual TLS (screens: websocket and password), clean session, will, exact subscriptions, reconnect with jitter that doubles, next server after three failures. */
export interface Session {
  readonly connected: boolean
  publish(report: Report, body: object): Promise<boolean>
  /** Groups changed: subscriptions follow. `again` asks for everything once more: the broker repeats what is retained. */
  resubscribe(again?: boolean): Promise<void>
  /** Leaves this connection for the next server (too many refused letters, new list). */
  move(): void
  close(reason: 'shutdown' | 'reboot'): Promise<void>
}

const FIRST_WAIT_MS = [1000, 5000] as const
const LONGEST_WAIT_MS = 60_000
const STABLE_MS = 5 * 60_000
const PUBLISH_TIMEOUT_MS = 15_000

export function openSession(options: SessionOptions): Session {
  let client: MqttClient | null = null
  let up = false
  let conn = 0
  let failures = 0
  let waitFactor = 1
  let server = 0
  let closed = false
  let timer: NodeJS.Timeout | null = null
  let onlineTimer: NodeJS.Timeout | null = null
  let connectedAt = 0
  let subscribed: string[] = []

  const online = (state: boolean, reason: string): string => JSON.stringify({ v: 1, online: state, boot: options.boot, conn, at: new Date(options.now()).toISOString(), reason, proto: '1.0', fw: options.fw, net: 'lan', ...(options.simulated ? { sim: true } : {}) })

  function schedule(): void {
    if (closed) return
    const [least, most] = FIRST_WAIT_MS
    const wait = Math.min(LONGEST_WAIT_MS, (least + options.random() * (most - least)) * waitFactor)
    waitFactor = Math.min(waitFactor * 2, 64)
    timer = setTimeout(() => void connect(), wait)
  }
  function down(): void {
    if (onlineTimer !== null) clearTimeout(onlineTimer)
    const was = up
    up = false
    client = null
    subscribed = []
    if (was && performance.now() - connectedAt > STABLE_MS) waitFactor = 1
    if (was) options.onDown()
    else if (++failures % 3 === 0) server++
    schedule()
  }

  async function connect(): Promise<void> {
    timer = null
    const list = options.servers()
    const target = list[server % Math.max(1, list.length)]
    if (target === undefined || closed) return schedule()
    try {
      const url = new URL(target.url)
      const socket = /^wss?:$/.test(url.protocol) ? null : await connectTls(url.hostname, Number(url.port || 8883), options.identity(), trustFor(target.spki))
      if (closed) {
        socket?.destroy()
        return
      }
      socket?.setNoDelay(true)
      conn++
      const common = {
        protocolVersion: 4, clientId: options.dev, clean: true, keepalive: options.keepaliveSec(), reconnectPeriod: 0, connectTimeout: 10_000, resubscribe: false, queueQoSZero: false,
        will: { topic: reportTopic(options.org, options.dev, 'online'), payload: Buffer.from(online(false, 'lwt')), qos: 1, retain: true },
      } as const
      const made = socket === null ? mqtt.connect(target.url, { ...common, username: options.dev, password: options.secret ?? '' }) : new mqtt.MqttClient(() => socket, common)
      client = made
      made.on('message', (topic, payload) => options.onLetter(payload, topic))
      made.on('error', () => made.end(true))
      made.once('close', () => {
        made.end(true)
        if (client === made) down()
      })
      made.once('connect', () => {
        failures = 0
        connectedAt = performance.now()
        void begin(made)
      })
    } catch {
      down()
    }
  }
  async function begin(made: MqttClient): Promise<void> {
    // Its own retained `online` first, so that a will of the old connection is seen as the older one.
    await send(made, 'online', online(true, 'connect'))
    if (client !== made) return
    up = true
    await resubscribe()
    if (client !== made) return
    // Again after five seconds: the will of the old connection may have come in between.
    onlineTimer = setTimeout(() => void send(made, 'online', online(true, 'connect')), 5000)
    options.onUp(conn)
  }
  async function resubscribe(again = false): Promise<void> {
    const made = client
    if (made === null || !up) return
    if (again) subscribed = []
    const wanted = subscriptions(options.org, options.dev, options.groups())
    const added = wanted.filter((topic) => !subscribed.includes(topic))
    const gone = subscribed.filter((topic) => !wanted.includes(topic))
    subscribed = wanted
    if (gone.length > 0) made.unsubscribe(gone)
    if (added.length > 0) {
      await new Promise<void>((resolve) => {
        made.subscribe(Object.fromEntries(added.map((topic) => [topic, { qos: topic.endsWith('/time') && !topic.includes('/d/') ? 0 : 1 } as const])), () => resolve())
      })
    }
  }
  function send(made: MqttClient, report: Report, body: string): Promise<boolean> {
    return new Promise((resolve) => {
      const late = setTimeout(() => resolve(false), PUBLISH_TIMEOUT_MS)
      made.publish(reportTopic(options.org, options.dev, report), body, { qos: report === 'tele' ? 0 : 1, retain: report === 'online' || report === 'reported' }, (error) => {
        clearTimeout(late)
        resolve(error === undefined || error === null)
      })
    })
  }
  void connect()

  return {
    get connected() {
      return up
    },
    publish(report, body) {
      const made = client
      return made === null || !up ? Promise.resolve(false) : send(made, report, JSON.stringify(body))
    },
    resubscribe,
    move() {
      server++
      client?.end(true)
    },
    async close(reason) {
      closed = true
      if (timer !== null) clearTimeout(timer)
      if (onlineTimer !== null) clearTimeout(onlineTimer)
      const made = client
      if (made === null) return
      client = null
      const wasUp = up
      up = false
      if (wasUp) await Promise.race([send(made, 'online', online(false, reason)), new Promise((resolve) => setTimeout(resolve, 1000))])
      await new Promise<void>((resolve) => made.end(true, () => resolve()))
    },
  }
}
