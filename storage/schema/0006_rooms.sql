-- The schema before it grows: lists by number, so that a name can change; the lists of a run as rows; the kinds of findings
-- and runs as tables that the program keeps equal to its own; checks on what a column may hold. Every table is made anew
-- from a copy, since SQLite can add no checks to one that exists (and to rename one is slow: it reads the whole schema again). The public views are all at the end, in one place.
DROP VIEW papers; DROP VIEW versions; DROP VIEW authors; DROP VIEW citations; DROP VIEW links; DROP VIEW link_history;
DROP VIEW changes; DROP VIEW runs; DROP VIEW findings; DROP VIEW fts_source; DROP VIEW checked;

-- What is there, put aside.
CREATE TEMP TABLE old_paper AS SELECT * FROM paper;
CREATE TEMP TABLE old_version AS SELECT * FROM version;
CREATE TEMP TABLE old_list AS SELECT * FROM list;
CREATE TEMP TABLE old_citation AS SELECT * FROM citation;
CREATE TEMP TABLE old_link AS SELECT * FROM link;
CREATE TEMP TABLE old_link_mention AS SELECT * FROM link_mention;
CREATE TEMP TABLE old_malformed AS SELECT * FROM malformed;
CREATE TEMP TABLE old_run AS SELECT * FROM run;
CREATE TEMP TABLE old_change AS SELECT * FROM change;
CREATE INDEX temp.old_change_id ON old_change(id);
CREATE TEMP TABLE old_finding AS SELECT * FROM finding;
CREATE TEMP TABLE old_link_event AS SELECT * FROM link_event;
CREATE TEMP TABLE old_link_check AS SELECT * FROM link_check;
CREATE TEMP TABLE old_citation_key AS SELECT * FROM citation_key;
DROP TABLE link_check; DROP TABLE link_event; DROP TABLE link_mention; DROP TABLE link; DROP TABLE citation; DROP TABLE malformed;
DROP TABLE finding; DROP TABLE change; DROP TABLE run; DROP TABLE version; DROP TABLE list; DROP TABLE citation_key; DROP TABLE paper;

-- The kinds of findings and of runs, as package enrich has them. A row that a newer program has added stays.
CREATE TABLE finding_kind (
  kind     TEXT PRIMARY KEY,
  subject  TEXT NOT NULL,
  severity TEXT NOT NULL,                          -- the worst that it may have
  judges   TEXT NOT NULL                           -- the pass over a list that opens and closes it
) STRICT, WITHOUT ROWID;
CREATE TABLE run_kind (
  kind    TEXT PRIMARY KEY,
  nightly INTEGER NOT NULL CHECK (nightly IN (0, 1)),  -- a good one is "the last night"
  judges  TEXT NOT NULL CHECK (json_valid(judges))     -- JSON array: the passes that it makes over its lists
) STRICT, WITHOUT ROWID;

CREATE TABLE paper (
  n                INTEGER PRIMARY KEY,            -- the row of papers_fts
  id               TEXT NOT NULL UNIQUE,           -- canonical identifier, unversioned
  version          INTEGER NOT NULL,               -- the newest one; its texts are the paper's
  primary_category TEXT NOT NULL,
  categories       TEXT NOT NULL CHECK (json_valid(categories)), -- JSON array, the primary one first
  journal_ref      TEXT NOT NULL,
  doi              TEXT NOT NULL CHECK (json_valid(doi)),        -- JSON array
  published        TEXT NOT NULL,                  -- submission of v1
  license          TEXT NOT NULL DEFAULT '',
  submitter        TEXT NOT NULL DEFAULT '',
  withdrawn        INTEGER NOT NULL DEFAULT 0 CHECK (withdrawn IN (0, 1)),
  disappeared_at   TEXT,
  raw_version      INTEGER NOT NULL DEFAULT 0,     -- the newest version that OAI-PMH told of
  raw_at           TEXT,                           -- when OAI-PMH was last asked
  raw_due          INTEGER NOT NULL DEFAULT 0 CHECK (raw_due IN (0, 1)), -- the record speaks of a withdrawal: ask OAI-PMH
  first_seen       TEXT NOT NULL,                  -- when the first record was had
  fetched_at       TEXT NOT NULL,                  -- when this content was had
  hash             BLOB NOT NULL                   -- of the current record, to know an unchanged one without reading it
) STRICT;
INSERT INTO paper SELECT n, id, version, primary_category, categories, journal_ref, doi, published, license, submitter, withdrawn, disappeared_at,
  raw_version, raw_at, raw_due, coalesce((SELECT min(c.at) FROM temp.old_change AS c WHERE c.id = p.id AND c.kind = 'new'), fetched_at), fetched_at, hash FROM temp.old_paper AS p;

CREATE TABLE version (
  paper       INTEGER NOT NULL REFERENCES paper(n),
  number      INTEGER NOT NULL,
  submitted   TEXT NOT NULL DEFAULT '',
  size_kb     INTEGER,                             -- from OAI-PMH, as source_type and withdrawn
  source_type TEXT NOT NULL DEFAULT '',
  withdrawn   INTEGER NOT NULL DEFAULT 0 CHECK (withdrawn IN (0, 1)),
  has_text    INTEGER NOT NULL DEFAULT 0 CHECK (has_text IN (0, 1)), -- the four texts that follow are held
  title       TEXT NOT NULL DEFAULT '',
  authors     TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(authors)), -- JSON array of {"name","affiliations"}
  abstract    TEXT NOT NULL DEFAULT '',
  comment     TEXT NOT NULL DEFAULT '',
  -- Where the texts are from. The sources write the same text differently (TeX, accents, white space): only texts of one
  -- source are compared with each other.
  text_source TEXT CHECK (text_source IN ('api', 'oai', 'snapshot')),
  absent_at   TEXT,                                -- when its text was asked for in vain
  PRIMARY KEY (paper, number)
) STRICT;
INSERT INTO version SELECT paper, number, submitted, size_kb, source_type, withdrawn, has_text, title, authors, abstract, comment,
  CASE WHEN has_text THEN 'api' END, absent_at FROM temp.old_version;

-- A list keeps its number whatever it is called. The keys of its findings are made with key_name, the name that it had first,
-- so that they survive a new name. Of two lists that had one name first, the later one's has a number behind it.
CREATE TABLE list (
  n            INTEGER PRIMARY KEY,
  name         TEXT NOT NULL UNIQUE,
  key_name     TEXT NOT NULL UNIQUE,
  format       TEXT NOT NULL,                      -- empty: never read to the end
  first_seen   TEXT NOT NULL,
  forgotten_at TEXT                                -- its owner does not want to hear of it any more
) STRICT;
INSERT INTO list (name, key_name, format, first_seen) SELECT name, name, format, first_seen FROM temp.old_list ORDER BY name;
INSERT INTO list (name, key_name, format, first_seen)
  SELECT name, name, '', min(started_at) FROM (SELECT l.value AS name, r.started_at FROM temp.old_run AS r, json_each(r.lists) AS l
    UNION ALL SELECT f.list, f.first_seen FROM temp.old_finding AS f) WHERE name NOT IN (SELECT name FROM list) GROUP BY name;

CREATE TABLE citation (
  n          INTEGER PRIMARY KEY,
  list       INTEGER NOT NULL REFERENCES list(n),
  id         TEXT NOT NULL,                        -- no reference: a list may cite what arXiv does not have
  rank       INTEGER NOT NULL,                     -- 0 for the first mention in the list
  version    INTEGER NOT NULL,
  as_written TEXT NOT NULL,
  line       INTEGER NOT NULL,
  col        INTEGER NOT NULL,
  section    TEXT NOT NULL,
  bib_key    TEXT NOT NULL,
  title      TEXT NOT NULL,
  author     TEXT NOT NULL,
  year       INTEGER NOT NULL,
  ignored    TEXT NOT NULL CHECK (json_valid(ignored)), -- JSON array of finding kinds that the list asks not to hear of
  first_seen TEXT NOT NULL,
  gone_at    TEXT,
  UNIQUE (list, id, rank)
) STRICT;
INSERT INTO citation SELECT c.n, l.n, c.id, c.rank, c.version, c.as_written, c.line, c.col, c.section, c.bib_key, c.title, c.author, c.year, c.ignored,
  c.first_seen, c.gone_at FROM temp.old_citation AS c JOIN list AS l ON l.name = c.list;

CREATE TABLE link (
  n             INTEGER PRIMARY KEY,
  url           TEXT NOT NULL UNIQUE,
  host          TEXT NOT NULL,                     -- that it is asked of
  paper         TEXT NOT NULL DEFAULT '',          -- the arXiv paper that it names, empty for all others
  version       INTEGER NOT NULL DEFAULT 0,        -- of it, 0 when it names none
  by_record     INTEGER NOT NULL DEFAULT 0 CHECK (by_record IN (0, 1)), -- 1: judged by the paper's record, never asked for
  verdict       TEXT NOT NULL DEFAULT 'unchecked'
                CHECK (verdict IN ('ok', 'moved', 'changed', 'broken', 'suspect', 'blocked', 'insecure', 'unchecked')),
  reason        TEXT NOT NULL DEFAULT '',
  certain       INTEGER NOT NULL DEFAULT 0 CHECK (certain IN (0, 1)),
  since         TEXT,
  checked_at    TEXT,
  last_good     TEXT,
  due_at        TEXT NOT NULL DEFAULT '',          -- when a nightly job asks again
  status        INTEGER NOT NULL DEFAULT 0,
  final_url     TEXT NOT NULL DEFAULT '',
  permanent     INTEGER NOT NULL DEFAULT 0 CHECK (permanent IN (0, 1)),
  target        TEXT NOT NULL DEFAULT '',
  failures      INTEGER NOT NULL DEFAULT 0,
  failing_since TEXT,
  archived      TEXT NOT NULL DEFAULT '',
  archive_asked TEXT,                              -- when the Internet Archive was last asked
  memory        TEXT NOT NULL DEFAULT ''           -- JSON; checked by who reads it, as link_check.probe is: to parse it on
                                                   -- each write made a checked link dearer by a sixth
) STRICT;
INSERT INTO link SELECT n, url, host, paper, version, by_record, verdict, reason, certain, since, checked_at, last_good, due_at, status, final_url,
  permanent, target, failures, failing_since, archived, archive_asked, memory FROM temp.old_link;

CREATE TABLE link_mention (
  n          INTEGER PRIMARY KEY,
  list       INTEGER NOT NULL REFERENCES list(n),
  url        TEXT NOT NULL REFERENCES link(url),
  rank       INTEGER NOT NULL,
  as_written TEXT NOT NULL,
  title      TEXT NOT NULL,
  line       INTEGER NOT NULL,
  col        INTEGER NOT NULL,
  section    TEXT NOT NULL,
  first_seen TEXT NOT NULL,
  gone_at    TEXT,
  ignored    TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(ignored)), -- JSON array of finding kinds that the list asks not to hear of
  UNIQUE (list, url, rank)
) STRICT;
INSERT INTO link_mention SELECT m.n, l.n, m.url, m.rank, m.as_written, m.title, m.line, m.col, m.section, m.first_seen, m.gone_at, m.ignored
  FROM temp.old_link_mention AS m JOIN list AS l ON l.name = m.list;

CREATE TABLE malformed (
  n          INTEGER PRIMARY KEY,
  list       INTEGER NOT NULL REFERENCES list(n),
  as_written TEXT NOT NULL,
  rank       INTEGER NOT NULL,
  reason     TEXT NOT NULL,
  line       INTEGER NOT NULL,
  col        INTEGER NOT NULL,
  section    TEXT NOT NULL,
  first_seen TEXT NOT NULL,
  gone_at    TEXT,
  UNIQUE (list, as_written, rank)
) STRICT;
INSERT INTO malformed SELECT m.n, l.n, m.as_written, m.rank, m.reason, m.line, m.col, m.section, m.first_seen, m.gone_at
  FROM temp.old_malformed AS m JOIN list AS l ON l.name = m.list;

CREATE TABLE run (
  n          INTEGER PRIMARY KEY,
  kind       TEXT NOT NULL REFERENCES run_kind(kind) DEFERRABLE INITIALLY DEFERRED,
  pid        INTEGER NOT NULL,
  host       TEXT NOT NULL,
  started_at TEXT NOT NULL,
  ended_at   TEXT,                                 -- null: going on, or crashed
  requests   INTEGER NOT NULL DEFAULT 0,
  papers     INTEGER NOT NULL DEFAULT 0,
  changed    INTEGER NOT NULL DEFAULT 0,
  links      INTEGER NOT NULL DEFAULT 0,
  broken     INTEGER NOT NULL DEFAULT 0,
  complete   INTEGER NOT NULL DEFAULT 0 CHECK (complete IN (0, 1)),
  distrusted INTEGER NOT NULL DEFAULT 0 CHECK (distrusted IN (0, 1)),
  error      TEXT NOT NULL DEFAULT ''
) STRICT;
INSERT INTO run SELECT n, kind, pid, host, started_at, ended_at, requests, papers, changed, links, broken, complete, distrusted, error FROM temp.old_run;

-- The lists of a run, in the order in which they were given.
CREATE TABLE run_list (
  run      INTEGER NOT NULL REFERENCES run(n),
  list     INTEGER NOT NULL REFERENCES list(n),
  position INTEGER NOT NULL,
  PRIMARY KEY (run, list)
) STRICT, WITHOUT ROWID;
INSERT OR IGNORE INTO run_list SELECT r.n, l.n, j.key FROM temp.old_run AS r, json_each(r.lists) AS j JOIN list AS l ON l.name = j.value;
CREATE INDEX run_list_list ON run_list(list);

-- When the newest complete, believed run that makes a pass over a list began: its open findings were seen again then.
CREATE TABLE list_judged (
  list   INTEGER NOT NULL REFERENCES list(n),
  judges TEXT NOT NULL,
  at     TEXT NOT NULL,
  PRIMARY KEY (list, judges)
) STRICT, WITHOUT ROWID;
INSERT INTO list_judged SELECT rl.list, 'citations', max(r.started_at) FROM run_list AS rl JOIN run AS r ON r.n = rl.run
  WHERE r.complete AND NOT r.distrusted AND r.kind = 'sync' GROUP BY rl.list;
INSERT INTO list_judged SELECT rl.list, 'links', max(r.started_at) FROM run_list AS rl JOIN run AS r ON r.n = rl.run
  WHERE r.complete AND NOT r.distrusted GROUP BY rl.list;

-- What changed at arXiv about a paper that was held before. That a paper is new here is no change of it: paper.first_seen.
CREATE TABLE change (
  n     INTEGER PRIMARY KEY,
  run   INTEGER NOT NULL REFERENCES run(n),
  at    TEXT NOT NULL,
  id    TEXT NOT NULL,
  kind  TEXT NOT NULL,
  field TEXT NOT NULL,
  old   TEXT NOT NULL,
  new   TEXT NOT NULL
) STRICT;
INSERT INTO change SELECT * FROM temp.old_change WHERE kind <> 'new';

CREATE TABLE finding (
  key           TEXT PRIMARY KEY,
  kind          TEXT NOT NULL REFERENCES finding_kind(kind) DEFERRABLE INITIALLY DEFERRED,
  severity      TEXT NOT NULL CHECK (severity IN ('error', 'warning', 'info')),
  subject       TEXT NOT NULL,
  list          INTEGER NOT NULL REFERENCES list(n),
  line          INTEGER NOT NULL,
  col           INTEGER NOT NULL,
  claimed       TEXT NOT NULL,
  actual        TEXT NOT NULL,
  suggestion    TEXT NOT NULL,
  message       TEXT NOT NULL,
  first_seen    TEXT NOT NULL,
  resolved_at   TEXT,
  ignored_at    TEXT,
  ignore_reason TEXT NOT NULL DEFAULT '',
  ignored_until TEXT                               -- the first moment at which it is reported again; null: never
) STRICT, WITHOUT ROWID;
INSERT INTO finding SELECT f.key, f.kind, f.severity, f.subject, l.n, f.line, f.col, f.claimed, f.actual, f.suggestion, f.message, f.first_seen,
  f.resolved_at, f.ignored_at, f.ignore_reason, f.ignored_until FROM temp.old_finding AS f JOIN list AS l ON l.name = f.list;

CREATE TABLE link_event (
  n      INTEGER PRIMARY KEY,
  run    INTEGER NOT NULL REFERENCES run(n),
  at     TEXT NOT NULL,
  link   INTEGER NOT NULL REFERENCES link(n),
  old    TEXT NOT NULL,
  new    TEXT NOT NULL,
  reason TEXT NOT NULL
) STRICT;
INSERT INTO link_event SELECT * FROM temp.old_link_event;

CREATE TABLE link_check (
  n        INTEGER PRIMARY KEY,
  link     INTEGER NOT NULL REFERENCES link(n),
  at       TEXT NOT NULL,
  final    TEXT NOT NULL,                          -- where it led, when it was led elsewhere
  foreign_host TEXT NOT NULL,                      -- of final, when it is another one
  text     INTEGER NOT NULL,                       -- hash of the page's words, 0 for none
  unwritten INTEGER NOT NULL CHECK (unwritten IN (0, 1)), -- a script has yet to write the page
  doubtful INTEGER NOT NULL CHECK (doubtful IN (0, 1)),   -- it may be a soft 404
  silent   INTEGER NOT NULL CHECK (silent IN (0, 1)),
  dead     INTEGER NOT NULL CHECK (dead IN (0, 1)),
  asked    INTEGER NOT NULL CHECK (asked IN (0, 1)),      -- somebody was asked: its address may be
  probe    TEXT NOT NULL                           -- JSON
) STRICT;
INSERT INTO link_check SELECT n, link, at, final, foreign_host, text, coalesce(json_extract(probe, '$.Page.Script'), 0) <> 0, doubtful, silent, dead,
  json_extract(probe, '$.Fault') IS NOT 'not asked', probe FROM temp.old_link_check;

CREATE TABLE citation_key (
  id        TEXT PRIMARY KEY REFERENCES paper(id),
  key       TEXT NOT NULL UNIQUE COLLATE NOCASE,   -- BibTeX takes keys that differ in case only for a mistake
  own       INTEGER NOT NULL CHECK (own IN (0, 1)), -- 1: the user's own .bib has it, and it wins over a made one
  pinned_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO citation_key SELECT * FROM temp.old_citation_key;
DROP TABLE temp.old_paper; DROP TABLE temp.old_version; DROP TABLE temp.old_list; DROP TABLE temp.old_citation; DROP TABLE temp.old_link;
DROP TABLE temp.old_link_mention; DROP TABLE temp.old_malformed; DROP TABLE temp.old_run; DROP TABLE temp.old_change;
DROP TABLE temp.old_finding; DROP TABLE temp.old_link_event; DROP TABLE temp.old_link_check; DROP TABLE temp.old_citation_key;

CREATE INDEX citation_id ON citation(id);
CREATE INDEX citation_bib ON citation(id) WHERE bib_key <> '' AND gone_at IS NULL;
CREATE INDEX link_host ON link(host);
CREATE INDEX link_paper ON link(paper) WHERE paper <> '';
CREATE INDEX link_mention_place ON link_mention(list, line);
CREATE INDEX link_mention_url ON link_mention(url);
CREATE INDEX change_id ON change(id);
CREATE INDEX change_at ON change(at);
CREATE INDEX change_run ON change(run);
CREATE INDEX finding_subject ON finding(subject);
CREATE INDEX finding_list ON finding(list);
CREATE INDEX link_event_link ON link_event(link);
CREATE INDEX link_event_run ON link_event(run);
CREATE INDEX paper_fetched ON paper(fetched_at);

-- What papers_fts indexes: the current record, names as one text. The index keeps no copy of it.
CREATE VIEW fts_source AS
  SELECT p.n AS n, v.title AS title,
         (SELECT group_concat(json_extract(a.value, '$.name'), ', ') FROM json_each(v.authors) AS a) AS authors,
         v.abstract AS abstract
  FROM paper AS p JOIN version AS v ON v.paper = p.n AND v.number = p.version;
CREATE VIEW checked AS
  SELECT c.*, l.host AS host, substr(l.url, 1, instr(l.url || '#', '#') - 1) AS address FROM link_check AS c JOIN link AS l ON l.n = c.link;

-- The public views. What is not known is NULL.
CREATE VIEW papers AS
  SELECT p.n AS rowid, p.id, p.version, v.title, v.authors, nullif(v.abstract, '') AS abstract, nullif(p.primary_category, '') AS primary_category,
         p.categories, nullif(v.comment, '') AS comment, nullif(p.journal_ref, '') AS journal_ref, p.doi, nullif(p.license, '') AS license,
         nullif(p.submitter, '') AS submitter, nullif(p.published, '') AS published, nullif(v.submitted, '') AS updated,
         CASE WHEN p.raw_version > 0 THEN p.withdrawn END AS withdrawn, p.disappeared_at, p.fetched_at, p.first_seen
  FROM paper AS p JOIN version AS v ON v.paper = p.n AND v.number = p.version;
CREATE VIEW versions AS
  SELECT p.id, v.number AS version, nullif(v.submitted, '') AS submitted, v.size_kb, nullif(v.source_type, '') AS source_type,
         CASE WHEN v.number <= p.raw_version THEN v.withdrawn END AS withdrawn, v.has_text,
         CASE WHEN v.has_text THEN v.title END AS title, CASE WHEN v.has_text THEN v.authors END AS authors,
         CASE WHEN v.has_text THEN nullif(v.abstract, '') END AS abstract, CASE WHEN v.has_text THEN nullif(v.comment, '') END AS comment, v.text_source
  FROM version AS v JOIN paper AS p ON p.n = v.paper;
CREATE VIEW authors AS
  SELECT p.id, a.key + 1 AS position, json_extract(a.value, '$.name') AS name, json_extract(a.value, '$.affiliations') AS affiliations
  FROM paper AS p JOIN version AS v ON v.paper = p.n AND v.number = p.version, json_each(v.authors) AS a;
CREATE VIEW citations AS
  SELECT l.name AS list, c.id, nullif(c.version, 0) AS version, c.as_written, c.line, nullif(c.section, '') AS section, nullif(c.bib_key, '') AS bib_key,
         nullif(c.title, '') AS title, nullif(c.author, '') AS author, nullif(c.year, 0) AS year, c.first_seen, c.gone_at
  FROM citation AS c JOIN list AS l ON l.n = c.list;
CREATE VIEW links AS
  SELECT t.name AS list, l.url, l.verdict, nullif(l.reason, '') AS reason, l.since, l.checked_at, nullif(m.title, '') AS title, m.line,
         nullif(m.section, '') AS section, m.first_seen, m.gone_at, nullif(l.status, 0) AS status, nullif(l.final_url, '') AS final_url,
         CASE WHEN l.checked_at IS NOT NULL THEN l.permanent END AS permanent, CASE WHEN l.checked_at IS NOT NULL THEN l.certain END AS certain,
         CASE WHEN l.checked_at IS NOT NULL THEN l.failures END AS failures, l.last_good, nullif(l.archived, '') AS archived, nullif(l.paper, '') AS paper
  FROM link_mention AS m JOIN link AS l ON l.url = m.url JOIN list AS t ON t.n = m.list;
CREATE VIEW link_history AS
  SELECT l.url, e.at, e.run, e.old, e.new, nullif(e.reason, '') AS reason FROM link_event AS e JOIN link AS l ON l.n = e.link;
CREATE VIEW changes AS SELECT at, run, id, kind, field, nullif(old, '') AS old, nullif(new, '') AS new FROM change;
CREATE VIEW runs AS
  SELECT r.n AS run, r.kind, (SELECT json_group_array(name) FROM (SELECT l.name FROM run_list AS rl JOIN list AS l ON l.n = rl.list
           WHERE rl.run = r.n ORDER BY rl.position)) AS lists,
         r.started_at, r.ended_at, r.requests, r.papers, r.changed, r.links, r.broken, r.complete, r.distrusted, nullif(r.error, '') AS error
  FROM run AS r;
-- An open finding was last seen by the newest complete, believed run that makes the pass which opens its kind over its list.
-- Whether one is ignored is told as of the beginning of the newest run: a view has no other clock.
CREATE VIEW findings AS
  SELECT f.key, f.kind, f.severity, f.subject, l.name AS list, nullif(f.line, 0) AS line, nullif(f.col, 0) AS col, nullif(f.claimed, '') AS claimed,
         nullif(f.actual, '') AS actual, nullif(f.suggestion, '') AS suggestion, f.message, f.first_seen,
         coalesce(f.resolved_at, j.at, f.first_seen) AS last_seen, f.resolved_at,
         f.ignored_at IS NOT NULL AND (f.ignored_until IS NULL OR f.ignored_until > coalesce((SELECT max(started_at) FROM run), '')) AS ignored,
         nullif(f.ignore_reason, '') AS ignore_reason, f.ignored_until
  FROM finding AS f JOIN list AS l ON l.n = f.list JOIN finding_kind AS k ON k.kind = f.kind
  LEFT JOIN list_judged AS j ON j.list = f.list AND j.judges = k.judges;
