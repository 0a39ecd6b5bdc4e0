import { halve, halveRms } from '#common/peaks/index.ts'
import type { Peaks } from '#common/peaks/index.ts'

/** Of a long file only a level of at most this many points is kept; finer ones are fetched where one looks. */
export const MAX_POINTS = 1 << 19
export const HEADER_BYTES = 24

/** Every coarser level above a kept one, the kept one first. */
export function pyramidAbove(level: Peaks): Peaks[] {
  const levels = [level]
  for (let last = level; last.length > 1024;) {
    last = halve(last)
    levels.push(last)
  }
  return levels
}
export function planesAbove(plane: Uint16Array, channels: number, length: number): Uint16Array[] {
  const planes = [plane]
  let points = length
  for (let last = plane; points > 1024; points = Math.ceil(points / 2)) {
    last = halveRms(last, channels, points)
    planes.push(last)
  }
  return planes
}
