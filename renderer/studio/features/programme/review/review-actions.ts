import type { Action } from '../../../app/actions/index.ts'
import { reviewHandles } from './review-store.ts'

const here = (id: string, labelKey: Action['labelKey'], shortcut: string, role: Action['role'], key: keyof typeof reviewHandles, run: Action['run']): Action =>
  ({ id: `programme.review.${id}`, labelKey, shortcut, role, page: 'programme', enabled: () => reviewHandles[key] !== null, run })

/** Keys of the listener: everything without leaving the sound. */
export const reviewActions: readonly Action[] = [
  here('play', 'programme.review.actions.play', 'Space', 'viewer', 'toggle', () => reviewHandles.toggle?.()),
  here('comment', 'programme.review.actions.comment', 'KeyC', 'recorder', 'write', () => reviewHandles.write?.()),
  here('next', 'programme.review.actions.next', 'KeyN', 'viewer', 'step', () => reviewHandles.step?.(1)),
  here('previous', 'programme.review.actions.previous', 'Shift+KeyN', 'viewer', 'step', () => reviewHandles.step?.(-1)),
  here('resolve', 'programme.review.actions.resolve', 'KeyX', 'recorder', 'resolve', () => reviewHandles.resolve?.()),
  here('items', 'programme.review.actions.items', 'Alt+KeyT', 'viewer', 'focusItems', () => reviewHandles.focusItems?.()),
  here('approve', 'programme.review.actions.approve', 'Ctrl+Enter', 'approver', 'approve', () => reviewHandles.approve?.()),
  here('return', 'programme.review.actions.return', 'Ctrl+KeyR', 'approver', 'giveBack', () => reviewHandles.giveBack?.()),
]
