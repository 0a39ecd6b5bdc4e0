import type Database from 'better-sqlite3'
import { z } from 'zod'
import { AppError } from '#contract/errors.ts'
import { parseBy } from '#contract/parsing.ts'
import { Settings } from '#contract/station.ts'
import type { Clock, EventBus, Notices, SettingsStore } from '../context.ts'
import { rowReader } from '../store/rows.ts'

const defaults: Settings = {
  stationName: 'VangXa Studio', zone: 'Asia/Ho_Chi_Minh', targetLufs: -16, ceilingDbtp: -1, watchFolder: null, ffmpegPath: null, broker: { kind: 'embedded' }, bindAddress: '127.0.0.1', publicHost: null,
  air: { buses: [{ id: 'main', name: 'Chương trình chính', unitIds: [] }], resume: 'catchUp', timeServers: [] },
}

const Row = z.object({ content: z.string() })
const Content = z.string().transform((text, context) => {
  try {
    return z.record(z.string(), z.unknown()).parse(JSON.parse(text))
  } catch (error) {
    context.addIssue({ code: 'custom', message: String(error) })
    return z.NEVER
  }
})

function isZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).format(0) !== ''
  } catch {
    // Intl has no other way to say that it does not know a zone.
    return false
  }
}

/** The stored values that still make sense, one by one; a single bad value does not take the others with it. */
function readable(stored: Record<string, unknown>): { settings: Settings; bad: string[] } {
  const bad: string[] = []
  let settings = defaults
  for (const key of Object.keys(defaults)) {
    if (!(key in stored)) continue
    const attempt = Settings.safeParse({ ...settings, [key]: stored[key] })
    if (attempt.success && isZone(attempt.data.zone)) settings = attempt.data
    else bad.push(key)
  }
  return { settings, bad }
}

/** One JSON row. Unknown keys of a newer version are kept; missing ones get their defaults. */
export function openSettings(options: { db: Database.Database; clock: Clock; events: EventBus; notices: Notices }): SettingsStore {
  const { db, clock, events, notices } = options
  const select = db.prepare('SELECT content FROM settings WHERE id = 1')
  const save = db.prepare('INSERT INTO settings (id, content, updated_at) VALUES (1, ?, ?) ON CONFLICT (id) DO UPDATE SET content = excluded.content, updated_at = excluded.updated_at')
  const rows = rowReader({ db, clock, notices }, 'settings')

  const row = rows.one(Row.optional(), select.get(), '1')
  let stored = row === null || row === undefined ? {} : (rows.one(Content, row.content, '1') ?? {})
  const start = readable(stored)
  let current = start.settings
  for (const key of start.bad) rows.one(z.never(), { key, value: stored[key] }, key)

  return {
    get: () => current,
    update(change) {
      const next = parseBy(Settings, { ...current, ...change })
      if (!isZone(next.zone)) throw new AppError('invalid-input', { data: { field: 'zone' } })
      const content = { ...stored, ...next }
      save.run(JSON.stringify(content), Math.floor(clock.now()))
      stored = content
      current = next
      events.emit('settings.changed', current)
      return current
    },
  }
}
