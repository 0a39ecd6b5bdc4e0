import type { Migration } from '../migrate.ts'

/** Bulletins with their stories (a removed one stays for its undo), own templates, items of the house's sounds, what was rendered from a project with its pictures by time, remarks. */
export const programme: Migration = {
  id: 94,
  name: 'programme',
  up(db) {
    db.exec(`
      CREATE TABLE programme_bulletins (
        id TEXT PRIMARY KEY,
        title TEXT NOT NULL,
        broadcast_date TEXT,
        slot_starts_sec INTEGER,
        slot_length INTEGER,
        template TEXT NOT NULL,
        project_id TEXT,
        by TEXT NOT NULL,
        changed_at INTEGER NOT NULL,
        rev INTEGER NOT NULL,
        removed_at INTEGER
      ) STRICT;

      CREATE TABLE programme_stories (
        id TEXT PRIMARY KEY,
        bulletin_id TEXT NOT NULL REFERENCES programme_bulletins (id),
        order_key TEXT NOT NULL,
        title TEXT NOT NULL,
        script TEXT NOT NULL,
        reader TEXT NOT NULL,
        item_ids TEXT NOT NULL,
        image TEXT REFERENCES board_images (sha256),
        rev INTEGER NOT NULL,
        removed_at INTEGER
      ) STRICT;
      CREATE INDEX programme_stories_by_bulletin ON programme_stories (bulletin_id, order_key);

      CREATE TABLE programme_templates (
        id TEXT PRIMARY KEY,
        title TEXT NOT NULL,
        template TEXT NOT NULL,
        changed_at INTEGER NOT NULL,
        rev INTEGER NOT NULL
      ) STRICT;

      CREATE TABLE programme_sounds (
        name TEXT PRIMARY KEY,
        item_id TEXT NOT NULL
      ) STRICT;

      CREATE TABLE programme_renders (
        item_id TEXT PRIMARY KEY,
        project_id TEXT NOT NULL,
        slides TEXT NOT NULL,
        chapters TEXT NOT NULL,
        placed TEXT NOT NULL,
        at INTEGER NOT NULL
      ) STRICT;
      CREATE INDEX programme_renders_by_project ON programme_renders (project_id, at);

      CREATE TABLE programme_comments (
        id TEXT PRIMARY KEY,
        item_id TEXT,
        project_id TEXT,
        at_samples INTEGER NOT NULL,
        length_samples INTEGER NOT NULL,
        anchor TEXT,
        text TEXT NOT NULL,
        author TEXT NOT NULL,
        author_id TEXT,
        created_at INTEGER NOT NULL,
        resolved_at INTEGER,
        resolved_by TEXT,
        rev INTEGER NOT NULL,
        removed_at INTEGER,
        CHECK (item_id IS NOT NULL OR project_id IS NOT NULL)
      ) STRICT;
      CREATE INDEX programme_comments_by_item ON programme_comments (item_id, at_samples);
      CREATE INDEX programme_comments_by_project ON programme_comments (project_id, at_samples);
    `)
  },
}
