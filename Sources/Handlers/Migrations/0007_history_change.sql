-- When a node last found that the database has another history: one row, with an id that is new each time. Who knew another
-- id has told what this history lacks, though its own mark may be of it: see DatabaseHistory.
CREATE TABLE history_change (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid()
);

INSERT INTO history_change DEFAULT VALUES;
