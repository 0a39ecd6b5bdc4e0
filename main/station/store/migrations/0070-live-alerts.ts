import type { Migration } from '../migrate.ts'

/** Live sessions and alerts, kept for the history and for an alert that outlives its station. */
export const liveAlerts: Migration = {
  id: 70,
  name: 'live-alerts',
  up(db) {
    db.exec(`
      CREATE TABLE live_sessions (
        sid TEXT PRIMARY KEY,
        title TEXT NOT NULL,
        prio INTEGER NOT NULL,
        state TEXT NOT NULL,
        started_at INTEGER,
        ended_at INTEGER,
        prepared_at INTEGER NOT NULL,
        aud TEXT NOT NULL,
        devices TEXT NOT NULL,
        person TEXT NOT NULL
      ) STRICT;

      CREATE TABLE alerts (
        aid TEXT PRIMARY KEY,
        title TEXT NOT NULL,
        hazard TEXT NOT NULL,
        risk INTEGER NOT NULL,
        siren TEXT NOT NULL,
        message_item_id TEXT,
        state TEXT NOT NULL,
        drill INTEGER NOT NULL CHECK (drill IN (0, 1)),
        prio INTEGER NOT NULL,
        started_at INTEGER NOT NULL,
        ended_at INTEGER,
        lease_until INTEGER NOT NULL,
        aud TEXT NOT NULL,
        devices TEXT NOT NULL,
        claims TEXT NOT NULL,
        person TEXT NOT NULL
      ) STRICT;
    `)
  },
}
