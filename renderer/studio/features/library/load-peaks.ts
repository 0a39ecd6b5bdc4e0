import { channelPeaks, decodePeaks, halve } from '#common/peaks/index.ts'
import { AppError } from '#contract/errors.ts'
import { fileUrl } from '../../app/station-client/index.ts'

/** Enough for a preview on the widest screen with a few steps of zoom; at 3 hours one point is then 83 ms. */
export const PREVIEW_POINTS = 131_072

export interface PreviewPeaks {
  /** Highest and lowest outline of all channels together: the two halves of the drawn wave. */
  readonly outlines: [Float32Array, Float32Array]
  readonly points: number
}

const nextFrame = () => new Promise<void>((resolve) => {
  setTimeout(resolve)
})

/** Reads the peaks file and coarsens it one level at a time, so that three hours never hold the window. */
export async function loadPreviewPeaks(itemId: string, signal: AbortSignal): Promise<PreviewPeaks> {
  const response = await fetch(fileUrl('peaks', itemId), { signal })
  if (!response.ok) throw new AppError('file-missing')
  let level = decodePeaks(new Uint8Array(await response.arrayBuffer()))
  if (level === null) throw new AppError('file-unreadable')
  while (level.length > PREVIEW_POINTS) {
    await nextFrame()
    signal.throwIfAborted()
    level = halve(level)
  }
  const high = new Float32Array(level.length)
  const low = new Float32Array(level.length)
  for (let channel = 0; channel < level.channels; channel++) {
    const pairs = channelPeaks(level, channel)
    for (let point = 0; point < level.length; point++) {
      low[point] = Math.min(low[point] ?? 0, pairs[point * 2] ?? 0)
      high[point] = Math.max(high[point] ?? 0, pairs[point * 2 + 1] ?? 0)
    }
  }
  return { outlines: [high, low], points: level.length }
}
