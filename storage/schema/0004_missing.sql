-- The papers that a run got no answer for and, since they were too many at once, did not believe to be gone. Another run
-- that misses them too is believed.
CREATE TABLE missing (
  id    TEXT PRIMARY KEY,
  since TEXT NOT NULL
) STRICT, WITHOUT ROWID;
