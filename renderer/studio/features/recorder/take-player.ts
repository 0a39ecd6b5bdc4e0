import { create } from 'zustand'
import { fileUrl } from '../../app/station-client/index.ts'

interface TakePlaying {
  /** Items waiting to be heard, the one heard now first. */
  readonly queue: readonly string[]
}
export const useTakePlayer = create<TakePlaying>(() => ({ queue: [] }))
let media: HTMLAudioElement | null = null

/** Plays takes one after the other; asking again while they play stops. */
export function playTakes(itemIds: readonly string[]): void {
  stopTakes()
  if (itemIds.length === 0) return
  useTakePlayer.setState({ queue: itemIds })
  next()
}

export function stopTakes(): void {
  const before = media
  media = null
  if (before !== null) {
    before.pause()
    before.removeAttribute('src')
    before.load()
  }
  useTakePlayer.setState({ queue: [] })
}

/** On to the following take, with what was heard behind. */
export function skipTake(): void {
  const [, ...rest] = useTakePlayer.getState().queue
  playTakes(rest)
}

function next(): void {
  const [itemId] = useTakePlayer.getState().queue
  if (itemId === undefined) return stopTakes()
  const element = new Audio(fileUrl('pcm', itemId))
  media = element
  const over = (): void => {
    if (media === element) skipTake()
  }
  element.addEventListener('ended', over)
  // A sound that cannot be opened must not hold up the others.
  element.addEventListener('error', over)
  void element.play().catch(() => undefined)
}
