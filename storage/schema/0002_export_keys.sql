-- The citation keys of exports (BibTeX and its kin), pinned once and kept for ever: documents cite by them.
CREATE TABLE citation_key (
  id        TEXT PRIMARY KEY REFERENCES paper(id),
  key       TEXT NOT NULL UNIQUE COLLATE NOCASE,  -- BibTeX takes keys that differ in case only for a mistake
  own       INTEGER NOT NULL,                     -- 1: the user's own .bib has it, and it wins over a made one
  pinned_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX link_mention_place ON link_mention(list, line);
