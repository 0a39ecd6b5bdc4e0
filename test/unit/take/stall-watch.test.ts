import { describe, expect, it } from 'vitest'
import { StallWatch, type StallFault } from '#common/take/stall-watch.ts'

const BLOCK = 4_800
/** A sound system and a wall clock; the wall may run slightly faster. */
function listen(): { watch: StallWatch; told: StallFault[]; blocks: (count: number, drift?: number) => void; quiet: (ms: number) => void; late: (ms: number) => void } {
  const watch = new StallWatch()
  const told: StallFault[] = []
  let now = 5_000
  let end = 123_456
  const note = (fault: StallFault | null): void => { if (fault !== null) told.push(fault) }
  const quiet = (ms: number): void => {
    for (let passed = 0; passed < ms; passed += 250) note(watch.look((now += 250)))
  }
  return {
    watch, told, quiet,
    blocks(count, drift = 0) {
      for (let i = 0; i < count; i++) note(watch.block((end += BLOCK), (now += 100 + drift)))
    },
    late(ms) {
      quiet(ms)
      for (let i = 0; i < ms / 100; i++) note(watch.block((end += BLOCK), now))
    },
  }
}

describe('the watch over a sound system that stands still', () => {
  it('tells at once and then how much was not heard', () => {
    const { told, blocks, quiet } = listen()
    blocks(50)
    quiet(4_000)
    expect(told).toEqual([{ kind: 'stalled', atFrame: 123_456 + 50 * BLOCK, frames: 0 }])
    blocks(20)
    expect(told).toHaveLength(2)
    expect(told[1]?.atFrame).toBe(123_456 + 50 * BLOCK)
    expect(Math.abs((told[1]?.frames ?? 0) - 4_000 * 48)).toBeLessThan(2_000)
  })

  it('takes blocks that arrive late all at once for what they are', () => {
    const { told, blocks, late } = listen()
    blocks(50)
    late(1_500)
    blocks(50)
    expect(told).toEqual([])
  })

  it('is not fooled by two clocks that drift apart over hours', () => {
    const { told, blocks } = listen()
    blocks(100_000, 0.03)
    expect(told).toEqual([])
  })
})
