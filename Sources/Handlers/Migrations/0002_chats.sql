-- Chats, their members and messages. seq, rev and every xid are given under the chat's row lock (see MessageWriter).

CREATE TABLE chats (
  id uuid PRIMARY KEY,
  type text NOT NULL CHECK (type IN ('direct', 'group')),
  name text,
  created_by uuid NOT NULL REFERENCES users,
  created_at timestamptz NOT NULL,
  -- The last message's or the last change's of the chat's own fields or members: what lists are ordered by.
  updated_at timestamptz NOT NULL,
  -- Kept beside chat_members, so that a list of chats need not count.
  member_count integer NOT NULL CHECK (member_count BETWEEN 0 AND 256),
  last_seq bigint NOT NULL DEFAULT 0,
  rev bigint NOT NULL DEFAULT 1,
  -- The rev of the last change of the chat's own fields (name, deletion).
  meta_rev bigint NOT NULL DEFAULT 1,
  -- Both users' ids in order: one direct chat for each pair.
  direct_key text,
  client_id uuid,
  -- The first 64 bits of SHA-256 over the original request: a repeat with another body is a conflict.
  body_hash bigint,
  deleted_at timestamptz,
  changed_xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
  CHECK ((type = 'direct') = (direct_key IS NOT NULL)),
  CHECK (meta_rev <= rev)
) WITH (fillfactor = 70);

CREATE UNIQUE INDEX chats_direct_key ON chats (direct_key) WHERE direct_key IS NOT NULL;
CREATE UNIQUE INDEX chats_client_id ON chats (created_by, client_id) WHERE client_id IS NOT NULL;
-- Pages of a user's chats, newest first: walked where a user has many.
CREATE INDEX chats_updated_at ON chats (updated_at DESC, id DESC);

-- A member that left keeps its row: /changes and /sync tell of it, and its watermarks never fall.
CREATE TABLE chat_members (
  chat_id uuid NOT NULL REFERENCES chats,
  user_id uuid NOT NULL REFERENCES users,
  role text NOT NULL CHECK (role IN ('admin', 'member')),
  joined_at timestamptz NOT NULL,
  left_at timestamptz,
  -- Who removed the member: itself, if it left.
  removed_by uuid,
  -- The revs of joining and of the last change of the membership. Watermarks do not count.
  joined_rev bigint NOT NULL,
  rev bigint NOT NULL,
  last_read_seq bigint NOT NULL DEFAULT 0,
  last_read_at timestamptz,
  last_delivered_seq bigint NOT NULL DEFAULT 0,
  -- A direct chat is hidden while its last_seq is not beyond this.
  hidden_seq bigint,
  -- The transactions of the last change of anything here, and of the last change of the membership.
  changed_xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
  membership_xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
  PRIMARY KEY (chat_id, user_id),
  CHECK (last_delivered_seq >= last_read_seq)
) WITH (fillfactor = 80);

-- A user's chats: lists, sync, the rooms of a connection.
CREATE INDEX chat_members_user_id ON chat_members (user_id, chat_id);
-- Sync: which of a user's chats have marks or members that moved.
CREATE INDEX chat_members_changed_xid ON chat_members (chat_id, changed_xid);

-- Sync: which people have changed.
CREATE INDEX users_changed_xid ON users (changed_xid);

-- No foreign keys: each would lock and write a row of users for every message. The writer proves both under the chat's
-- lock, and rows of chats and users are never deleted.
CREATE TABLE messages (
  id uuid PRIMARY KEY,
  chat_id uuid NOT NULL,
  seq bigint NOT NULL,
  -- The rev of the message's last change.
  rev bigint NOT NULL,
  sender_id uuid NOT NULL,
  type text NOT NULL CHECK (type IN ('text', 'system')),
  content text NOT NULL CHECK (char_length(content) <= 4000),
  system_action text CHECK (system_action IN ('member_added', 'member_removed', 'member_left', 'chat_renamed')),
  system_user_ids uuid[],
  system_name text,
  client_id uuid,
  -- As in chats: an edit does not change it.
  body_hash bigint,
  created_at timestamptz NOT NULL,
  edited_at timestamptz,
  deleted_at timestamptz,
  CONSTRAINT messages_seq UNIQUE (chat_id, seq),
  CONSTRAINT messages_rev UNIQUE (chat_id, rev),
  CHECK (rev > seq)
) WITH (fillfactor = 90);

CREATE UNIQUE INDEX messages_client_id ON messages (chat_id, sender_id, client_id) WHERE client_id IS NOT NULL;
-- What somebody said: message search by sender, the deletion of an account.
CREATE INDEX messages_sender_id ON messages (sender_id);

-- When each watermark of reading rose, and to where: the times of reading a message come from here.
CREATE TABLE read_marks (
  chat_id uuid NOT NULL,
  user_id uuid NOT NULL,
  up_to_seq bigint NOT NULL,
  at timestamptz NOT NULL,
  PRIMARY KEY (chat_id, user_id, up_to_seq)
);
