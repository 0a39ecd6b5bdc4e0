/** Two sounds of the same length and loudness that run together; one of them is heard. Changing sides loses no time. */
export class AbPlayer {
  private readonly sides: { readonly before: HTMLAudioElement; readonly after: HTMLAudioElement }
  private side: 'before' | 'after' = 'after'

  constructor(urls: { before: string; after: string }, events: { playing: (isPlaying: boolean) => void; failed: () => void }) {
    const open = (url: string): HTMLAudioElement => {
      const audio = new Audio(url)
      audio.loop = true
      audio.preload = 'auto'
      audio.onerror = events.failed
      return audio
    }
    this.sides = { before: open(urls.before), after: open(urls.after) }
    this.sides.after.onplay = () => events.playing(true)
    this.sides.after.onpause = () => events.playing(false)
    this.hear('after')
  }

  get isPlaying(): boolean {
    return !this.sides.after.paused
  }
  get seconds(): number {
    return this.sides.after.currentTime
  }

  async play(from = 0): Promise<void> {
    this.sides.before.currentTime = from
    this.sides.after.currentTime = from
    await Promise.all([this.sides.before.play(), this.sides.after.play()])
  }
  pause(): void {
    this.sides.before.pause()
    this.sides.after.pause()
  }

  hear(side: 'before' | 'after'): void {
    this.side = side
    this.sides.before.muted = side !== 'before'
    this.sides.after.muted = side !== 'after'
    // They may have drifted by a few milliseconds since they were started.
    const [heard, other] = side === 'before' ? [this.sides.before, this.sides.after] : [this.sides.after, this.sides.before]
    if (Math.abs(heard.currentTime - other.currentTime) > 0.03) heard.currentTime = other.currentTime
  }
  get heard(): 'before' | 'after' {
    return this.side
  }

  close(): void {
    this.pause()
    for (const audio of [this.sides.before, this.sides.after]) {
      audio.onerror = null
      audio.onplay = null
      audio.onpause = null
      audio.removeAttribute('src')
      audio.load()
    }
  }
}
