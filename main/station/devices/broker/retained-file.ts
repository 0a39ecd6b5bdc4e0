import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs'
import { z } from 'zod'

const Entry = z.object({ topic: z.string(), payload: z.string(), qos: z.union([z.literal(0), z.literal(1)]) })
export interface RetainedMessage { readonly topic: string; readonly payload: Buffer; readonly qos: 0 | 1 }

/**
 * Retained messages on disk, one JSON line each. Written whole a moment after a change: there are few (about three per device, under 32 KiB each), and a broker that
 * lost the last quarter of a second is made right by the station and the devices, which publish their state again when they connect.
 */
export class RetainedFile {
  readonly #file: string
  readonly #messages = new Map<string, RetainedMessage>()
  #timer: NodeJS.Timeout | null = null

  constructor(file: string) {
    this.#file = file
  }

  load(): RetainedMessage[] {
    let text = ''
    try {
      text = readFileSync(this.#file, 'utf8')
    } catch {
      return []
    }
    for (const line of text.split('\n')) {
      if (line === '') continue
      try {
        const { topic, payload, qos } = Entry.parse(JSON.parse(line))
        this.#messages.set(topic, { topic, payload: Buffer.from(payload, 'base64'), qos })
      } catch {
        // A line cut by a power failure: its publisher sends it again.
      }
    }
    return [...this.#messages.values()]
  }

  set(message: RetainedMessage): void {
    if (message.payload.length === 0) this.#messages.delete(message.topic)
    else this.#messages.set(message.topic, message)
    this.#timer ??= setTimeout(() => this.save(), 250)
  }

  save(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
    const lines = [...this.#messages.values()].map((message) => JSON.stringify({ topic: message.topic, payload: message.payload.toString('base64'), qos: message.qos }))
    const handle = openSync(`${this.#file}.part`, 'w', 0o600)
    try {
      writeSync(handle, `${lines.join('\n')}\n`)
      fsyncSync(handle)
    } finally {
      closeSync(handle)
    }
    renameSync(`${this.#file}.part`, this.#file)
  }
}
