import type { Migration } from '../migrate.ts'

/** Relay lines say themselves where their sound comes from, in the order it is tried. */
export const logRelays: Migration = {
  id: 116,
  name: 'log-relays',
  up(db) {
    db.exec(`ALTER TABLE log_lines ADD COLUMN relay_sources TEXT NOT NULL DEFAULT '[]'`)
  },
}
