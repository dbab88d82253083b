-- Hosts of links that have asked to be left alone, and until when: the next run leaves them alone too.
CREATE TABLE host_rest (
  host  TEXT PRIMARY KEY,
  until TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Checks are added at the end, in the order in which they come: by link, each would be on a page of its own, to be written for
-- it alone every second. The last one of a link counts.
DROP VIEW checked;
ALTER TABLE link_check RENAME TO old_check;
CREATE TABLE link_check (
  n        INTEGER PRIMARY KEY,
  link     INTEGER NOT NULL REFERENCES link(n),
  at       TEXT NOT NULL,
  final    TEXT NOT NULL,                          -- where it led, when it was led elsewhere
  foreign_host TEXT NOT NULL,                      -- of final, when it is another one
  text     INTEGER NOT NULL,                       -- hash of the page's words, 0 for none
  doubtful INTEGER NOT NULL,                       -- it may be a soft 404
  silent   INTEGER NOT NULL,
  dead     INTEGER NOT NULL,
  probe    TEXT NOT NULL                           -- JSON
) STRICT;
INSERT INTO link_check (link, at, final, foreign_host, text, doubtful, silent, dead, probe)
  SELECT link, at, final, foreign_host, text, doubtful, silent, dead, probe FROM old_check;
DROP TABLE old_check;
CREATE VIEW checked AS
  SELECT c.*, l.host AS host, substr(l.url, 1, instr(l.url || '#', '#') - 1) AS address FROM link_check AS c JOIN link AS l ON l.n = c.link;
