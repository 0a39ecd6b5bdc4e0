/** Pieces of sources around what is seen, read ahead on both sides, the least recently drawn forgotten first. */
export interface Wanted {
  readonly itemId: string
  readonly from: number
  readonly to: number
}
interface Kept<T> extends Wanted {
  readonly value: T
}

const MAX_WAITING = 12
const MAX_RUNNING = 3

export class Windows<T> {
  private readonly read: (wanted: Wanted) => Promise<T>
  private readonly came: () => void
  private readonly most: number
  private kept: Kept<T>[] = []
  private waiting: Wanted[] = []
  private running: Wanted[] = []
  private refused: Wanted[] = []

  /** `most` is the sum of the lengths kept. */
  constructor(options: { read: (wanted: Wanted) => Promise<T>; came: () => void; most: number }) {
    this.read = options.read
    this.came = options.came
    this.most = options.most
  }

  /** The piece that covers `[from, to)`, else null: it is asked for, with `margin` on both sides, inside `[0, length)`. */
  find(itemId: string, from: number, to: number, margin: number, length: number): Kept<T> | null {
    const at = this.kept.findIndex((one) => covers(one, itemId, from, to))
    const found = this.kept[at]
    const low = Math.max(0, from - margin)
    const high = Math.min(length, to + margin)
    if (found === undefined) {
      this.want({ itemId, from: low, to: high }, from, to)
      return null
    }
    if (at < this.kept.length - 1) {
      this.kept.splice(at, 1)
      this.kept.push(found)
    }
    // Soon to be left: the next piece is read before it is needed.
    const near = margin / 3
    const least = Math.max(0, from - near)
    const last = Math.min(length, to + near)
    if ((found.from > least || found.to < last) && !this.kept.some((one) => covers(one, itemId, least, last))) this.want({ itemId, from: low, to: high }, least, last)
    return found
  }

  keepOnly(itemIds: ReadonlySet<string>): void {
    this.kept = this.kept.filter((one) => itemIds.has(one.itemId))
    this.waiting = this.waiting.filter((one) => itemIds.has(one.itemId))
    this.refused = []
  }

  private want(wanted: Wanted, from: number, to: number): void {
    if ([this.running, this.waiting, this.refused].some((list) => list.some((one) => covers(one, wanted.itemId, from, to)))) return
    this.waiting.push(wanted)
    // What was looked at first has been scrolled away by now.
    if (this.waiting.length > MAX_WAITING) this.waiting.shift()
    this.pump()
  }

  private pump(): void {
    while (this.running.length < MAX_RUNNING) {
      const next = this.waiting.pop()
      if (next === undefined) return
      this.running.push(next)
      void this.load(next)
    }
  }

  private async load(wanted: Wanted): Promise<void> {
    try {
      const value = await this.read(wanted)
      this.kept.push({ ...wanted, value })
      let sum = this.kept.reduce((total, one) => total + one.to - one.from, 0)
      while (this.kept.length > 1 && sum > this.most) {
        const first = this.kept.shift()
        sum -= first === undefined ? 0 : first.to - first.from
      }
    } catch {
      // Not asked for again until the sources change; coarser data is drawn.
      this.refused.push(wanted)
    }
    this.running = this.running.filter((one) => one !== wanted)
    this.pump()
    this.came()
  }
}

function covers(one: Wanted, itemId: string, from: number, to: number): boolean {
  return one.itemId === itemId && one.from <= from && one.to >= to
}
