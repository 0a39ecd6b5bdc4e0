import type { Migration } from '../migrate.ts'

/** What an item of the library was made from by cleaning, stretching or levelling. */
export const sound: Migration = {
  id: 92,
  name: 'sound',
  up(db) {
    db.exec(`
      CREATE TABLE sound_origins (
        item_id TEXT PRIMARY KEY,
        from_item_id TEXT NOT NULL,
        start_sample INTEGER NOT NULL,
        length_samples INTEGER NOT NULL,
        treatment TEXT NOT NULL,
        wish TEXT NOT NULL,
        made_at INTEGER NOT NULL,
        made_by TEXT NOT NULL
      ) STRICT;
      CREATE INDEX sound_origins_from ON sound_origins (from_item_id);
    `)
  },
}
