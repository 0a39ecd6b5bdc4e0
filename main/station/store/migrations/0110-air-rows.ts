import type { Migration } from '../migrate.ts'

/** As-run in depth: five times, what began and ended a row and why, who pressed the key, what it measured. Rows stay append-only. */
export const airRows: Migration = {
  id: 110,
  name: 'air-rows',
  up(db) {
    db.exec(`
      ALTER TABLE as_run ADD COLUMN rev INTEGER;
      ALTER TABLE as_run ADD COLUMN placement_id TEXT;
      ALTER TABLE as_run ADD COLUMN fill TEXT;
      ALTER TABLE as_run ADD COLUMN wall INTEGER;
      ALTER TABLE as_run ADD COLUMN imported_at INTEGER;
      ALTER TABLE as_run ADD COLUMN initial_at INTEGER;
      ALTER TABLE as_run ADD COLUMN predicted_at INTEGER;
      ALTER TABLE as_run ADD COLUMN play_source TEXT NOT NULL DEFAULT 'log';
      ALTER TABLE as_run ADD COLUMN edit_code TEXT NOT NULL DEFAULT 'none';
      ALTER TABLE as_run ADD COLUMN reason TEXT;
      ALTER TABLE as_run ADD COLUMN priority INTEGER NOT NULL DEFAULT 3;
      ALTER TABLE as_run ADD COLUMN on_air INTEGER NOT NULL DEFAULT 1;
      ALTER TABLE as_run ADD COLUMN ratio REAL NOT NULL DEFAULT 1;
      ALTER TABLE as_run ADD COLUMN started_by TEXT;
      CREATE INDEX as_run_by_line ON as_run (line_id) WHERE line_id IS NOT NULL;

      ALTER TABLE as_run_ends ADD COLUMN wall INTEGER;
      ALTER TABLE as_run_ends ADD COLUMN edit_code TEXT;
      ALTER TABLE as_run_ends ADD COLUMN ended_by TEXT;
      ALTER TABLE as_run_ends ADD COLUMN integrated_lufs REAL;
      ALTER TABLE as_run_ends ADD COLUMN silence_ms INTEGER;
    `)
  },
}
