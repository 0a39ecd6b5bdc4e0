import { useRecorderStore } from './recorder-store.ts'

let timer: ReturnType<typeof setTimeout> | null = null

/** 3 – 2 – 1 – then `begin`. A second call while it counts stops it. */
export function countIn(seconds: number, begin: () => void): void {
  if (timer !== null) return stopCount()
  const tick = (left: number): void => {
    if (left === 0) {
      stopCount()
      return begin()
    }
    useRecorderStore.setState({ count: left })
    timer = setTimeout(() => tick(left - 1), 1_000)
  }
  tick(seconds)
}

export function stopCount(): void {
  if (timer !== null) clearTimeout(timer)
  timer = null
  useRecorderStore.setState({ count: null })
}

export const isCounting = (): boolean => timer !== null
