import { AppError } from '#contract/errors.ts'
import { fileUrl } from '../../../app/station-client/index.ts'

/** Samples of the item for each value. */
export const COURSE_STEP = 4_800
const KEPT = 40

/** Short-term loudness of an item in LUFS, one value per `COURSE_STEP` samples (the 3 s before its end); −120 is silence. */
export interface LoudnessCourse {
  readonly values: Float32Array
  /** Value at a sample of the item; null outside. */
  at(sample: number): number | null
}

const courses = new Map<string, Promise<LoudnessCourse>>()

/** Measured at the station the first time anybody asks, kept in this window for as long as it is used. @throws AppError file-missing, file-unreadable */
export function loudnessCourse(itemId: string): Promise<LoudnessCourse> {
  const known = courses.get(itemId)
  courses.delete(itemId)
  const course = known ?? fetchCourse(itemId)
  courses.set(itemId, course)
  course.catch(() => courses.delete(itemId))
  for (const oldest of courses.keys()) {
    if (courses.size <= KEPT) break
    courses.delete(oldest)
  }
  return course
}

async function fetchCourse(itemId: string): Promise<LoudnessCourse> {
  const response = await fetch(fileUrl('loudness', itemId))
  if (!response.ok) throw new AppError(response.status === 404 ? 'file-missing' : 'file-unreadable')
  return courseOf(await response.arrayBuffer())
}

export function courseOf(bytes: ArrayBuffer): LoudnessCourse {
  const values = new Float32Array(bytes, 0, Math.floor(bytes.byteLength / 4))
  return { values, at: (sample) => (sample < 0 ? null : (values[Math.floor(sample / COURSE_STEP)] ?? null)) }
}
