/** How measured values lie: nearest-rank percentiles of sorted values, and bars of a width for a person. */

export function sorted(values: readonly number[]): number[] {
  return [...values].sort((a, b) => a - b)
}

/** @param share 0 to 1; NaN when there is nothing */
export function percentile(ascending: readonly number[], share: number): number {
  return ascending[Math.max(0, Math.min(ascending.length - 1, Math.ceil(share * ascending.length) - 1))] ?? Number.NaN
}

export function histogram(values: readonly number[], width: number): string {
  const bins = new Map<number, number>()
  for (const value of values) {
    const from = Math.floor(value / width) * width
    bins.set(from, (bins.get(from) ?? 0) + 1)
  }
  return [...bins].sort(([a], [b]) => a - b).map(([from, n]) => `${String(from).padStart(6)} … ${String(from + width).padStart(4)} ms ${'█'.repeat(n)} ${n}`).join('\n')
}
