-- Links get a memory. A link is one row, known by its URL; its public columns say what is with it, and memory has what the
-- next check needs to know (JSON: what is in the making, and a fingerprint of the page, some hundred bytes).
DROP VIEW links;
CREATE TABLE new_link (
  n             INTEGER PRIMARY KEY,
  url           TEXT NOT NULL UNIQUE,
  host          TEXT NOT NULL,                     -- that it is asked of
  paper         TEXT NOT NULL DEFAULT '',          -- the arXiv paper that it names, empty for all others
  version       INTEGER NOT NULL DEFAULT 0,        -- of it, 0 when it names none
  by_record     INTEGER NOT NULL DEFAULT 0,        -- 1: judged by the paper's record, never asked for
  verdict       TEXT NOT NULL DEFAULT 'unchecked',
  reason        TEXT NOT NULL DEFAULT '',
  certain       INTEGER NOT NULL DEFAULT 0,
  since         TEXT,
  checked_at    TEXT,
  last_good     TEXT,
  due_at        TEXT NOT NULL DEFAULT '',          -- when a nightly job asks again
  status        INTEGER NOT NULL DEFAULT 0,
  final_url     TEXT NOT NULL DEFAULT '',
  permanent     INTEGER NOT NULL DEFAULT 0,
  target        TEXT NOT NULL DEFAULT '',
  failures      INTEGER NOT NULL DEFAULT 0,
  failing_since TEXT,
  archived      TEXT NOT NULL DEFAULT '',
  archive_asked TEXT,                              -- when the Internet Archive was last asked
  memory        TEXT NOT NULL DEFAULT ''
) STRICT;
INSERT INTO new_link (url, host, verdict, reason, since, checked_at) SELECT url, '', verdict, reason, since, checked_at FROM link;
CREATE TABLE new_mention (
  n          INTEGER PRIMARY KEY,
  list       TEXT NOT NULL REFERENCES list(name),
  url        TEXT NOT NULL REFERENCES new_link(url),
  rank       INTEGER NOT NULL,
  as_written TEXT NOT NULL,
  title      TEXT NOT NULL,
  line       INTEGER NOT NULL,
  col        INTEGER NOT NULL,
  section    TEXT NOT NULL,
  first_seen TEXT NOT NULL,
  gone_at    TEXT,
  ignored    TEXT NOT NULL DEFAULT '[]',            -- JSON array of finding kinds that the list asks not to hear of
  UNIQUE (list, url, rank)
) STRICT;
INSERT INTO new_mention SELECT *, '[]' FROM link_mention;
DROP TABLE link_mention;
DROP TABLE link;
ALTER TABLE new_link RENAME TO link;
ALTER TABLE new_mention RENAME TO link_mention;
CREATE INDEX link_host ON link(host);
CREATE INDEX link_paper ON link(paper) WHERE paper <> '';
CREATE INDEX link_mention_place ON link_mention(list, line);

-- Every change of a verdict, for ever. A check that says what the one before said is no event.
CREATE TABLE link_event (
  n      INTEGER PRIMARY KEY,
  run    INTEGER NOT NULL REFERENCES run(n),
  at     TEXT NOT NULL,
  link   INTEGER NOT NULL REFERENCES link(n),
  old    TEXT NOT NULL,
  new    TEXT NOT NULL,
  reason TEXT NOT NULL
) STRICT;
CREATE INDEX link_event_link ON link_event(link);

-- What the checks of a run have seen, until all of them together show that the own network worked. Then they become verdicts
-- and leave. A run that died leaves its checks here, and the next one settles them first.
CREATE TABLE link_check (
  link     INTEGER PRIMARY KEY REFERENCES link(n),
  at       TEXT NOT NULL,
  final    TEXT NOT NULL,                          -- where it led, when it was led elsewhere
  foreign_host TEXT NOT NULL,                      -- of final, when it is another one
  text     INTEGER NOT NULL,                       -- hash of the page's words, 0 for none
  doubtful INTEGER NOT NULL,                       -- it may be a soft 404
  silent   INTEGER NOT NULL,
  dead     INTEGER NOT NULL,
  probe    TEXT NOT NULL                           -- JSON
) STRICT;
CREATE VIEW checked AS
  SELECT c.*, l.host AS host, substr(l.url, 1, instr(l.url || '#', '#') - 1) AS address FROM link_check AS c JOIN link AS l ON l.n = c.link;
-- What hosts answer to an address that cannot exist, likewise.
CREATE TABLE host_check (
  host  TEXT PRIMARY KEY,
  probe TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE VIEW links AS
  SELECT m.list, l.url, l.verdict, l.reason, l.since, l.checked_at, m.title, m.line, m.section, m.first_seen, m.gone_at,
         nullif(l.status, 0) AS status, nullif(l.final_url, '') AS final_url, l.permanent, l.certain, l.failures, l.last_good, nullif(l.archived, '') AS archived,
         nullif(l.paper, '') AS paper
  FROM link_mention AS m JOIN link AS l ON l.url = m.url;
CREATE VIEW link_history AS
  SELECT l.url, e.at, e.run, e.old, e.new, e.reason FROM link_event AS e JOIN link AS l ON l.n = e.link;

-- A finding about a link was last seen by the newest complete run of either kind over its list, one about a citation by the
-- newest nightly one.
DROP VIEW findings;
CREATE VIEW findings AS
  SELECT f.key, f.kind, f.severity, f.subject, f.list, f.line, nullif(f.col, 0) AS col, nullif(f.claimed, '') AS claimed, nullif(f.actual, '') AS actual,
         nullif(f.suggestion, '') AS suggestion, f.message, f.first_seen,
         coalesce(f.resolved_at, (SELECT max(r.started_at) FROM run AS r, json_each(r.lists) AS l
           WHERE r.complete = 1 AND r.distrusted = 0 AND l.value = f.list
             AND (r.kind = 'sync' OR f.kind IN ('broken', 'moved', 'changed', 'suspect', 'blocked', 'insecure'))), f.first_seen) AS last_seen,
         f.resolved_at,
         f.ignored_at IS NOT NULL AND (f.ignored_until IS NULL OR f.ignored_until > strftime('%Y-%m-%dT%H:%M:%SZ', 'now')) AS ignored,
         nullif(f.ignore_reason, '') AS ignore_reason, f.ignored_until
  FROM finding AS f;
