import type { Migration } from '../migrate.ts'

/** Cues of an item; batches of imports with an answer for every file. */
export const libraryBatches: Migration = {
  id: 91,
  name: 'library-batches',
  up(db) {
    db.exec(`
      ALTER TABLE library_items ADD COLUMN cues TEXT NOT NULL DEFAULT '{"in":null,"out":null,"points":[]}';

      CREATE TABLE library_batches (
        id TEXT PRIMARY KEY,
        name TEXT NOT NULL,
        roots TEXT NOT NULL,
        wish TEXT NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('reading', 'running', 'done', 'cancelled')),
        started_at INTEGER NOT NULL,
        ended_at INTEGER,
        left_out INTEGER NOT NULL
      ) STRICT;

      CREATE TABLE library_batch_files (
        batch_id TEXT NOT NULL REFERENCES library_batches (id) ON DELETE CASCADE,
        seq INTEGER NOT NULL,
        path TEXT NOT NULL,
        name TEXT NOT NULL,
        tags TEXT NOT NULL,
        size_bytes INTEGER NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'imported', 'duplicate', 'refused', 'skipped', 'cancelled')),
        attempts INTEGER NOT NULL,
        item_id TEXT,
        code TEXT,
        data TEXT,
        PRIMARY KEY (batch_id, seq)
      ) STRICT, WITHOUT ROWID;
    `)
  },
}
