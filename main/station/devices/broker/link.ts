import { EventEmitter } from 'node:events'
import mqtt from 'mqtt'
import type { IClientOptions, MqttClient } from 'mqtt'
import type { Logger, Scope } from '../../context.ts'

export interface Incoming { readonly topic: string; readonly payload: Buffer; readonly retain: boolean }
export interface StationLink {
  readonly connected: boolean
  /** Resolves when the broker has taken it over; while the link is down the message waits and goes out on reconnect. */
  publish(topic: string, payload: string | Buffer, options: { qos: 0 | 1; retain: boolean }): Promise<void>
  onMessage(run: (message: Incoming) => void): void
  onChange(run: (connected: boolean) => void): void
}

export interface LinkOptions {
  readonly url: string
  readonly clientId: string
  readonly userName?: string
  readonly password?: string
  readonly ca?: string
  readonly cert?: string
  readonly key?: string
  readonly subscribe: readonly string[]
  readonly will: { readonly topic: string; readonly payload: string }
  readonly logger: Logger
  readonly scope: Scope
}

/** The station's own MQTT client, the same for the embedded and an external broker. */
export function openLink(options: LinkOptions): StationLink {
  const tls = options.url.startsWith('mqtts:') || options.url.startsWith('wss:') ? { ca: options.ca, cert: options.cert, key: options.key, rejectUnauthorized: true } : {}
  const settings: IClientOptions = {
    clientId: options.clientId, clean: true, keepalive: 30, protocolVersion: 4, reconnectPeriod: 1000, connectTimeout: 10_000, queueQoSZero: false, resubscribe: false,
    will: { topic: options.will.topic, payload: Buffer.from(options.will.payload), qos: 1, retain: true },
    ...(options.userName === undefined ? {} : { username: options.userName }), ...(options.password === undefined ? {} : { password: options.password }),
    ...Object.fromEntries(Object.entries(tls).filter(([, value]) => value !== undefined)),
  }
  const client: MqttClient = mqtt.connect(options.url, settings)
  const events = new EventEmitter<{ message: [Incoming]; change: [boolean] }>()
  client.on('connect', () => {
    client.subscribe([...options.subscribe], { qos: 1 }, (error) => {
      if (error) options.logger.error('the station may not subscribe', { error })
      events.emit('change', true)
    })
  })
  client.on('close', () => events.emit('change', false))
  client.on('error', (error) => options.logger.warn('broker link', { error: error.message }))
  client.on('message', (topic, payload, packet) => events.emit('message', { topic, payload, retain: packet.retain }))
  options.scope.add(async () => {
    await new Promise<void>((resolve) => client.end(true, {}, () => resolve()))
  })
  return {
    get connected() { return client.connected },
    async publish(topic, payload, { qos, retain }) {
      await client.publishAsync(topic, payload, { qos, retain })
    },
    onMessage: (run) => void events.on('message', run),
    onChange: (run) => void events.on('change', run),
  }
}
