/** Cuts an Ogg byte stream into pages and keeps the header pages (RFC 3533, RFC 7845), so that a listener can join at any page. */
export class OggPages {
  #rest = Buffer.alloc(0)
  readonly #headers: Buffer[] = []
  #headerDone = false

  /** True once both header packets have been seen. */
  get ready(): boolean {
    return this.#headerDone
  }

  headers(): Buffer {
    return Buffer.concat(this.#headers)
  }

  /** Complete audio pages in the chunk; header pages are kept, not returned. */
  push(chunk: Buffer): Buffer[] {
    this.#rest = Buffer.concat([this.#rest, chunk])
    const pages: Buffer[] = []
    for (;;) {
      const page = this.#take()
      if (page === null) return pages
      // Header pages carry granule position 0; the first page with sound has a position above it.
      if (!this.#headerDone && page.readBigInt64LE(6) === 0n) this.#headers.push(page)
      else {
        this.#headerDone = true
        pages.push(page)
      }
    }
  }

  #take(): Buffer | null {
    const start = this.#rest.indexOf('OggS')
    if (start < 0) {
      this.#rest = this.#rest.subarray(Math.max(0, this.#rest.length - 3))
      return null
    }
    const page = this.#rest.subarray(start)
    if (page.length < 27) return null
    const segments = page[26] ?? 0
    if (page.length < 27 + segments) return null
    let length = 27 + segments
    for (let index = 0; index < segments; index++) length += page[27 + index] ?? 0
    if (page.length < length) return null
    this.#rest = page.subarray(length)
    return Buffer.from(page.subarray(0, length))
  }
}
