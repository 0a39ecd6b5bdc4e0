import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { lookAtMeter, setMetersSeen } from '../../../renderer/studio/ui/meter-clock.ts'

describe('the clock of the meters', () => {
  let leave: () => void = () => undefined
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
    vi.stubGlobal('requestAnimationFrame', vi.fn((step: () => void) => setTimeout(step, 16)))
    vi.stubGlobal('cancelAnimationFrame', (frame: ReturnType<typeof setTimeout>) => clearTimeout(frame))
  })
  afterEach(() => {
    leave()
    setMetersSeen(true)
    vi.useRealTimers()
    vi.unstubAllGlobals()
  })
  const looksIn = (look: ReturnType<typeof vi.fn>, ms: number): number => {
    const before = look.mock.calls.length
    vi.advanceTimersByTime(ms)
    return look.mock.calls.length - before
  }

  it('looks in every frame while the picture moves', () => {
    const look = vi.fn<() => boolean>(() => true)
    leave = lookAtMeter(look)
    expect(looksIn(look, 1_000)).toBeGreaterThanOrEqual(60)
  })

  it('asks the screen for nothing when all stand still, and is back in every frame one look after something moved', () => {
    let moves = false
    const look = vi.fn<() => boolean>(() => moves)
    leave = lookAtMeter(look)
    vi.advanceTimersByTime(1_000)
    const frames = vi.mocked(requestAnimationFrame)
    frames.mockClear()
    expect(looksIn(look, 1_000)).toBe(25)
    expect(frames).not.toHaveBeenCalled()
    moves = true
    expect(looksIn(look, 40)).toBeGreaterThanOrEqual(1)
    expect(looksIn(look, 1_000)).toBeGreaterThanOrEqual(60)
  })

  it('stands while nobody sees the window, and looks again when somebody does', () => {
    const look = vi.fn<() => boolean>(() => true)
    leave = lookAtMeter(look)
    vi.advanceTimersByTime(100)
    setMetersSeen(false)
    expect(looksIn(look, 5_000)).toBe(0)
    setMetersSeen(true)
    expect(looksIn(look, 100)).toBeGreaterThanOrEqual(5)
  })

  it('ends with its last meter', () => {
    const look = vi.fn<() => boolean>(() => true)
    lookAtMeter(look)()
    expect(looksIn(look, 1_000)).toBe(0)
    expect(vi.getTimerCount()).toBe(0)
  })
})
