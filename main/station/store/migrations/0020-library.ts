import type { Migration } from '../migrate.ts'

/** Items (a removed one stays as a tombstone: its number is never given again), search words, quarantine, unfinished imports, seen watch-folder files. */
export const library: Migration = {
  id: 20,
  name: 'library',
  up(db) {
    db.exec(`
      CREATE TABLE library_items (
        id TEXT PRIMARY KEY,
        number INTEGER NOT NULL UNIQUE,
        title TEXT NOT NULL,
        kind TEXT NOT NULL,
        state TEXT NOT NULL,
        tags TEXT NOT NULL,
        origin TEXT NOT NULL,
        essential INTEGER NOT NULL CHECK (essential IN (0, 1)),
        lang TEXT NOT NULL,
        note TEXT NOT NULL,
        sha256 TEXT NOT NULL,
        ending TEXT NOT NULL,
        file_name TEXT NOT NULL,
        size_bytes INTEGER NOT NULL,
        codec TEXT NOT NULL,
        source_rate_hz INTEGER NOT NULL,
        channels INTEGER NOT NULL,
        length_samples INTEGER NOT NULL,
        pcm TEXT NOT NULL CHECK (pcm IN ('original', 'mezzanine')),
        pcm_bits INTEGER NOT NULL,
        integrated_lufs REAL,
        range_lu REAL,
        true_peak_dbtp REAL,
        play_gain_db REAL NOT NULL,
        created_at INTEGER NOT NULL,
        created_by TEXT NOT NULL,
        created_by_id TEXT,
        approved_at INTEGER,
        approved_by TEXT,
        returned_note TEXT,
        rev INTEGER NOT NULL,
        removed_at INTEGER
      ) STRICT;
      CREATE UNIQUE INDEX library_items_live_sha256 ON library_items (sha256) WHERE removed_at IS NULL;
      CREATE INDEX library_items_live ON library_items (number DESC) WHERE removed_at IS NULL;

      CREATE VIRTUAL TABLE library_words USING fts5 (words, tokenize = 'unicode61 remove_diacritics 0');

      CREATE TABLE library_quarantine (
        id TEXT PRIMARY KEY,
        path TEXT NOT NULL UNIQUE,
        file_name TEXT NOT NULL,
        at INTEGER NOT NULL,
        code TEXT NOT NULL,
        data TEXT NOT NULL,
        size_bytes INTEGER NOT NULL,
        wish TEXT NOT NULL
      ) STRICT;

      CREATE TABLE library_unfinished (
        id TEXT PRIMARY KEY,
        path TEXT NOT NULL,
        wish TEXT NOT NULL,
        attempts INTEGER NOT NULL,
        at INTEGER NOT NULL
      ) STRICT;

      CREATE TABLE library_watched (
        path TEXT PRIMARY KEY,
        size_bytes INTEGER NOT NULL,
        modified_ms INTEGER NOT NULL,
        at INTEGER NOT NULL
      ) STRICT;
    `)
  },
}
