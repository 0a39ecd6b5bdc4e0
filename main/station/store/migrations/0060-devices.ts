import type { Migration } from '../migrate.ts'

/** Units, devices, their reports, the letters sent to them and the content they may fetch. */
export const devices: Migration = {
  id: 60,
  name: 'devices',
  up(db) {
    db.exec(`
      CREATE TABLE device_identity (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        mark TEXT NOT NULL
      ) STRICT;

      CREATE TABLE units (
        id TEXT PRIMARY KEY,
        parent_id TEXT REFERENCES units (id),
        name TEXT NOT NULL,
        level TEXT NOT NULL,
        code TEXT NOT NULL,
        grp TEXT NOT NULL UNIQUE,
        ord INTEGER NOT NULL,
        rev INTEGER NOT NULL
      ) STRICT;

      CREATE TABLE devices (
        id TEXT PRIMARY KEY,
        kind TEXT NOT NULL,
        name TEXT NOT NULL,
        unit_id TEXT NOT NULL REFERENCES units (id),
        mode TEXT NOT NULL,
        volume_pct INTEGER NOT NULL,
        rev INTEGER NOT NULL,
        simulated INTEGER NOT NULL CHECK (simulated IN (0, 1)),
        spki_sha256 TEXT NOT NULL,
        cert_serial TEXT,
        secret_sha256 TEXT,
        fw TEXT NOT NULL,
        hw TEXT NOT NULL,
        paired_at INTEGER NOT NULL,
        revoked_at INTEGER,
        last_seen_at INTEGER,
        online TEXT,
        reported TEXT,
        tele TEXT,
        desired_rev INTEGER NOT NULL DEFAULT 0,
        desired_cfg TEXT,
        desired_until INTEGER NOT NULL DEFAULT 0
      ) STRICT;
      CREATE INDEX devices_by_unit ON devices (unit_id);

      CREATE TABLE device_reports (
        seq INTEGER PRIMARY KEY,
        device_id TEXT NOT NULL REFERENCES devices (id) ON DELETE CASCADE,
        at INTEGER NOT NULL,
        kind TEXT NOT NULL,
        summary TEXT NOT NULL,
        code TEXT,
        report_id TEXT
      ) STRICT;
      CREATE INDEX device_reports_by_device ON device_reports (device_id, seq);
      CREATE UNIQUE INDEX device_reports_once ON device_reports (device_id, report_id) WHERE report_id IS NOT NULL;

      CREATE TABLE letter_subjects (
        subject TEXT PRIMARY KEY,
        rev INTEGER NOT NULL,
        exp INTEGER NOT NULL,
        stopped INTEGER NOT NULL CHECK (stopped IN (0, 1)),
        topics TEXT NOT NULL
      ) STRICT;

      CREATE TABLE content (
        sha256 TEXT PRIMARY KEY,
        bytes INTEGER NOT NULL,
        mime TEXT NOT NULL,
        title TEXT NOT NULL,
        pinned INTEGER NOT NULL CHECK (pinned IN (0, 1)),
        dur_ms INTEGER,
        chunks TEXT NOT NULL,
        added_at INTEGER NOT NULL
      ) STRICT;

      CREATE TABLE content_encodes (
        source TEXT NOT NULL,
        profile TEXT NOT NULL,
        sha256 TEXT NOT NULL REFERENCES content (sha256),
        PRIMARY KEY (source, profile)
      ) STRICT;

      CREATE TABLE manifests (
        ver INTEGER PRIMARY KEY,
        sha256 TEXT NOT NULL,
        bytes INTEGER NOT NULL,
        body TEXT NOT NULL,
        content TEXT NOT NULL,
        made_at INTEGER NOT NULL
      ) STRICT;

      CREATE TABLE pin_tries (
        person_id TEXT NOT NULL,
        at INTEGER NOT NULL
      ) STRICT;
    `)
  },
}
