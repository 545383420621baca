-- What nodes ask for again and again, lest they have missed it: each by an index that leads to what has moved since a
-- snapshot, so that no look costs more for what is old.

-- Which memberships have ended: while the nodes do not hear each other, each asks every 2 s.
CREATE INDEX chat_members_ended ON chat_members (membership_xid) WHERE left_at IS NOT NULL;

-- Which memberships of a user have begun. It also finds all of a user's, as the index did that it takes the place of: so
-- a mark that rises writes no entry more.
CREATE INDEX chat_members_of_user ON chat_members (user_id, membership_xid);
DROP INDEX chat_members_user_id;

-- Which sessions have been revoked. A trigger notes the transaction, so that no statement that revokes can forget it.
ALTER TABLE sessions ADD COLUMN revoked_xid xid8;
CREATE INDEX sessions_revoked_xid ON sessions (revoked_xid) WHERE revoked_xid IS NOT NULL;

CREATE FUNCTION sessions_note_revocation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.revoked_xid := pg_current_xact_id();
  RETURN NEW;
END
$$;

CREATE TRIGGER sessions_revocation BEFORE UPDATE OF revoked_at ON sessions
FOR EACH ROW WHEN (NEW.revoked_at IS NOT NULL AND OLD.revoked_at IS NULL) EXECUTE FUNCTION sessions_note_revocation();
