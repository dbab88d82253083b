-- Hosts of links that have asked to be left alone, and until when: the next run leaves them alone too.
CREATE TABLE host_rest (
  host  TEXT PRIMARY KEY,
  until TEXT NOT NULL
) STRICT, WITHOUT ROWID;
