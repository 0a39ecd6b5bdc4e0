import type { Edl } from '#common/edl/index.ts'
import { edlLength } from '#common/edl/index.ts'
import { RATE_HZ } from '#common/units/samples.ts'

/** Chapters and tags in the text form that ffmpeg reads (`ffmetadata`). A chapter lasts to the next one. */
export function ffmetadata(edl: Edl): string {
  const points = edl.markers.filter((marker) => marker.at < edlLength(edl))
  const chapters = points.map((marker, n) => {
    const end = points[n + 1]?.at ?? edlLength(edl)
    return `[CHAPTER]\nTIMEBASE=1/${RATE_HZ}\nSTART=${marker.at}\nEND=${Math.max(marker.at + 1, end)}\ntitle=${escaped(marker.label)}\n`
  })
  return `;FFMETADATA1\n${chapters.join('')}`
}

/** `=`, `;`, `#`, `\` and line ends carry meaning in that form. */
const escaped = (text: string): string => text.replace(/[\r\n]+/g, ' ').replace(/[=;#\\]/g, '\\$&')
