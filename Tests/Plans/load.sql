-- A server with many people, and one among them with many chats: what the statements' costs are tested on.
--
-- psql variables: users, groups (of ten members each), chats (of user 1, of ten members each), messages (in each of these,
-- and in the first of the groups, where one person wrote all of them); first_user, last_user, first_group, last_group (user
-- 1's included): a server can grow in steps, from 1 on; part, 0 or 1: it is run twice at once, by two connections, each
-- for its half.
--
-- Ids come from md5, so that nothing lies side by side by luck. Foreign keys and triggers are left out while it loads;
-- indexes stay, since plans that were made before are to be kept.
\set ON_ERROR_STOP on
SET synchronous_commit = off;
SET session_replication_role = replica;

INSERT INTO users (id, email, username, display_name, password_hash, created_at, search_words)
SELECT md5('user ' || n)::uuid, username || '@example.org', username, 'Person ' || n, '', '2026-01-01Z',
  ARRAY[username, 'person ' || n, n::text]
FROM (
  SELECT n, 'p_' || lpad(n::text, 8, '0') AS username
  FROM generate_series(:first_user, :last_user) n WHERE n % 2 = :part
) named;

INSERT INTO user_words (word, user_id)
SELECT unnest(search_words), id FROM users
WHERE right(username, 8)::int BETWEEN :first_user AND :last_user AND right(username, 1)::int % 2 = :part ORDER BY 1, 2;

-- Groups 1 to :chats are those of user 1.
INSERT INTO chats (id, type, name, created_by, created_at, updated_at, member_count, last_seq, rev)
SELECT md5('chat ' || n)::uuid, 'group', 'Group ' || n, md5('user 1')::uuid, '2026-01-01Z',
  timestamptz '2026-02-01Z' + make_interval(secs => n * 7919::bigint % 1000003), 10,
  CASE WHEN n <= :chats + 1 THEN :messages ELSE 1 END, CASE WHEN n <= :chats + 1 THEN :messages ELSE 1 END + 1
FROM generate_series(:first_group, :last_group) n WHERE n % 2 = :part;

-- The others of a group are neighbours, with a jump so that groups overlap. In the order of most of their indexes,
-- which is quicker than any other. chat_days has what triggers would write.
WITH joined AS (
  INSERT INTO chat_members
    (chat_id, user_id, role, joined_at, joined_rev, rev, last_read_seq, last_delivered_seq)
  SELECT DISTINCT ON (user_id, chat_id)
    chat_id, user_id, CASE k WHEN 0 THEN 'admin' ELSE 'member' END, '2026-01-01Z', 1, 1, 0, 0
  FROM (
    SELECT md5('chat ' || n)::uuid AS chat_id, k,
      md5('user ' || CASE WHEN k = 0 AND n <= :chats THEN 1 ELSE 2 + (n * 31::bigint + k * 97) % (:users - 1) END)::uuid
        AS user_id
    FROM generate_series(:first_group, :last_group) n, generate_series(0, 9) k WHERE n % 2 = :part
  ) drawn
  ORDER BY user_id, chat_id, k
  RETURNING chat_id, user_id
)
INSERT INTO chat_days (chat_id, user_id, day)
SELECT chat_id, user_id, day_of(updated_at)
FROM joined JOIN chats ON id = chat_id
ORDER BY chat_id, user_id;

INSERT INTO messages (id, chat_id, seq, rev, sender_id, type, content, client_id, created_at)
SELECT md5('message ' || n || ' ' || s)::uuid, md5('chat ' || n)::uuid, s, s + 1,
  md5('user ' || 2 + (n * 31::bigint + CASE WHEN n = :chats + 1 THEN 1 ELSE 1 + s % 9 END * 97) % (:users - 1))::uuid,
  'text', 'Message ' || s, md5('sent ' || n || ' ' || s)::uuid, '2026-02-01Z'
FROM generate_series(:first_group, :last_group) n,
  generate_series(1, CASE WHEN n <= :chats + 1 THEN :messages ELSE 1 END) s
WHERE n % 2 = :part
ORDER BY 2, 3;

-- Of runs of long ago: what is forgotten is there, too.
INSERT INTO history (number, id, written_at, xid, next_xid, origin, run)
SELECT n, md5('history ' || n)::uuid, '2025-01-01Z', '3', '3',
  concat_ws(' ', (SELECT system_identifier FROM pg_control_system()), 'history'::regclass::oid), 'long ago'
FROM generate_series(:first_user, least(:last_user, 259200)) n WHERE n % 2 = :part;
