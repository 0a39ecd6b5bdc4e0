import { z } from 'zod'
import { DeviceProgress } from '#contract/devices.ts'
import type { Alert } from '#contract/devices.ts'
import type { StationContext } from '../context.ts'
import { rowReader } from '../store/rows.ts'
import type { AlertMemory } from './alert-run.ts'

const json = (text: string): unknown => JSON.parse(text)
const Row = z.object({
  aid: z.string(), title: z.string(), hazard: z.string(), risk: z.number(), siren: z.string(), message_item_id: z.string().nullable(), state: z.enum(['running', 'ended']), drill: z.number(), prio: z.number(),
  started_at: z.number(), ended_at: z.number().nullable(), lease_until: z.number(), aud: z.string().transform((text) => z.array(z.string()).parse(json(text))),
  devices: z.string().transform((text) => z.array(DeviceProgress).parse(json(text))), claims: z.string().transform((text) => z.record(z.string(), z.unknown()).parse(json(text))), person: z.string(),
})
export interface SavedAlert { readonly alert: Alert; readonly memory: AlertMemory }

export class AlertRows {
  readonly #ctx: Pick<StationContext, 'db' | 'clock' | 'notices'>

  constructor(ctx: Pick<StationContext, 'db' | 'clock' | 'notices'>) {
    this.#ctx = ctx
  }

  save(alert: Alert, memory: AlertMemory): void {
    this.#ctx.db.prepare(`INSERT INTO alerts (aid, title, hazard, risk, siren, message_item_id, state, drill, prio, started_at, ended_at, lease_until, aud, devices, claims, person) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (aid) DO UPDATE SET state = excluded.state, ended_at = excluded.ended_at, lease_until = excluded.lease_until, devices = excluded.devices`)
      .run(alert.aid, alert.title, alert.hazard, alert.risk, alert.siren, alert.messageItemId, alert.state, alert.drill ? 1 : 0, alert.prio, alert.startedAt, alert.endedAt, memory.leaseUntil, JSON.stringify(memory.aud), JSON.stringify(alert.devices), JSON.stringify(memory.claims), alert.by)
  }

  running(): SavedAlert[] {
    return this.#read("state = 'running' ORDER BY started_at", 100)
  }

  ended(limit: number): Alert[] {
    return this.#read("state = 'ended' ORDER BY started_at DESC", limit).map(({ alert }) => alert)
  }

  #read(where: string, limit: number): SavedAlert[] {
    const rows = this.#ctx.db.prepare(`SELECT * FROM alerts WHERE ${where} LIMIT ?`).all(limit)
    return rowReader(this.#ctx, 'alerts').all(Row, rows, (row) => (typeof row === 'object' && row !== null && 'aid' in row ? String(row.aid) : '')).map((row) => ({
      alert: {
        aid: row.aid, title: row.title, hazard: row.hazard, risk: row.risk, siren: row.siren, messageItemId: row.message_item_id, state: row.state, drill: row.drill === 1, prio: row.prio, startedAt: row.started_at, endedAt: row.ended_at,
        online: row.devices.length, sounding: row.devices.filter((device) => device.step === 'sounding' || device.step === 'done').length, devices: row.devices, by: row.person,
      },
      memory: { claims: row.claims, aud: row.aud, leaseUntil: row.lease_until },
    }))
  }
}
