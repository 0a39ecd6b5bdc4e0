import { z } from 'zod'
import type { Online, Reported, Telemetry } from '#common/letters/index.ts'
import { parseReport } from '#contract/bs1-schema.ts'
import type { StationContext } from '../../context.ts'
import { rowReader } from '../../store/rows.ts'

const Row = z.object({
  id: z.string(), kind: z.enum(['radio', 'screen', 'gateway']), name: z.string(), unit_id: z.string(), mode: z.enum(['silent', 'active', 'disabled']), volume_pct: z.number(), rev: z.number(), simulated: z.number(),
  spki_sha256: z.string(), cert_serial: z.string().nullable(), secret_sha256: z.string().nullable(), fw: z.string(), hw: z.string(), paired_at: z.number(), revoked_at: z.number().nullable(), last_seen_at: z.number().nullable(),
  online: z.string().nullable(), reported: z.string().nullable(), tele: z.string().nullable(), desired_rev: z.number(), desired_cfg: z.string().nullable(), desired_until: z.number(),
}).transform((row) => ({
  id: row.id, kind: row.kind, name: row.name, unitId: row.unit_id, mode: row.mode, volumePct: row.volume_pct, rev: row.rev, simulated: row.simulated === 1,
  spkiSha256: row.spki_sha256, certSerial: row.cert_serial, secretSha256: row.secret_sha256, fw: row.fw, hw: row.hw, pairedAt: row.paired_at, revokedAt: row.revoked_at, lastSeenAt: row.last_seen_at,
  online: parsed('online', row.online), reported: parsed('reported', row.reported), tele: parsed('tele', row.tele), desiredRev: row.desired_rev, desiredCfg: row.desired_cfg, desiredUntil: row.desired_until,
}))
export type DeviceRow = z.output<typeof Row>

function parsed(kind: 'online', text: string | null): Online | null
function parsed(kind: 'reported', text: string | null): Reported | null
function parsed(kind: 'tele', text: string | null): Telemetry | null
function parsed(kind: 'online' | 'reported' | 'tele', text: string | null): Online | Reported | Telemetry | null {
  return text === null ? null : parseReport(kind, text)
}

export interface NewDevice { readonly id: string; readonly name: string; readonly unitId: string; readonly spkiSha256: string; readonly certSerial: string; readonly secretSha256: string | null; readonly fw: string; readonly hw: string }
export type ReportKind = 'ack' | 'evt' | 'online'
const HISTORY_PER_DEVICE = 2000

/** Rows of the device tables. */
export class DeviceRows {
  readonly #ctx: Pick<StationContext, 'db' | 'clock' | 'notices'>

  constructor(ctx: Pick<StationContext, 'db' | 'clock' | 'notices'>) {
    this.#ctx = ctx
  }

  all(): DeviceRow[] {
    const rows = this.#ctx.db.prepare('SELECT * FROM devices ORDER BY id').all()
    return rowReader(this.#ctx, 'devices').all(Row, rows, (row) => (typeof row === 'object' && row !== null && 'id' in row ? String(row.id) : ''))
  }

  /** A paired device; pairing it again gives it a new key and keeps its history. */
  enrol(device: NewDevice): void {
    const kind = device.id.startsWith('SCR-') ? 'screen' : device.id.startsWith('GTW-') ? 'gateway' : 'radio'
    this.#ctx.db.prepare(`INSERT INTO devices (id, kind, name, unit_id, mode, volume_pct, rev, simulated, spki_sha256, cert_serial, secret_sha256, fw, hw, paired_at)
      VALUES (@id, @kind, @name, @unitId, 'silent', 70, 1, 0, @spkiSha256, @certSerial, @secretSha256, @fw, @hw, @now)
      ON CONFLICT (id) DO UPDATE SET name = excluded.name, unit_id = excluded.unit_id, mode = 'silent', rev = rev + 1, spki_sha256 = excluded.spki_sha256, cert_serial = excluded.cert_serial,
        secret_sha256 = excluded.secret_sha256, fw = excluded.fw, hw = excluded.hw, paired_at = excluded.paired_at, revoked_at = NULL, online = NULL, reported = NULL, tele = NULL, last_seen_at = NULL, desired_cfg = NULL`)
      .run({ ...device, kind, now: Math.floor(this.#ctx.clock.now()) })
  }

  update(id: string, change: { name: string; unitId: string; mode: DeviceRow['mode']; volumePct: number }): void {
    this.#ctx.db.prepare('UPDATE devices SET name = ?, unit_id = ?, mode = ?, volume_pct = ?, rev = rev + 1 WHERE id = ?').run(change.name, change.unitId, change.mode, change.volumePct, id)
  }

  revoke(id: string): void {
    this.#ctx.db.prepare('UPDATE devices SET revoked_at = ?, rev = rev + 1 WHERE id = ?').run(Math.floor(this.#ctx.clock.now()), id)
  }

  saveDesired(id: string, rev: number, cfg: string, until: number): void {
    this.#ctx.db.prepare('UPDATE devices SET desired_rev = ?, desired_cfg = ?, desired_until = ? WHERE id = ?').run(rev, cfg, until, id)
  }

  saveSeen(id: string, facts: { lastSeenAt: number | null; online: Online | null; reported: Reported | null; tele: Telemetry | null; fw: string; hw: string; simulated: boolean }): void {
    const text = (value: object | null): string | null => (value === null ? null : JSON.stringify(value))
    this.#ctx.db.prepare('UPDATE devices SET last_seen_at = ?, online = ?, reported = ?, tele = ?, fw = ?, hw = ?, simulated = ? WHERE id = ?')
      .run(facts.lastSeenAt, text(facts.online), text(facts.reported), text(facts.tele), facts.fw, facts.hw, facts.simulated ? 1 : 0, id)
  }

  /** False when this report was already kept (a device repeats what was not confirmed). */
  addReport(deviceId: string, report: { at: number; kind: ReportKind; summary: string; code: string | null; reportId: string | null }): boolean {
    const { changes, lastInsertRowid } = this.#ctx.db.prepare('INSERT OR IGNORE INTO device_reports (device_id, at, kind, summary, code, report_id) VALUES (?, ?, ?, ?, ?, ?)')
      .run(deviceId, report.at, report.kind, report.summary, report.code, report.reportId)
    if (changes === 0) return false
    if (Number(lastInsertRowid) % 100 === 0) {
      this.#ctx.db.prepare('DELETE FROM device_reports WHERE device_id = ? AND seq <= (SELECT seq FROM device_reports WHERE device_id = ? ORDER BY seq DESC LIMIT 1 OFFSET ?)').run(deviceId, deviceId, HISTORY_PER_DEVICE)
    }
    return true
  }

  reports(deviceId: string, limit: number): { at: number; kind: ReportKind; summary: string; code: string | null }[] {
    return z.array(z.object({ at: z.number(), kind: z.enum(['ack', 'evt', 'online']), summary: z.string(), code: z.string().nullable() }))
      .parse(this.#ctx.db.prepare('SELECT at, kind, summary, code FROM device_reports WHERE device_id = ? ORDER BY seq DESC LIMIT ?').all(deviceId, limit))
  }
}
