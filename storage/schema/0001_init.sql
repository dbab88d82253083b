-- The first schema. The tables are free to change from one version of the program to the next; the views at the end, and
-- papers_fts, are public. Times are RFC 3339 text in UTC with seconds. Papers are few columns wide because there may be
-- three million of them: authors are an ordered JSON array (measured four times as fast to write as a table of authors),
-- and each text is stored once, on the version it belongs to.

CREATE TABLE paper (
  n                INTEGER PRIMARY KEY,            -- the row of papers_fts
  id               TEXT NOT NULL UNIQUE,           -- canonical identifier, unversioned
  version          INTEGER NOT NULL,               -- the newest one; its texts are the paper's
  primary_category TEXT NOT NULL,
  categories       TEXT NOT NULL,                  -- JSON array, the primary one first
  journal_ref      TEXT NOT NULL,
  doi              TEXT NOT NULL,                  -- JSON array
  published        TEXT NOT NULL,                  -- submission of v1
  license          TEXT NOT NULL DEFAULT '',
  submitter        TEXT NOT NULL DEFAULT '',
  withdrawn        INTEGER NOT NULL DEFAULT 0,
  disappeared_at   TEXT,
  raw_version      INTEGER NOT NULL DEFAULT 0,     -- the newest version that OAI-PMH told of
  raw_at           TEXT,                           -- when OAI-PMH was last asked
  raw_due          INTEGER NOT NULL DEFAULT 0,     -- the record speaks of a withdrawal: ask OAI-PMH
  fetched_at       TEXT NOT NULL,                  -- when this content was had
  hash             BLOB NOT NULL                   -- of the current record, to know an unchanged one without reading it
) STRICT;

CREATE TABLE version (
  paper       INTEGER NOT NULL REFERENCES paper(n),
  number      INTEGER NOT NULL,
  submitted   TEXT NOT NULL DEFAULT '',
  size_kb     INTEGER,                             -- from OAI-PMH, as source_type and withdrawn
  source_type TEXT NOT NULL DEFAULT '',
  withdrawn   INTEGER NOT NULL DEFAULT 0,
  has_text    INTEGER NOT NULL DEFAULT 0,          -- from the query API: the four columns that follow
  title       TEXT NOT NULL DEFAULT '',
  authors     TEXT NOT NULL DEFAULT '[]',          -- JSON array of {"name","affiliations"}
  abstract    TEXT NOT NULL DEFAULT '',
  comment     TEXT NOT NULL DEFAULT '',
  absent_at   TEXT,                                -- when its text was asked for in vain
  PRIMARY KEY (paper, number)
) STRICT;

-- Identifiers that arXiv has no paper for, confirmed by both interfaces.
CREATE TABLE unknown (
  id       TEXT PRIMARY KEY,
  asked_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- What a doubtful citation turned out to mean, so that arXiv is not searched for it again every night.
CREATE TABLE lookup (
  claim    TEXT PRIMARY KEY,                       -- title and author as they are compared
  id       TEXT NOT NULL,                          -- empty: searched for in vain
  asked_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE list (
  name       TEXT PRIMARY KEY,
  format     TEXT NOT NULL,
  first_seen TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- One row a mention. It is known again by paper and rank among the list's mentions of that paper, so that a moved line is
-- not a new citation. A mention that left the list keeps its row.
CREATE TABLE citation (
  n          INTEGER PRIMARY KEY,
  list       TEXT NOT NULL REFERENCES list(name),
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
  ignored    TEXT NOT NULL,                        -- JSON array of finding kinds that the list asks not to hear of
  first_seen TEXT NOT NULL,
  gone_at    TEXT,
  UNIQUE (list, id, rank)
) STRICT;
CREATE INDEX citation_id ON citation(id);

CREATE TABLE link (
  url        TEXT PRIMARY KEY,
  verdict    TEXT NOT NULL DEFAULT 'unchecked',
  reason     TEXT NOT NULL DEFAULT '',
  since      TEXT,
  checked_at TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE link_mention (
  n          INTEGER PRIMARY KEY,
  list       TEXT NOT NULL REFERENCES list(name),
  url        TEXT NOT NULL REFERENCES link(url),
  rank       INTEGER NOT NULL,
  as_written TEXT NOT NULL,
  title      TEXT NOT NULL,
  line       INTEGER NOT NULL,
  col        INTEGER NOT NULL,
  section    TEXT NOT NULL,
  first_seen TEXT NOT NULL,
  gone_at    TEXT,
  UNIQUE (list, url, rank)
) STRICT;
CREATE INDEX link_mention_url ON link_mention(url);

CREATE TABLE malformed (
  n          INTEGER PRIMARY KEY,
  list       TEXT NOT NULL REFERENCES list(name),
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

CREATE TABLE run (
  n          INTEGER PRIMARY KEY,
  kind       TEXT NOT NULL,
  lists      TEXT NOT NULL,                        -- JSON array of names
  pid        INTEGER NOT NULL,
  host       TEXT NOT NULL,
  started_at TEXT NOT NULL,
  ended_at   TEXT,                                 -- null: going on, or crashed
  requests   INTEGER NOT NULL DEFAULT 0,
  papers     INTEGER NOT NULL DEFAULT 0,
  changed    INTEGER NOT NULL DEFAULT 0,
  links      INTEGER NOT NULL DEFAULT 0,
  broken     INTEGER NOT NULL DEFAULT 0,
  complete   INTEGER NOT NULL DEFAULT 0,
  distrusted INTEGER NOT NULL DEFAULT 0,
  error      TEXT NOT NULL DEFAULT ''
) STRICT;

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
CREATE INDEX change_id ON change(id);
CREATE INDEX change_at ON change(at);

CREATE TABLE finding (
  key           TEXT PRIMARY KEY,
  kind          TEXT NOT NULL,
  severity      TEXT NOT NULL,
  subject       TEXT NOT NULL,
  list          TEXT NOT NULL,
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
CREATE INDEX finding_subject ON finding(subject);

-- What papers_fts indexes: the current record, names as one text. The index keeps no copy of it.
CREATE VIEW fts_source AS
  SELECT p.n AS n, v.title AS title,
         (SELECT group_concat(json_extract(a.value, '$.name'), ', ') FROM json_each(v.authors) AS a) AS authors,
         v.abstract AS abstract
  FROM paper AS p JOIN version AS v ON v.paper = p.n AND v.number = p.version;
CREATE VIRTUAL TABLE papers_fts USING fts5(title, authors, abstract, content='fts_source', content_rowid='n', tokenize='unicode61 remove_diacritics 2');

-- The public views.
CREATE VIEW papers AS
  SELECT p.n AS rowid, p.id, p.version, v.title, v.authors, v.abstract, p.primary_category, p.categories, v.comment, p.journal_ref, p.doi,
         p.license, p.submitter, p.published, v.submitted AS updated, p.withdrawn, p.disappeared_at, p.fetched_at
  FROM paper AS p JOIN version AS v ON v.paper = p.n AND v.number = p.version;
CREATE VIEW versions AS
  SELECT p.id, v.number AS version, v.submitted, v.size_kb, v.source_type, v.withdrawn, v.has_text, v.title, v.authors, v.abstract, v.comment
  FROM version AS v JOIN paper AS p ON p.n = v.paper;
CREATE VIEW authors AS
  SELECT p.id, a.key + 1 AS position, json_extract(a.value, '$.name') AS name, json_extract(a.value, '$.affiliations') AS affiliations
  FROM paper AS p JOIN version AS v ON v.paper = p.n AND v.number = p.version, json_each(v.authors) AS a;
CREATE VIEW citations AS
  SELECT list, id, nullif(version, 0) AS version, as_written, line, section, nullif(bib_key, '') AS bib_key, nullif(title, '') AS title,
         nullif(author, '') AS author, nullif(year, 0) AS year, first_seen, gone_at
  FROM citation;
CREATE VIEW links AS
  SELECT m.list, l.url, l.verdict, l.reason, l.since, l.checked_at, m.title, m.line, m.section, m.first_seen, m.gone_at
  FROM link_mention AS m JOIN link AS l ON l.url = m.url;
CREATE VIEW changes AS SELECT at, run, id, kind, field, old, new FROM change;
CREATE VIEW runs AS
  SELECT n AS run, kind, lists, started_at, ended_at, requests, papers, changed, links, broken, complete, distrusted, nullif(error, '') AS error FROM run;
-- An open finding was last seen by the newest complete run over its list; that is not written down every night.
CREATE VIEW findings AS
  SELECT f.key, f.kind, f.severity, f.subject, f.list, f.line, nullif(f.col, 0) AS col, nullif(f.claimed, '') AS claimed, nullif(f.actual, '') AS actual,
         nullif(f.suggestion, '') AS suggestion, f.message, f.first_seen,
         coalesce(f.resolved_at, (SELECT max(r.started_at) FROM run AS r, json_each(r.lists) AS l
           WHERE r.complete = 1 AND r.distrusted = 0 AND l.value = f.list), f.first_seen) AS last_seen,
         f.resolved_at,
         f.ignored_at IS NOT NULL AND (f.ignored_until IS NULL OR f.ignored_until > strftime('%Y-%m-%dT%H:%M:%SZ', 'now')) AS ignored,
         nullif(f.ignore_reason, '') AS ignore_reason, f.ignored_until
  FROM finding AS f;
