import { create } from 'zustand'
import { z } from 'zod'
import type { RecordedTake } from '#contract/recorder.ts'
import { isOpen } from '#common/take/index.ts'
import { call } from '../../app/station-client/index.ts'
import { useRecorderStore } from './recorder-store.ts'

export const MOST_SCRIPT_CHARS = 200_000
const MOST_NOTE_CHARS = 4_000
const MOST_KEPT = 20
const Kept = z.array(z.object({ takeId: z.string(), title: z.string(), text: z.string(), noted: z.boolean() }))
const TEXT_KEY = 'recorder.script'
const KEPT_KEY = 'recorder.scripts'

/** The text on the prompter, and what was read with the last takes. Survives a crash of the window. */
export const useScript = create<{ readonly text: string }>(() => ({ text: localStorage.getItem(TEXT_KEY) ?? '' }))

export function setScript(text: string): void {
  const kept = text.slice(0, MOST_SCRIPT_CHARS)
  useScript.setState({ text: kept })
  localStorage.setItem(TEXT_KEY, kept)
}

function kept(): z.infer<typeof Kept> {
  const read = Kept.safeParse(JSON.parse(localStorage.getItem(KEPT_KEY) ?? '[]'))
  return read.success ? read.data : []
}
const keep = (scripts: z.infer<typeof Kept>): void => localStorage.setItem(KEPT_KEY, JSON.stringify(scripts.slice(0, MOST_KEPT)))

export const scriptOf = (takeId: string): string | null => kept().find((script) => script.takeId === takeId)?.text ?? null

/** The script of a take is kept under its title, and becomes the note of its item: whoever edits the recording has the words before them. */
useRecorderStore.subscribe((now, before) => {
  const { take } = now
  if (take === null) return
  const { text } = useScript.getState()
  if (isOpen(now.model) && take.id !== before.take?.id && take.part === 1 && text.trim() !== '') keep([{ takeId: take.id, title: take.title, text, noted: false }, ...kept().filter((script) => script.takeId !== take.id)])
  if (take.itemId !== null && before.take?.itemId !== take.itemId) void note(take).catch(() => undefined)
})

async function note(take: RecordedTake): Promise<void> {
  const scripts = kept()
  const script = scripts.find((one) => one.takeId === take.groupId || one.takeId === take.id)
  if (script === undefined || script.noted || take.itemId === null) return
  const item = await call('library.get', { itemId: take.itemId })
  if (item.note.trim() === '') await call('library.update', { itemId: item.id, rev: item.rev, note: script.text.slice(0, MOST_NOTE_CHARS) })
  keep(scripts.map((one) => (one === script ? { ...one, title: take.title, noted: true } : one)))
}

/** UTF-8, else what old Vietnamese editors write: UTF-16 with its mark, or windows-1258. */
export function decodeText(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes)
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder('windows-1258').decode(bytes).normalize('NFC')
  }
}

/** Pixels a second so that `words` of a text of this height pass at `pace` words a minute. */
export function scrollSpeed(heightPx: number, words: number, pace: number): number {
  return words === 0 ? 0 : (heightPx / words) * (pace / 60)
}
export const wordsOf = (text: string): number => text.split(/\s+/).filter((word) => word !== '').length
