import type { Migration } from '../migrate.ts'

/** Notices for public screens and the pictures they show. */
export const screens: Migration = {
  id: 80,
  name: 'screens',
  up(db) {
    db.exec(`
      CREATE TABLE board_images (
        sha256 TEXT PRIMARY KEY,
        mime TEXT NOT NULL,
        bytes INTEGER NOT NULL,
        width_px INTEGER NOT NULL,
        height_px INTEGER NOT NULL,
        added_at INTEGER NOT NULL
      ) STRICT;

      CREATE TABLE board_notices (
        id TEXT PRIMARY KEY,
        title TEXT NOT NULL,
        body TEXT NOT NULL,
        image TEXT REFERENCES board_images (sha256),
        layer TEXT NOT NULL CHECK (layer IN ('overlay', 'full')),
        targets TEXT NOT NULL,
        from_at INTEGER NOT NULL,
        to_at INTEGER NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('draft', 'approved', 'shown', 'ended')),
        rev INTEGER NOT NULL,
        lease_until INTEGER NOT NULL DEFAULT 0,
        shown_on TEXT NOT NULL DEFAULT '[]',
        approved_by TEXT,
        changed_at INTEGER NOT NULL
      ) STRICT;
      CREATE INDEX board_notices_by_state ON board_notices (state, from_at);
    `)
  },
}
