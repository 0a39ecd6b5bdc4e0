import { Duplex } from 'node:stream'

/** Largest MQTT packet a device may send (BS1 16). */
export const MAX_PACKET_BYTES = 65_536

/** Follows the fixed headers of an MQTT stream. `take` is false from the first packet above the limit, before its body has arrived. */
export class PacketGuard {
  #skip = 0
  #multiplier = 0
  #length = 0
  readonly #limit: number

  constructor(limit = MAX_PACKET_BYTES) {
    this.#limit = limit
  }

  take(chunk: Uint8Array): boolean {
    let position = 0
    while (position < chunk.length) {
      if (this.#skip > 0) {
        const step = Math.min(this.#skip, chunk.length - position)
        this.#skip -= step
        position += step
        continue
      }
      const byte = chunk[position++] ?? 0
      if (this.#multiplier === 0) {
        this.#multiplier = 1
        this.#length = 0
        continue
      }
      this.#length += (byte & 0x7f) * this.#multiplier
      if (byte & 0x80) {
        this.#multiplier *= 128
        if (this.#multiplier > 128 ** 3) return false
        continue
      }
      if (this.#length > this.#limit) return false
      this.#skip = this.#length
      this.#multiplier = 0
    }
    return true
  }
}

/**
 * A connection whose incoming packets are bounded. Writing passes through with its back-pressure, so the broker still notices a reader that stopped reading.
 */
export class GuardedConnection extends Duplex {
  readonly #inner: Duplex
  readonly #guard = new PacketGuard()

  constructor(inner: Duplex) {
    super({ allowHalfOpen: false })
    this.#inner = inner
    inner.on('data', (chunk: Buffer) => {
      if (!this.#guard.take(chunk)) {
        this.destroy(new Error('packet too large'))
        return
      }
      if (!this.push(chunk)) inner.pause()
    })
    inner.on('end', () => this.push(null))
    inner.on('error', (error) => this.destroy(error))
    inner.on('close', () => this.destroy())
  }

  override _read(): void {
    this.#inner.resume()
  }

  override _write(chunk: Buffer, encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#inner.write(chunk, encoding, done)
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#inner.end(() => done())
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#inner.destroy()
    done(error)
  }
}
