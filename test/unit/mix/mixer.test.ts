import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createMixer, fadeGain, MixTimeline, noFade } from '#common/mix/index.ts'
import type { FadeShape, MixPlan, MixRead, MixSegment } from '#common/mix/index.ts'

const shapes: readonly FadeShape[] = ['linear', 'equalPower', 'sCurve', 'log']

/** Counter PCM: sample n of channel c of source s encodes (n, c, s), so each wrong sample shows. */
function counter(source: number, channel: number, n: number): number {
  return Math.fround((((n * 8191 + source * 131 + channel * 17) % 65536) - 32768) / 65536)
}
const readCounter: MixRead = (source, offset, frames, into) => {
  into.forEach((out, channel) => {
    for (let i = 0; i < frames; i++) out[i] = counter(source, channel, offset + i)
  })
}

const plans = fc.record({
  channels: fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 3 }),
  segments: fc.array(fc.record({
    source: fc.nat(2), start: fc.nat(3000), offset: fc.nat(500), length: fc.integer({ min: 1, max: 1500 }), gain: fc.double({ min: 0, max: 4, noNaN: true }),
    shapeIn: fc.constantFrom(...shapes), shapeOut: fc.constantFrom(...shapes), share: fc.double({ min: 0, max: 1, noNaN: true }), split: fc.double({ min: 0, max: 1, noNaN: true }),
  }), { maxLength: 12 }),
  masterGain: fc.constantFrom(1, 0.5, 1.25),
}).map(({ channels, segments, masterGain }): MixPlan => ({
  sources: channels.map((count) => ({ channels: count, length: 2000 })),
  segments: segments.map(({ source, share, split, shapeIn, shapeOut, ...rest }): MixSegment => {
    const faded = Math.floor(rest.length * share)
    const fadeIn = Math.floor(faded * split)
    return { ...rest, source: source % channels.length, fadeIn: { length: fadeIn, shape: shapeIn }, fadeOut: { length: faded - fadeIn, shape: shapeOut } }
  }),
  length: 5000, masterGain,
}))

function renderAll(plan: MixPlan, channels: 1 | 2, blockFrames: number, steps: readonly number[]): Float32Array[] {
  const mixer = createMixer(plan, { channels, blockFrames })
  const out = Array.from({ length: channels }, () => new Float32Array(plan.length))
  let position = 0
  for (let n = 0; position < plan.length; n++) {
    const frames = Math.min(steps[n % steps.length] ?? 1, plan.length - position)
    const block = Array.from({ length: channels }, () => new Float32Array(frames))
    mixer.render(position, frames, block, readCounter)
    block.forEach((samples, c) => out[c]?.set(samples, position))
    position += frames
  }
  return out
}

describe('the one mixer', () => {
  test('gives the same bits whatever the block sizes', () => {
    fc.assert(fc.property(plans, fc.constantFrom<1 | 2>(1, 2), fc.integer({ min: 1, max: 700 }), fc.array(fc.integer({ min: 1, max: 900 }), { minLength: 1, maxLength: 5 }), (plan, channels, blockFrames, steps) => {
      expect(renderAll(plan, channels, blockFrames, steps)).toEqual(renderAll(plan, channels, 4096, [5000]))
    }), { numRuns: 150 })
  })

  test('gives the same bits when positions are visited in any order', () => {
    fc.assert(fc.property(plans, fc.array(fc.nat(4990), { minLength: 1, maxLength: 20 }), (plan, positions) => {
      const whole = renderAll(plan, 2, 1024, [5000])
      const mixer = createMixer(plan, { channels: 2, blockFrames: 128 })
      for (const position of positions) {
        const block = [new Float32Array(10), new Float32Array(10)]
        mixer.render(position, 10, block, readCounter)
        expect(block).toEqual(whole.map((samples) => samples.slice(position, position + 10)))
      }
    }))
  })

  test('equals a plain formula sample by sample', () => {
    fc.assert(fc.property(plans, (plan) => {
      const [left] = renderAll(plan, 2, 333, [777])
      for (let n = 0; n < plan.length; n += 7) {
        let sum = 0
        for (const s of plan.segments) {
          const local = n - s.start
          if (local < 0 || local >= s.length || (plan.sources[s.source]?.channels ?? 0) > 2) continue
          const fadeIn = local < s.fadeIn.length ? fadeGain(s.fadeIn.shape, local, s.fadeIn.length) : 1
          const back = s.length - 1 - local
          const fadeOut = back < s.fadeOut.length ? fadeGain(s.fadeOut.shape, back, s.fadeOut.length) : 1
          sum += counter(s.source, 0, s.offset + local) * s.gain * fadeIn * fadeOut
        }
        if (plan.sources.every((source) => source.channels <= 2)) expect(left?.[n]).toBeCloseTo(sum * plan.masterGain, 5)
      }
    }), { numRuns: 60 })
  })

  test('passes an untouched source through bit by bit', () => {
    const plan: MixPlan = { sources: [{ channels: 2, length: 1000 }], segments: [{ source: 0, start: 0, offset: 0, length: 1000, gain: 1, fadeIn: noFade, fadeOut: noFade }], length: 1000, masterGain: 1 }
    const out = renderAll(plan, 2, 128, [128])
    for (let n = 0; n < 1000; n++) expect([out[0]?.[n], out[1]?.[n]]).toEqual([counter(0, 0, n), counter(0, 1, n)])
  })

  test('maps mono to both sides and stereo to the mean', () => {
    const one = (channels: number): MixPlan => ({ sources: [{ channels, length: 8 }], segments: [{ source: 0, start: 0, offset: 0, length: 8, gain: 1, fadeIn: noFade, fadeOut: noFade }], length: 8, masterGain: 1 })
    const stereo = renderAll(one(1), 2, 8, [8])
    expect(stereo[0]).toEqual(stereo[1])
    expect(stereo[0]?.[3]).toBe(counter(0, 0, 3))
    expect(renderAll(one(2), 1, 8, [8])[0]?.[5]).toBe(Math.fround((counter(0, 0, 5) + counter(0, 1, 5)) / 2))
  })

  test('folds the centre of a 5.1 source into both sides and cannot clip by folding', () => {
    const plan: MixPlan = { sources: [{ channels: 6, length: 4 }], segments: [{ source: 0, start: 0, offset: 0, length: 4, gain: 1, fadeIn: noFade, fadeOut: noFade }], length: 4, masterGain: 1 }
    const mixer = createMixer(plan, { channels: 2, blockFrames: 4 })
    const out = [new Float32Array(4), new Float32Array(4)]
    mixer.render(0, 4, out, (_s, _o, frames, into) => into.forEach((samples, c) => samples.fill(c === 2 ? 1 : 0, 0, frames)))
    expect(out[0]?.[0]).toBeGreaterThan(0.25)
    expect(out[0]).toEqual(out[1])
    mixer.render(0, 4, out, (_s, _o, frames, into) => into.forEach((samples) => samples.fill(1, 0, frames)))
    expect(out[0]?.[0]).toBeLessThanOrEqual(1)
  })

  test('is silent outside the plan', () => {
    const plan: MixPlan = { sources: [{ channels: 1, length: 10 }], segments: [{ source: 0, start: 100, offset: 0, length: 10, gain: 1, fadeIn: noFade, fadeOut: noFade }], length: 110, masterGain: 1 }
    const mixer = createMixer(plan, { channels: 1, blockFrames: 64 })
    const out = [new Float32Array(300).fill(9)]
    mixer.render(0, 300, out, readCounter)
    expect(out[0]?.slice(0, 100).every((value) => value === 0)).toBe(true)
    expect(out[0]?.[100]).toBe(counter(0, 0, 0))
    expect(out[0]?.slice(110).every((value) => value === 0)).toBe(true)
  })
})

describe('the timeline of the air', () => {
  const segment = (id: string, start: number, length: number) => ({ id, source: 0, channels: 1, start, offset: 0, length, gain: 1 })
  const play = (timeline: MixTimeline, from: number, frames: number): Float32Array => {
    const out = new Float32Array(frames)
    timeline.render(from, frames, [out], readCounter)
    return out
  }

  test('plays followers sample by sample without a gap and equal to the static mixer', () => {
    const timeline = new MixTimeline({ channels: 1, blockFrames: 100 })
    timeline.add(segment('b', 500, 300))
    timeline.add(segment('a', 0, 500))
    const plan: MixPlan = { sources: [{ channels: 1, length: 500 }], segments: [{ source: 0, start: 0, offset: 0, length: 500, gain: 1, fadeIn: noFade, fadeOut: noFade }, { source: 0, start: 500, offset: 0, length: 300, gain: 1, fadeIn: noFade, fadeOut: noFade }], length: 800, masterGain: 1 }
    expect(play(timeline, 0, 800)).toEqual(renderAll(plan, 1, 64, [800])[0])
    expect(timeline.removePlayed(500)).toEqual(['a'])
    expect(timeline.segments.map((s) => s.id)).toEqual(['b'])
  })

  test('fades a cut segment so that it ends exactly at the cut', () => {
    const timeline = new MixTimeline({ channels: 1, blockFrames: 128 })
    timeline.add(segment('a', 0, 20_000))
    expect(timeline.cutAt('a', 10_000)).toBe(true)
    const out = play(timeline, 0, 12_000)
    for (let n = 0; n < 2800; n++) expect(out[n]).toBe(counter(0, 0, n))
    expect(Math.abs(out[9_999] ?? 1)).toBeLessThan(1e-3)
    expect(out.slice(10_000).every((value) => value === 0)).toBe(true)
    expect(timeline.cutAt('a', 10_000)).toBe(false)
  })

  test('begins the fade of a late cut where rendering stands, without a jump in level', () => {
    const timeline = new MixTimeline({ channels: 1, blockFrames: 128 })
    timeline.add(segment('a', 0, 20_000))
    timeline.cutAt('a', 10_000, { from: 9_000 })
    const out = play(timeline, 8_990, 20)
    for (let n = 0; n < 10; n++) expect(out[n]).toBe(counter(0, 0, 8_990 + n))
    expect((out[10] ?? 0) / counter(0, 0, 9_000)).toBeCloseTo(1, 2)
  })

  test('cuts everything that would sound past a hard start and drops what would begin after it', () => {
    const timeline = new MixTimeline({ channels: 1, blockFrames: 128 })
    timeline.add(segment('a', 0, 1000))
    timeline.add(segment('b', 1000, 1000))
    timeline.add(segment('c', 2000, 1000))
    expect(timeline.cutAllAt(1500)).toEqual(['b', 'c'])
    expect(timeline.segments.map((s) => [s.id, s.length])).toEqual([['a', 1000], ['b', 500]])
    expect(timeline.end).toBe(1500)
  })

  test('two sources of a segue add up, each with its own fade and gain, and equal the static mixer', () => {
    const fade = { length: 200, shape: 'equalPower' } as const
    const timeline = new MixTimeline({ channels: 1, blockFrames: 64 })
    timeline.add({ ...segment('a', 0, 700), fadeOut: fade })
    timeline.add({ ...segment('b', 500, 600), gain: 0.5, fadeIn: fade })
    const plan: MixPlan = {
      sources: [{ channels: 1, length: 700 }], length: 1100, masterGain: 1,
      segments: [{ source: 0, start: 0, offset: 0, length: 700, gain: 1, fadeIn: noFade, fadeOut: fade }, { source: 0, start: 500, offset: 0, length: 600, gain: 0.5, fadeIn: fade, fadeOut: noFade }],
    }
    expect(play(timeline, 0, 1100)).toEqual(renderAll(plan, 1, 64, [1100])[0])
    const wide = [new Float64Array(1110)]
    timeline.renderWide(0, 1100, wide, 10, readCounter)
    expect(Float32Array.from(wide[0]?.subarray(10) ?? [])).toEqual(play(timeline, 0, 1100))
  })

  test.each([['cut in the middle of a fade', 6_000, 9_000], ['given its end back in the middle of a fade', 6_000, 40_000], ['moved to another end by a later plan', 12_000, 15_000]])('a segment that is %s goes on at the level it had', (_name, from, end) => {
    const flat: MixRead = (_source, _offset, frames, into) => void into[0]?.fill(1, 0, frames)
    const timeline = new MixTimeline({ channels: 1, blockFrames: 128 })
    const whole = { ...segment('a', 0, 40_000), gain: 0.9 }
    timeline.add({ ...whole, length: 16_000, fadeOut: { length: 14_000, shape: 'equalPower' } })
    const before = new Float32Array(from)
    timeline.render(0, from, [before], flat)
    timeline.add({ ...whole, length: end, fadeOut: end === 40_000 ? noFade : { length: Math.min(7_200, end - from), shape: 'linear' } }, from)
    const after = new Float32Array(41_000 - from)
    timeline.render(from, after.length, [after], flat)
    const heard = [...before, ...after]
    for (let n = 1; n < heard.length; n++) {
      const step = Math.abs((heard[n] ?? 0) - (heard[n - 1] ?? 0))
      if (step > 0.001 && n !== 40_000) expect.fail(`a step of ${step} at ${n}`)
    }
    expect(heard[end - 1]).toBeCloseTo(end === 40_000 ? 0.9 : 0, 3)
    expect(heard[end]).toBe(0)
  })
})
