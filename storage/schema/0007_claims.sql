-- All authors, the venue and the text around a citation: what it says is read against the record. A list's own title.
ALTER TABLE citation ADD COLUMN authors TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(authors));
ALTER TABLE citation ADD COLUMN venue TEXT NOT NULL DEFAULT '';
ALTER TABLE citation ADD COLUMN passage TEXT NOT NULL DEFAULT '';
ALTER TABLE citation ADD COLUMN passage_from INTEGER NOT NULL DEFAULT 0;
ALTER TABLE citation ADD COLUMN passage_to INTEGER NOT NULL DEFAULT 0;
ALTER TABLE list ADD COLUMN title TEXT NOT NULL DEFAULT '';
