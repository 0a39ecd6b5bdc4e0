/** Speeds of J and L; pressed again they go one further, the other one comes back through standing still. */
export const SPEEDS = [1, 1.5, 2, 4, 8] as const

export function nextRate(rate: number, direction: 1 | -1, isPlaying: boolean): number {
  if (!isPlaying) return direction
  const now = Math.max(0, SPEEDS.findIndex((speed) => speed === Math.abs(rate)))
  const isSameWay = Math.sign(rate) === direction
  const step = isSameWay ? Math.min(SPEEDS.length - 1, now + 1) : now - 1
  const speed = SPEEDS[step]
  return speed === undefined ? direction : speed * (isSameWay ? direction : -direction)
}
