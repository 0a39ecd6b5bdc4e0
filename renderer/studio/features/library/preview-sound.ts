import { RATE_HZ } from '#common/units/samples.ts'

export interface PreviewSound {
  readonly media: HTMLAudioElement
  /** What is applied at play, as on the air. */
  setGain(decibels: number): void
  close(): void
}

/** A media element that is heard as the air would play it: with the item's own gain. The sound card is opened with the first play. */
export function openPreviewSound(gainDb: number): PreviewSound {
  const media = new Audio()
  // Else the browser gives silence to the gain: the station is another origin.
  media.crossOrigin = 'anonymous'
  media.preload = 'metadata'
  let graph: { context: AudioContext; gain: GainNode } | null = null
  let decibels = gainDb
  const open = (): void => {
    if (graph === null) {
      const context = new AudioContext({ sampleRate: RATE_HZ })
      const gain = context.createGain()
      gain.gain.value = linear(decibels)
      context.createMediaElementSource(media).connect(gain).connect(context.destination)
      graph = { context, gain }
    }
    void graph.context.resume()
  }
  media.addEventListener('play', open)
  return {
    media,
    setGain(next) {
      decibels = next
      if (graph !== null) graph.gain.gain.value = linear(next)
    },
    close() {
      media.removeEventListener('play', open)
      media.pause()
      media.removeAttribute('src')
      media.load()
      void graph?.context.close()
    },
  }
}

const linear = (decibels: number): number => 10 ** (decibels / 20)
