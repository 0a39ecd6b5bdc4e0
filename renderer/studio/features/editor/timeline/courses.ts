import { loudnessCourse } from '../sound/loudness-course.ts'
import type { LoudnessCourse } from '../sound/loudness-course.ts'

/** Short-term loudness of the sounds that are looked at, asked for when it is first drawn. */
export class Courses {
  private readonly known = new Map<string, LoudnessCourse | null>()
  private readonly came: () => void

  constructor(came: () => void) {
    this.came = came
  }

  /** Null while it is measured, and for a sound that cannot be. */
  readonly of = (itemId: string): LoudnessCourse | null => {
    const found = this.known.get(itemId)
    if (found !== undefined) return found
    this.known.set(itemId, null)
    loudnessCourse(itemId).then((course) => {
      this.known.set(itemId, course)
      this.came()
    }, () => undefined)
    return null
  }
}
