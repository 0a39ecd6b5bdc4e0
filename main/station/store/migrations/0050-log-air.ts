import type { Migration } from '../migrate.ts'

/** Broadcast days and their lines; what was really on air (append-only, in two steps: started, ended). */
export const logAir: Migration = {
  id: 50,
  name: 'log-air',
  up(db) {
    db.exec(`
      CREATE TABLE log_days (
        broadcast_date TEXT PRIMARY KEY,
        zone TEXT NOT NULL,
        starts_at INTEGER NOT NULL,
        ends_at INTEGER NOT NULL CHECK (ends_at > starts_at),
        rev INTEGER NOT NULL
      ) STRICT;

      CREATE TABLE log_lines (
        id TEXT PRIMARY KEY,
        broadcast_date TEXT NOT NULL REFERENCES log_days (broadcast_date),
        order_key TEXT NOT NULL,
        item_id TEXT NOT NULL,
        title TEXT NOT NULL,
        length_samples INTEGER NOT NULL,
        hard_at INTEGER,
        target_unit_ids TEXT NOT NULL,
        rev INTEGER NOT NULL,
        created_at INTEGER NOT NULL,
        created_by TEXT NOT NULL,
        removed_at INTEGER
      ) STRICT;
      CREATE UNIQUE INDEX log_lines_order ON log_lines (broadcast_date, order_key);
      CREATE INDEX log_lines_by_item ON log_lines (item_id) WHERE removed_at IS NULL;

      CREATE TABLE as_run (
        id TEXT PRIMARY KEY,
        line_id TEXT,
        item_id TEXT,
        broadcast_date TEXT NOT NULL,
        title TEXT NOT NULL,
        sha256 TEXT,
        bus TEXT NOT NULL,
        planned_at INTEGER,
        actual_at INTEGER NOT NULL,
        start_error_us INTEGER,
        start_source TEXT NOT NULL,
        joined_at_sample INTEGER NOT NULL
      ) STRICT;
      CREATE INDEX as_run_by_time ON as_run (actual_at);
      CREATE INDEX as_run_by_date ON as_run (broadcast_date);

      CREATE TABLE as_run_ends (
        row_id TEXT PRIMARY KEY REFERENCES as_run (id),
        ended_at INTEGER NOT NULL,
        played_samples INTEGER NOT NULL,
        stop_reason TEXT NOT NULL,
        consumed_samples INTEGER
      ) STRICT;

      CREATE TRIGGER as_run_no_update BEFORE UPDATE ON as_run BEGIN SELECT RAISE(ABORT, 'as-run rows are append-only'); END;
      CREATE TRIGGER as_run_no_delete BEFORE DELETE ON as_run BEGIN SELECT RAISE(ABORT, 'as-run rows are append-only'); END;
      CREATE TRIGGER as_run_ends_no_update BEFORE UPDATE ON as_run_ends BEGIN SELECT RAISE(ABORT, 'as-run rows are append-only'); END;
      CREATE TRIGGER as_run_ends_no_delete BEFORE DELETE ON as_run_ends BEGIN SELECT RAISE(ABORT, 'as-run rows are append-only'); END;
    `)
  },
}
