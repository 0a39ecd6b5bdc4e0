import { describe, expect, it } from 'vitest'
import { RelayInput } from '../../../main/station/air/relay/relay-input.ts'

const BLOCK = 480
const relay = { sourceId: 's', title: 'Đài tỉnh', addresses: [], preConnectMs: 30_000, bufferMs: 1_000, holdOffMs: 3_000, silenceDbfs: -40, silenceMs: 10_000, returnMs: 4_000 }
const opened = (): RelayInput => new RelayInput(relay, () => undefined)
/** Interleaved stereo: sample n of the source is n + 1 on the left, minus that on the right. */
const counted = (from: number, frames: number): Float32Array => Float32Array.from({ length: frames * 2 }, (_, i) => (i % 2 === 0 ? 1 : -1) * (from + (i >> 1) + 1))

function readBlock(input: RelayInput): { left: Float32Array; right: Float32Array; missing: number } {
  const left = new Float32Array(BLOCK)
  const right = new Float32Array(BLOCK)
  return { left, right, missing: input.read(0, BLOCK, [left, right]) }
}

describe('the samples of a relay', () => {
  it('go out as they came, once the buffer is full, and not one is lost', () => {
    const input = opened()
    input.write(counted(0, 47_999))
    expect(readBlock(input).missing).toBe(BLOCK)
    input.write(counted(47_999, 1))
    for (let block = 0; block < 1_000; block++) {
      const { left, right, missing } = readBlock(input)
      expect(missing).toBe(0)
      expect([left[0], right[0], left[BLOCK - 1]]).toEqual([block * BLOCK + 1, -block * BLOCK - 1, (block + 1) * BLOCK])
      input.write(counted(48_000 + block * BLOCK, BLOCK))
    }
    expect(input.waiting).toBe(48_000)
  })

  it('that run dry are silent until the buffer is full again', () => {
    const input = opened()
    input.write(counted(0, 48_000))
    let heard = 0
    while (readBlock(input).missing === 0) heard++
    // Near its end the buffer is played a little slower.
    expect(heard).toBeGreaterThanOrEqual(99)
    input.write(counted(48_000, 24_000))
    expect(readBlock(input).missing).toBe(BLOCK)
    input.write(counted(72_000, 24_000))
    expect(readBlock(input).missing).toBe(0)
  })

  it('before it is on air a stream goes by at its pace and stays at its buffer', () => {
    const input = opened()
    input.write(counted(0, 400_000))
    input.pass(BLOCK)
    expect(input.waiting).toBe(48_000 - BLOCK)
    expect(input.health.state).toBe('ready')
  })

  it('a file waits for its line and begins with its first sample', () => {
    const input = opened()
    input.take({ address: 0, isConnected: true, isFinite: true, isEarlierEdition: false })
    input.write(counted(0, 96_000))
    for (let block = 0; block < 600; block++) input.pass(BLOCK)
    expect(input.health.state).toBe('ready')
    expect(readBlock(input).left[0]).toBe(1)
  })

  it('a file is over when its last sample has been read, and is then not lost', () => {
    const input = opened()
    input.take({ address: 0, isConnected: true, isFinite: true, isEarlierEdition: false })
    input.write(counted(0, 960))
    input.end()
    expect(readBlock(input).missing).toBe(0)
    expect(input.isOver).toBe(false)
    expect(readBlock(input).missing).toBe(0)
    expect(input.isOver).toBe(true)
  })

  it.each([['fast', 482, 50_000, 49_000, 53_400], ['slow', 478, 10_000, 2_300, 2_700]] as const)('a source whose clock is too %s is held at its limit, without a hole and without a jump', (_name, perBlock, atFirst, least, most) => {
    const input = new RelayInput({ ...relay, bufferMs: 200 }, () => undefined)
    const steepest = (2 * Math.PI * 100) / 48_000
    const tone = (from: number, frames: number): Float32Array => Float32Array.from({ length: frames * 2 }, (_, i) => Math.sin(steepest * (from + (i >> 1))))
    input.write(tone(0, atFirst))
    let written = atFirst
    let before: number | null = null
    let holes = 0
    let worst = 0
    for (let block = 0; block < 5_000; block++) {
      input.write(tone(written, perBlock))
      written += perBlock
      const { left, missing } = readBlock(input)
      if (missing > 0) holes++
      for (const value of left) {
        if (before !== null) worst = Math.max(worst, Math.abs(value - before) / steepest)
        before = value
      }
    }
    expect(holes).toBe(0)
    expect(input.waiting).toBeGreaterThan(least)
    expect(input.waiting).toBeLessThan(most)
    // From sample to sample half a per cent more at most; a sample left out would be a hundred.
    expect(worst).toBeGreaterThan(0.99)
    expect(worst).toBeLessThan(1.02)
  })

  it('is lost three seconds after the last sample came, when its buffer is dry', () => {
    const input = opened()
    input.write(counted(0, 48_000))
    for (let block = 0; block < 299; block++) readBlock(input)
    expect(input.health.fault).toBe(null)
    readBlock(input)
    expect(input.health.fault).toBe('sourceLost')
  })

  it('a buffer longer than the hold-off is played to its end first', () => {
    const input = new RelayInput({ ...relay, bufferMs: 4_000 }, () => undefined)
    input.write(counted(0, 192_000))
    for (let block = 0; block < 390; block++) readBlock(input)
    expect([input.health.state, input.health.fault]).toEqual(['ready', null])
    for (let block = 0; block < 15; block++) readBlock(input)
    expect(input.health.fault).toBe('sourceLost')
  })
})
