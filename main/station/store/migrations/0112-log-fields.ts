import type { Migration } from '../migrate.ts'

/** Lines with every kind of timing, slots of a day, publication, who holds what, and steps that can be undone. */
export const logFields: Migration = {
  id: 112,
  name: 'log-fields',
  up(db) {
    db.exec(`
      ALTER TABLE log_days ADD COLUMN state TEXT NOT NULL DEFAULT 'draft';
      ALTER TABLE log_days ADD COLUMN published_at INTEGER;
      ALTER TABLE log_days ADD COLUMN published_by TEXT;
      ALTER TABLE log_days ADD COLUMN owner_id TEXT;
      ALTER TABLE log_days ADD COLUMN owner_name TEXT;
      ALTER TABLE log_days ADD COLUMN owner_since INTEGER;

      CREATE TABLE log_slots (
        id TEXT PRIMARY KEY,
        broadcast_date TEXT NOT NULL REFERENCES log_days (broadcast_date),
        title TEXT NOT NULL,
        start_at INTEGER NOT NULL,
        end_at INTEGER NOT NULL CHECK (end_at > start_at),
        on_overrun TEXT NOT NULL,
        max_overrun_ms INTEGER NOT NULL,
        on_underrun TEXT NOT NULL,
        fill_group TEXT,
        rule_profile_id TEXT,
        backup_item_ids TEXT NOT NULL,
        bus TEXT NOT NULL,
        source_ref TEXT,
        rev INTEGER NOT NULL,
        removed_at INTEGER
      ) STRICT;
      CREATE INDEX log_slots_by_day ON log_slots (broadcast_date, start_at) WHERE removed_at IS NULL;

      CREATE TABLE log_lines_112 (
        id TEXT PRIMARY KEY,
        broadcast_date TEXT NOT NULL REFERENCES log_days (broadcast_date),
        slot_id TEXT,
        order_key TEXT NOT NULL,
        kind TEXT NOT NULL,
        item_id TEXT,
        relay_source_id TEXT,
        title TEXT NOT NULL,
        text TEXT NOT NULL,
        length_samples INTEGER NOT NULL,
        timing TEXT NOT NULL,
        transition TEXT NOT NULL,
        late_max_ms INTEGER,
        after_break TEXT NOT NULL,
        protected INTEGER NOT NULL,
        droppable INTEGER NOT NULL,
        fill_priority INTEGER NOT NULL,
        dropped INTEGER NOT NULL,
        skip INTEGER NOT NULL,
        hit_post INTEGER NOT NULL,
        news_block TEXT,
        relay_ends_at INTEGER,
        origin TEXT NOT NULL,
        origin_unit_id TEXT,
        source_ref TEXT,
        generated_rev INTEGER,
        markers TEXT,
        backup_item_ids TEXT NOT NULL,
        target_unit_ids TEXT NOT NULL,
        bus TEXT NOT NULL,
        imported_at INTEGER,
        initial_at INTEGER,
        rev INTEGER NOT NULL,
        created_at INTEGER NOT NULL,
        created_by TEXT NOT NULL,
        removed_at INTEGER
      ) STRICT;
      INSERT INTO log_lines_112
        SELECT id, broadcast_date, NULL, order_key, 'audio', item_id, NULL, title, '', length_samples,
          CASE WHEN hard_at IS NULL THEN '{"kind":"follow"}' ELSE json_object('kind', 'hard', 'at', hard_at, 'onReach', json_object('kind', 'cut')) END,
          'play', NULL, 'join', 0, 0, 50, 0, 0, 0, NULL, NULL, 'manual', NULL, NULL, NULL, NULL, '[]', target_unit_ids, 'main', NULL, NULL, rev, created_at, created_by, removed_at
        FROM log_lines;
      DROP TABLE log_lines;
      ALTER TABLE log_lines_112 RENAME TO log_lines;
      CREATE UNIQUE INDEX log_lines_order ON log_lines (broadcast_date, order_key);
      CREATE INDEX log_lines_by_item ON log_lines (item_id) WHERE removed_at IS NULL;

      CREATE TABLE log_locks (
        broadcast_date TEXT NOT NULL,
        slot_id TEXT NOT NULL,
        person_id TEXT,
        name TEXT NOT NULL,
        since INTEGER NOT NULL,
        expires_at INTEGER NOT NULL,
        PRIMARY KEY (broadcast_date, slot_id)
      ) STRICT;

      CREATE TABLE log_steps (
        id TEXT PRIMARY KEY,
        at INTEGER NOT NULL,
        person_id TEXT,
        name TEXT NOT NULL,
        action TEXT NOT NULL,
        changes TEXT NOT NULL,
        undone_by TEXT
      ) STRICT;
      CREATE INDEX log_steps_by_time ON log_steps (at);
    `)
  },
}
