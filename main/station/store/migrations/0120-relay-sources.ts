import type { Migration } from '../migrate.ts'

/** Stations and files the air may relay, and who let them. `fields` holds what people set. */
export const relaySources: Migration = {
  id: 120,
  name: 'relay-sources',
  up(db) {
    db.exec(`
      CREATE TABLE relay_sources (
        id TEXT PRIMARY KEY,
        fields TEXT NOT NULL,
        approved_by TEXT,
        approved_at INTEGER,
        rev INTEGER NOT NULL
      ) STRICT;
    `)
  },
}
