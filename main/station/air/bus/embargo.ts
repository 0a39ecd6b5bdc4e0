import { wallSamples } from '#common/playout/index.ts'
import type { PassedSound } from '../../faces.ts'

/** A key may bring a line forward; an embargo ends when it ends. @param start wall samples; null = it has no time yet, and is judged when it has one */
export function isHeldBack({ notBeforeMs }: Pick<PassedSound, 'notBeforeMs'>, start: number | null): boolean {
  return notBeforeMs !== undefined && start !== null && start < wallSamples(notBeforeMs)
}
