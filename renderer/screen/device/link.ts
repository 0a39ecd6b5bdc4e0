import mqtt, { type MqttClient } from 'mqtt'
import { reportTopic, subscriptions, type Report } from '#common/letters/index.ts'

export interface LinkOptions {
  readonly dev: string
  readonly org: string
  readonly secret: string
  readonly boot: string
  readonly servers: () => readonly string[]
  readonly groups: () => readonly string[]
  readonly onLetter: (payload: Uint8Array) => void
  readonly onUp: () => void
  readonly onDown: () => void
}

/** MQTT over a websocket: password, clean session, will, exact subscriptions, reconnect with jitter that doubles. */
export interface ScreenLink {
  readonly connected: boolean
  publish(report: Report, body: object): Promise<boolean>
  resubscribe(): void
}

const LEAST_MS = 1000
const SPREAD_MS = 4000
const MOST_MS = 60_000

export function openLink(options: LinkOptions): ScreenLink {
  let client: MqttClient | null = null
  let up = false
  let conn = 0
  let factor = 1
  let server = 0
  let subscribed: string[] = []
  const online = (state: boolean, reason: string): string => JSON.stringify({ v: 1, online: state, boot: options.boot, conn, at: new Date().toISOString(), reason, proto: '1.0', fw: '0.1.0', net: 'lan' })

  function connect(): void {
    const list = options.servers()
    const url = list[server % Math.max(1, list.length)]
    if (url === undefined) return later()
    conn++
    const made = mqtt.connect(url, {
      protocolVersion: 4, clientId: options.dev, username: options.dev, password: options.secret, clean: true, keepalive: 30, reconnectPeriod: 0, connectTimeout: 10_000, resubscribe: false, queueQoSZero: false,
      // Timers in a worker would need a worker from a blob, which the page's policy forbids.
      timerVariant: 'native',
      will: { topic: reportTopic(options.org, options.dev, 'online'), payload: online(false, 'lwt'), qos: 1, retain: true },
    })
    client = made
    made.on('message', (topic, payload) => {
      // `studio` is an unsigned hint, not a letter.
      if (!topic.endsWith('/studio')) options.onLetter(payload)
    })
    made.on('error', () => made.end(true))
    made.once('connect', () => {
      factor = 1
      up = true
      void send(made, 'online', online(true, 'connect'))
      resubscribe()
      setTimeout(() => { if (client === made) void send(made, 'online', online(true, 'connect')) }, 5000)
      options.onUp()
    })
    made.once('close', () => {
      if (client !== made) return
      client = null
      subscribed = []
      if (!up) server++
      else options.onDown()
      up = false
      made.end(true)
      later()
    })
  }
  function later(): void {
    setTimeout(connect, Math.min(MOST_MS, (LEAST_MS + Math.random() * SPREAD_MS) * factor))
    factor = Math.min(factor * 2, 64)
  }
  function resubscribe(): void {
    if (client === null || !up) return
    const wanted = subscriptions(options.org, options.dev, options.groups())
    const added = wanted.filter((topic) => !subscribed.includes(topic))
    const gone = subscribed.filter((topic) => !wanted.includes(topic))
    subscribed = wanted
    if (gone.length > 0) client.unsubscribe(gone)
    if (added.length > 0) client.subscribe(added, { qos: 1 })
  }
  function send(made: MqttClient, report: Report, body: string): Promise<boolean> {
    return new Promise((resolve) => {
      const late = setTimeout(() => resolve(false), 15_000)
      made.publish(reportTopic(options.org, options.dev, report), body, { qos: report === 'tele' ? 0 : 1, retain: report === 'online' || report === 'reported' }, (error) => {
        clearTimeout(late)
        resolve(error === undefined || error === null)
      })
    })
  }
  connect()
  return {
    get connected() {
      return up
    },
    publish: (report, body) => (client === null || !up ? Promise.resolve(false) : send(client, report, JSON.stringify(body))),
    resubscribe,
  }
}
