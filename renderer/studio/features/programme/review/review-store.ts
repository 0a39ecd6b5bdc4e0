import { create } from 'zustand'

/** Where the listener is; the wave tells it several times a second, the words beside it follow. */
interface ReviewState {
  readonly at: number
  readonly playing: boolean
  readonly commentId: string | null
}
export const useReview = create<ReviewState>(() => ({ at: 0, playing: false, commentId: null }))
export const showReview = (change: Partial<ReviewState>): void => useReview.setState(change)

export const reviewHandles: { toggle: (() => void) | null; write: (() => void) | null; seek: ((sample: number) => void) | null; step: ((by: -1 | 1) => void) | null; focusItems: (() => void) | null; approve: (() => Promise<void>) | null; giveBack: (() => void) | null; resolve: (() => Promise<void>) | null } = {
  toggle: null, write: null, seek: null, step: null, focusItems: null, approve: null, giveBack: null, resolve: null,
}
