import { create } from 'zustand'
import { z } from 'zod'
import type { RecordedTake } from '#contract/recorder.ts'
import { isOpen } from '#common/take/index.ts'
import { call, connection } from '../../app/station-client/index.ts'
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

export const scriptOf = (groupId: string): string | null => kept().find((script) => script.takeId === groupId)?.text ?? null

/** The script of a take is kept under its title, and becomes the note of its item: whoever edits the recording has the words before them. */
useRecorderStore.subscribe((now, before) => {
  const { take } = now
  const { text } = useScript.getState()
  if (take === null || !isOpen(now.model) || isOpen(before.model) || text.trim() === '') return
  keep([{ takeId: take.groupId, title: take.title, text, noted: false }, ...kept().filter((script) => script.takeId !== take.groupId)])
})
connection.on('recorder.changed', (take) => {
  if (take.itemId !== null && take.part === 1) void note(take).catch(() => undefined)
})

async function note(take: RecordedTake): Promise<void> {
  const scripts = kept()
  const script = scripts.find((one) => one.takeId === take.groupId)
  if (script === undefined || script.noted || take.itemId === null) return
  const item = await call('library.get', { itemId: take.itemId })
  if (item.note.trim() === '') await call('library.update', { itemId: item.id, rev: item.rev, note: script.text.slice(0, MOST_NOTE_CHARS) })
  keep(kept().map((one) => (one.takeId === script.takeId ? { ...one, title: take.title, noted: true } : one)))
}
