-- The peer's own tables: what its three routes need, indexed as the server's are.
CREATE TABLE IF NOT EXISTS users (
  id uuid PRIMARY KEY,
  email text NOT NULL UNIQUE,
  username text NOT NULL UNIQUE,
  password text NOT NULL,
  display_name text NOT NULL,
  status text NOT NULL DEFAULT '',
  bio text NOT NULL DEFAULT '',
  created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE IF NOT EXISTS chats (
  id uuid PRIMARY KEY,
  type text NOT NULL,
  name text,
  created_by uuid NOT NULL REFERENCES users,
  last_seq integer NOT NULL DEFAULT 0,
  rev integer NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE IF NOT EXISTS chat_members (
  chat_id uuid NOT NULL REFERENCES chats,
  user_id uuid NOT NULL REFERENCES users,
  last_read_seq integer NOT NULL DEFAULT 0,
  last_delivered_seq integer NOT NULL DEFAULT 0,
  PRIMARY KEY (chat_id, user_id)
);
CREATE INDEX IF NOT EXISTS chat_members_user ON chat_members (user_id);

CREATE TABLE IF NOT EXISTS messages (
  id uuid PRIMARY KEY,
  chat_id uuid NOT NULL REFERENCES chats,
  seq integer NOT NULL,
  rev integer NOT NULL,
  sender_id uuid NOT NULL REFERENCES users,
  type text NOT NULL DEFAULT 'text',
  content text NOT NULL,
  client_id uuid,
  edited_at timestamptz,
  deleted_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (chat_id, seq),
  UNIQUE (chat_id, sender_id, client_id)
);
CREATE INDEX IF NOT EXISTS messages_rev ON messages (chat_id, rev);
CREATE INDEX IF NOT EXISTS messages_sender ON messages (sender_id);
