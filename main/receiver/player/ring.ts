/** Sound of a live stream by absolute sample number, bounded: what is older than `capacity` is overwritten, holes are known as holes. */
export interface SampleRing {
  /** First and last (exclusive) sample ever held that is still here; equal when empty. */
  readonly first: number
  readonly end: number
  write(firstSample: number, data: Float32Array): void
  /** Adds [from, from + count) to `into`; returns how many samples were not here. */
  mix(from: number, into: Float32Array, offset: number, count: number): number
  /** One sample between two, for playing a little faster. */
  at(position: number): number
  clear(): void
}

export function openRing(capacity: number): SampleRing {
  const data = new Float32Array(capacity)
  let first = 0
  let end = 0
  const slot = (sample: number): number => ((sample % capacity) + capacity) % capacity

  return {
    get first() {
      return first
    },
    get end() {
      return end
    },
    write(firstSample, samples) {
      if (samples.length === 0 || samples.length > capacity) return
      if (first === end) {
        first = firstSample
        end = firstSample
      }
      // Late copies of what is already here change nothing; a stream that jumped far ahead or back starts anew.
      if (firstSample > end + capacity || firstSample + samples.length < first) {
        first = firstSample
        end = firstSample
      }
      for (let hole = end; hole < firstSample; hole++) data[slot(hole)] = 0
      for (let i = 0; i < samples.length; i++) if (firstSample + i >= end) data[slot(firstSample + i)] = samples[i] ?? 0
      end = Math.max(end, firstSample + samples.length)
      first = Math.max(first, end - capacity)
    },
    mix(from, into, offset, count) {
      let missing = 0
      for (let i = 0; i < count; i++) {
        const sample = from + i
        if (sample < first || sample >= end) missing++
        else into[offset + i] = (into[offset + i] ?? 0) + (data[slot(sample)] ?? 0)
      }
      return missing
    },
    at(position) {
      const whole = Math.floor(position)
      const part = position - whole
      if (whole < first || whole + 1 >= end) return 0
      return (data[slot(whole)] ?? 0) * (1 - part) + (data[slot(whole + 1)] ?? 0) * part
    },
    clear() {
      first = 0
      end = 0
    },
  }
}
