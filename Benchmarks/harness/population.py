"""Users of letschat with many chats, written straight into its database: the API would take hours for so many."""

import base64
import hashlib
import hmac
import json
import time

from .servers import SECRET

# In each of the layers of groups a user is in one group, in each of the layers of direct chats in one pair. Two layers
# never pair the same two: their numbers add up to another sum in each.
STATEMENTS = """
CREATE TEMPORARY TABLE people AS
  SELECT n, md5('user ' || n)::uuid AS id FROM generate_series(0, {users} - 1) n;
INSERT INTO users (id, email, username, display_name, password_hash)
  SELECT id, 'idle_' || n || '@example.org', 'idle_' || n, 'Idle ' || n, 'none' FROM people;
INSERT INTO sessions (id, user_id, expires_at)
  SELECT md5('session ' || n)::uuid, id, now() + interval '7 days' FROM people;
CREATE TEMPORARY TABLE groups AS
  SELECT layer, md5('group ' || layer || ' ' || place / {group_size})::uuid AS chat, id AS member FROM (
    SELECT layer, id, row_number() OVER (PARTITION BY layer ORDER BY md5(layer || ' ' || n)) - 1 AS place
    FROM people, generate_series(1, {groups}) layer) places;
INSERT INTO chats (id, type, name, created_by, created_at, updated_at, member_count)
  SELECT chat, 'group', 'Group', min(member::text)::uuid, now(), now(), count(*) FROM groups GROUP BY chat;
INSERT INTO chat_members (chat_id, user_id, role, joined_at, joined_rev, rev)
  SELECT chat, member, 'member', now(), 1, 1 FROM groups;
CREATE TEMPORARY TABLE pairs AS
  SELECT md5('pair ' || layer || ' ' || a.n)::uuid AS chat, a.id AS one, b.id AS other
  FROM generate_series(1, {directs}) layer
  JOIN people a ON true JOIN people b ON b.n = ((2 * layer - 1 - a.n) % {users} + {users}) % {users} AND a.n < b.n;
INSERT INTO chats (id, type, created_by, created_at, updated_at, member_count, direct_key)
  SELECT chat, 'direct', one, now(), now(), 2, least(one, other) || ':' || greatest(one, other) FROM pairs;
INSERT INTO chat_members (chat_id, user_id, role, joined_at, joined_rev, rev)
  SELECT chat, member, 'member', now(), 1, 1
  FROM pairs CROSS JOIN LATERAL (VALUES (one), (other)) members (member);
ANALYZE;
"""


def fill(postgres, database, users, groups, directs, group_size):
    """Makes `users` (even) users, each in `groups` groups of `group_size` and in `directs` direct chats."""
    assert users % 2 == 0
    postgres.query(
        STATEMENTS.format(users=users, groups=groups, directs=directs, group_size=group_size), database=database)


def tokens(users, seconds=7200):
    """An access token for each of them, signed as the server does."""
    key = hmac.digest(SECRET.encode(), b"letschat access token 1", "sha256")
    now = int(time.time())
    return [_token(key, _uuid(f"user {n}"), _uuid(f"session {n}"), now, now + seconds) for n in range(users)]


def _uuid(text):
    digits = hashlib.md5(text.encode()).hexdigest()
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


def _token(key, user, session, issued, expires):
    claims = json.dumps({"sub": user, "sid": session, "iat": issued, "exp": expires}, separators=(",", ":"))
    text = b"eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9." + _base64url(claims.encode())
    return (text + b"." + _base64url(hmac.digest(key, text, "sha256"))).decode()


def _base64url(octets):
    return base64.urlsafe_b64encode(octets).rstrip(b"=")
