import type { Migration } from '../migrate.ts'

/** Who approved what, by hash; items that need two persons or wait for their hour; the bytes on the disk as they were approved. */
export const approval: Migration = {
  id: 118,
  name: 'approval',
  up(db) {
    db.exec(`
      ALTER TABLE library_items ADD COLUMN sensitive INTEGER NOT NULL DEFAULT 0 CHECK (sensitive IN (0, 1));
      ALTER TABLE library_items ADD COLUMN embargo_until INTEGER;
      ALTER TABLE library_items ADD COLUMN approvals TEXT NOT NULL DEFAULT '[]';
      UPDATE library_items SET approvals = json_array(json_object('personId', NULL, 'by', coalesce(approved_by, ''), 'at', coalesce(approved_at, created_at), 'sha256', sha256)) WHERE state = 'approved';

      CREATE TABLE library_approved_bytes (
        item_id TEXT PRIMARY KEY,
        content_sha256 TEXT NOT NULL,
        pcm_sha256 TEXT NOT NULL,
        size_bytes INTEGER NOT NULL,
        modified_ms REAL NOT NULL,
        changed_ms REAL NOT NULL
      ) STRICT;
    `)
  },
}
