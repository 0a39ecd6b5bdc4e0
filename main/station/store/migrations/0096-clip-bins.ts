import type { Migration } from '../migrate.ts'

/** Pieces of projects kept for use in others. */
export const clipBins: Migration = {
  id: 96,
  name: 'clip-bins',
  up(db) {
    db.exec(`
      CREATE TABLE clip_bins (
        id TEXT PRIMARY KEY,
        title TEXT NOT NULL,
        piece TEXT NOT NULL,
        kept_at INTEGER NOT NULL,
        kept_by TEXT NOT NULL
      ) STRICT;
    `)
  },
}
