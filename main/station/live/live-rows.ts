import { z } from 'zod'
import { DeviceProgress } from '#contract/devices.ts'
import type { LiveSession } from '#contract/devices.ts'
import type { StationContext } from '../context.ts'
import { rowReader } from '../store/rows.ts'

const Row = z.object({ sid: z.string(), title: z.string(), prio: z.number(), started_at: z.number().nullable(), ended_at: z.number().nullable(), devices: z.string().transform((text) => z.array(DeviceProgress).parse(JSON.parse(text))), person: z.string() })

export class LiveRows {
  readonly #ctx: Pick<StationContext, 'db' | 'clock' | 'notices'>

  constructor(ctx: Pick<StationContext, 'db' | 'clock' | 'notices'>) {
    this.#ctx = ctx
  }

  save(session: LiveSession): void {
    this.#ctx.db.prepare(`INSERT INTO live_sessions (sid, title, prio, state, started_at, ended_at, prepared_at, aud, devices, person) VALUES (?, ?, ?, ?, ?, ?, ?, '[]', ?, ?)
      ON CONFLICT (sid) DO UPDATE SET state = excluded.state, started_at = excluded.started_at, ended_at = excluded.ended_at, devices = excluded.devices`)
      .run(session.sid, session.title, session.prio, session.state, session.startedAt, session.endedAt, Math.floor(this.#ctx.clock.now()), JSON.stringify(session.devices), session.by)
  }

  endAll(at: number): void {
    this.#ctx.db.prepare("UPDATE live_sessions SET state = 'ended', ended_at = coalesce(ended_at, ?) WHERE state <> 'ended'").run(at)
  }

  ended(limit: number): LiveSession[] {
    const rows = this.#ctx.db.prepare("SELECT sid, title, prio, started_at, ended_at, devices, person FROM live_sessions WHERE state = 'ended' ORDER BY prepared_at DESC LIMIT ?").all(limit)
    return rowReader(this.#ctx, 'live_sessions').all(Row, rows, (row) => (typeof row === 'object' && row !== null && 'sid' in row ? String(row.sid) : '')).map((row) => ({
      sid: row.sid, title: row.title, state: 'ended', prio: row.prio, startedAt: row.started_at, endedAt: row.ended_at, handle: 0, online: row.devices.length,
      ready: 0, sounding: row.devices.filter((device) => device.step === 'sounding' || device.step === 'done').length, devices: row.devices, by: row.person,
    }))
  }
}
