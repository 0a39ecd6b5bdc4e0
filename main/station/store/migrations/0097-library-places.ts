import type { Migration } from '../migrate.ts'

/** Items whose original stays in its owner's folder, and what a purged 48 kHz copy must be again. */
export const libraryPlaces: Migration = {
  id: 97,
  name: 'library-places',
  up(db) {
    db.exec(`
      ALTER TABLE library_items ADD COLUMN place_path TEXT;
      ALTER TABLE library_items ADD COLUMN place_modified_ms REAL;
      ALTER TABLE library_items ADD COLUMN place_changed_ms REAL;
      ALTER TABLE library_items ADD COLUMN mezzanine_sha256 TEXT;
    `)
  },
}
