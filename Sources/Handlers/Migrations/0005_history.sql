-- The database's history: rows of each run of PostgreSQL, and one every 10 s while there are writes. A copy of the
-- database that lacks commits (a backup, a disk's snapshot, a standby that was behind) lacks rows, too: see HistoryMark.
-- 30 days of rows are kept, 259,200 at most but for those of runs.
CREATE TABLE history (
  -- In the order of the commits, without holes: given under a lock.
  number bigint PRIMARY KEY,
  id uuid NOT NULL UNIQUE DEFAULT gen_random_uuid(),
  written_at timestamptz NOT NULL DEFAULT now(),
  -- The transaction that wrote the row.
  xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
  -- Behind the last transaction that had ended when the row was written: pg_snapshot_xmax.
  next_xid xid8 NOT NULL,
  -- Which cluster's table this is: transactions' numbers mean nothing in another one, as after a dump was read in.
  origin text NOT NULL,
  -- Which run of PostgreSQL wrote the row.
  run text NOT NULL
);
