import type { Migration } from '../migrate.ts'

/** Parts of the plan (a removed one stays for its undo), drafts of days with what applying them did, first airings, lines confirmed against the rules. */
export const planning: Migration = {
  id: 114,
  name: 'planning',
  up(db) {
    db.exec(`
      CREATE TABLE planning_parts (
        id TEXT PRIMARY KEY,
        kind TEXT NOT NULL,
        content TEXT NOT NULL,
        rev INTEGER NOT NULL,
        changed_at INTEGER NOT NULL,
        changed_by TEXT NOT NULL,
        removed_at INTEGER
      ) STRICT;

      CREATE TABLE planning_drafts (
        id TEXT PRIMARY KEY,
        draft TEXT NOT NULL,
        plan TEXT NOT NULL,
        steps TEXT NOT NULL,
        created_at INTEGER NOT NULL
      ) STRICT;

      CREATE TABLE planning_first_airings (
        item_id TEXT NOT NULL,
        sha256 TEXT NOT NULL,
        row_id TEXT NOT NULL,
        at INTEGER NOT NULL,
        PRIMARY KEY (item_id, sha256)
      ) STRICT;

      CREATE TABLE planning_priority_lines (
        line_id TEXT PRIMARY KEY,
        confirmed_at INTEGER NOT NULL,
        confirmed_by TEXT NOT NULL
      ) STRICT;
    `)
  },
}
