import { z } from 'zod'
import type { AlertLetter, LiveLetter, Primitives, Verdict } from '#common/letters/index.ts'
import type { Flash } from './flash.ts'

type Kept = { readonly letter: LiveLetter | AlertLetter; readonly rank: number; readonly takeover: readonly string[] }

/** Accepted letters whose lease runs, in flash: after a power cut the radio goes on even when no broker repeats them. */
export interface RunningLetters {
  keep(subject: string, letter: LiveLetter | AlertLetter, verdict: Pick<Verdict, 'rank' | 'takeover'>): void
  /** Forgets what has ended. */
  prune(running: readonly string[], nowMs: number): void
  load(nowMs: number): Kept[]
}

const Saved = z.record(z.string(), z.object({ letter: z.unknown(), rank: z.number(), takeover: z.array(z.string()) }))

export function openRunningLetters(flash: Flash, primitives: Primitives): RunningLetters {
  const kept = new Map<string, Kept>()
  const parsed = Saved.safeParse(flash.read('running.json'))
  for (const [subject, { letter, rank, takeover }] of Object.entries(parsed.success ? parsed.data : {})) if (isRunning(letter, primitives)) kept.set(subject, { letter, rank, takeover })
  const save = (): void => flash.write('running.json', Object.fromEntries(kept))
  return {
    keep(subject, letter, { rank, takeover }) {
      if (letter.state === 'stop') kept.delete(subject)
      else kept.set(subject, { letter, rank, takeover })
      save()
    },
    prune(running, nowMs) {
      let changed = false
      for (const [subject, { letter }] of kept) {
        if (running.includes(subject) && letter.exp * 1000 + 1000 >= nowMs) continue
        kept.delete(subject)
        changed = true
      }
      if (changed) save()
    },
    load: (nowMs) => [...kept.values()].filter(({ letter }) => letter.exp * 1000 > nowMs),
  }
}

function isRunning(value: unknown, primitives: Primitives): value is LiveLetter | AlertLetter {
  if (typeof value !== 'object' || value === null || !('typ' in value)) return false
  return (value.typ === 'live' && primitives.validate('live', value)) || (value.typ === 'alert' && primitives.validate('alert', value))
}
