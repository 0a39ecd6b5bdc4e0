import { RATE_HZ, samples } from '../units/samples.ts'
import { linesOf, oneLine } from './marks.ts'
import type { ExchangeClip, ExchangeTimeline, TimelineRefusal } from './timeline.ts'

/**
 * CMX 3600 edit decision list at 25 frames per second, cuts only: the oldest form that every video desk reads. A frame is 1 920 samples, so edits
 * move by up to half a frame; who needs the sample takes OTIO. One list holds one lane.
 */
export const CMX_FRAME_SAMPLES = RATE_HZ / 25

export function formatCmx3600(timeline: ExchangeTimeline, lane = 0): string {
  const clips = timeline.lanes[lane]?.clips ?? []
  const events = clips.map((clip, n) => {
    const from = Math.round(clip.offset / CMX_FRAME_SAMPLES)
    const at = Math.round(clip.start / CMX_FRAME_SAMPLES)
    const length = Math.max(1, Math.round((clip.start + clip.length) / CMX_FRAME_SAMPLES) - at)
    const times = [from, from + length, at, at + length].map(frameCode).join(' ')
    return `${String(n + 1).padStart(3, '0')}  AX       A     C        ${times}\r\n* FROM CLIP NAME: ${oneLine(clip.sound.name)}\r\n`
  })
  return `TITLE: ${oneLine(timeline.title)}\r\nFCM: NON-DROP FRAME\r\n\r\n${events.join('\r\n')}`
}

function frameCode(frames: number): string {
  const two = (value: number): string => String(Math.floor(value)).padStart(2, '0')
  return `${two(frames / 90_000)}:${two((frames / 1_500) % 60)}:${two((frames / 25) % 60)}:${two(frames % 25)}`
}

const EVENT = /^(\d{1,6})\s+(\S+)\s+(\S+)\s+(\S+)(?:\s+(\d+))?\s+(\d\d:\d\d:\d\d[:;]\d\d)\s+(\d\d:\d\d:\d\d[:;]\d\d)\s+(\d\d:\d\d:\d\d[:;]\d\d)\s+(\d\d:\d\d:\d\d[:;]\d\d)\s*$/

export function parseCmx3600(text: string): ExchangeTimeline | TimelineRefusal {
  let title = ''
  const clips: ExchangeClip[] = []
  let isList = false
  for (const [n, line] of linesOf(text).entries()) {
    const words = line.trim()
    if (words.startsWith('TITLE:')) {
      title = oneLine(words.slice(6))
      isList = true
    }
    const name = /^\*\s*FROM CLIP NAME:\s*(.+)$/i.exec(words)?.[1]
    const last = clips.at(-1)
    if (name !== undefined && last !== undefined) clips[clips.length - 1] = { ...last, sound: { ...last.sound, name: oneLine(name) } }
    if (!/^\d{1,6}\s/.test(words)) continue
    const event = EVENT.exec(words)
    if (event === null) return { refused: 'bad-line', line: n + 1 }
    isList = true
    const [from, to, at, end] = event.slice(6, 10).map(framesOf)
    if (from === undefined || to === undefined || at === undefined || end === undefined || to < from || end - at !== to - from) return { refused: 'bad-line', line: n + 1 }
    // A list may begin with a black leader of no length.
    if (to === from) continue
    const none = { length: samples(0), shape: 'linear' } as const
    clips.push({
      sound: { itemId: null, sha256: null, name: event[2] ?? '' }, start: samples(at * CMX_FRAME_SAMPLES), offset: samples(from * CMX_FRAME_SAMPLES), length: samples((to - from) * CMX_FRAME_SAMPLES),
      gainDb: 0, fadeIn: none, fadeOut: none, envelope: [],
    })
  }
  if (!isList) return { refused: 'not-this-format', line: 1 }
  if (clips.length === 0) return { refused: 'empty', line: 1 }
  return { title, lanes: [{ name: '', clips }], marks: [] }
}

function framesOf(code: string): number {
  const [hours = 0, minutes = 0, seconds = 0, frames = 0] = code.split(/[:;]/).map(Number)
  return ((hours * 60 + minutes) * 60 + seconds) * 25 + frames
}
