import type { Migration } from '../migrate.ts'

/** What is recorded of other stations week by week, and what became of each day's recording. `facts` holds what was measured. */
export const relaySchedules: Migration = {
  id: 122,
  name: 'relay-schedules',
  up(db) {
    db.exec(`
      CREATE TABLE relay_schedules (
        id TEXT PRIMARY KEY,
        fields TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        rev INTEGER NOT NULL
      ) STRICT;

      CREATE TABLE relay_recordings (
        schedule_id TEXT NOT NULL,
        broadcast_date TEXT NOT NULL,
        facts TEXT NOT NULL,
        PRIMARY KEY (schedule_id, broadcast_date)
      ) STRICT;
    `)
  },
}
