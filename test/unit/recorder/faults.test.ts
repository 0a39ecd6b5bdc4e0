import { describe, expect, it } from 'vitest'
import type { TakeFault } from '#contract/recorder.ts'
import { addFault } from '../../../main/station/recorder/faults.ts'
import { toPcm24 } from '../../../main/station/recorder/pcm24.ts'
import { frameFormats } from '#contract/frames.ts'

const fault = (kind: TakeFault['kind'], atFrame: number, frames: number): TakeFault => ({ kind, atFrame, frames, at: 1 })

describe('faults of a take', () => {
  it('lets neighbouring clipping grow into one fault and starts a new one after a second', () => {
    const list: TakeFault[] = []
    addFault(list, fault('clipping', 0, 10))
    addFault(list, fault('clipping', 20_000, 10))
    addFault(list, fault('clipping', 200_000, 10))
    expect(list).toEqual([fault('clipping', 0, 20_010), fault('clipping', 200_000, 10)])
  })

  it('tells a hole once, as dropout when the microphone side has seen it', () => {
    const list: TakeFault[] = []
    addFault(list, fault('gap', 100, 128))
    addFault(list, fault('dropout', 100, 128))
    addFault(list, fault('gap', 500, 128))
    expect(list.map((one) => one.kind)).toEqual(['dropout', 'gap'])
  })

  it('keeps a bounded list however often something fails', () => {
    const list: TakeFault[] = []
    for (let i = 0; i < 5_000; i++) addFault(list, fault('gap', i * 100_000, 1))
    expect(list.length).toBeLessThanOrEqual(1_000)
  })
})

describe('samples of a capture frame', () => {
  it('become 24-bit whatever the microphone side sends, full scale included', () => {
    const float = new Uint8Array(Float32Array.of(0, 1, -1, 0.5).buffer)
    expect([...(toPcm24({ kind: 1, format: frameFormats.float32, channels: 1, session: 1, seq: 0, frames: 4, firstFrame: 0, payload: float }) ?? [])])
      .toEqual([0, 0, 0, 0xff, 0xff, 0x7f, 0, 0, 0x80, 0, 0, 0x40])
    const short = new Uint8Array(Int16Array.of(-32768, 1).buffer)
    expect([...(toPcm24({ kind: 1, format: frameFormats.int16, channels: 1, session: 1, seq: 0, frames: 2, firstFrame: 0, payload: short }) ?? [])]).toEqual([0, 0, 0x80, 0, 1, 0])
  })
})
