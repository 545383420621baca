-- Accounts: who may sign in, and the sessions that they hold.
-- pg_trgm is a trusted extension (PostgreSQL 13 and later): the database's owner may create it.
CREATE EXTENSION IF NOT EXISTS pg_trgm;

CREATE TABLE users (
  id uuid PRIMARY KEY,
  -- Both are kept in lower case, so that the constraints hold without regard to case. In the order of its bytes an index
  -- on usernames also finds prefixes: from `ada` to `ada~`, for no username has a character after z.
  email text NOT NULL CONSTRAINT users_email_key UNIQUE,
  username text COLLATE "C" NOT NULL CONSTRAINT users_username_key UNIQUE,
  display_name text NOT NULL,
  status text NOT NULL DEFAULT '',
  bio text NOT NULL DEFAULT '',
  password_hash text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT date_trunc('milliseconds', now()),
  -- The transaction of the last change that others may see. A sync cursor holds a snapshot, not a number, because
  -- numbers become visible out of order: `changed_xid >= pg_snapshot_xmin(cursor)` tells too much, never too little.
  changed_xid xid8 NOT NULL DEFAULT pg_current_xact_id()
);

-- Search finds how any word of the display name begins: `% word%`.
CREATE INDEX users_display_name_words ON users USING gin ((' ' || lower(display_name)) gin_trgm_ops);

CREATE TABLE sessions (
  id uuid PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
  -- The generation of the newest refresh token. The token itself is derived from it and is never stored.
  generation integer NOT NULL DEFAULT 0,
  device text,
  created_at timestamptz NOT NULL DEFAULT now(),
  last_used_at timestamptz NOT NULL DEFAULT now(),
  -- When the newest generation was first given out, and when it expires.
  rotated_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  revoked_at timestamptz
);

CREATE INDEX sessions_user_id ON sessions (user_id);
CREATE INDEX sessions_revoked_at ON sessions (revoked_at) WHERE revoked_at IS NOT NULL;
