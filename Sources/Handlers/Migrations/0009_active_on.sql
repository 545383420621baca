-- On which day something last happened in a chat, beside each membership: a list begins with the chats of the newest days
-- and stops where it is full. Written once a day for each member, while an order by time would be at each message.
CREATE FUNCTION day_of(at timestamptz) RETURNS date LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (at AT TIME ZONE 'UTC')::date;

ALTER TABLE chat_members ADD COLUMN active_on date;
UPDATE chat_members cm SET active_on = day_of(c.updated_at) FROM chats c WHERE c.id = cm.chat_id;
ALTER TABLE chat_members ALTER COLUMN active_on SET NOT NULL;
CREATE INDEX chat_members_active_on ON chat_members (user_id, active_on);

-- The key begins with the user: a sync walks a user's chats in its order. The members of a chat are found by the index of
-- changed_xid, so a mark that rises writes no entry more for this.
ALTER TABLE chat_members DROP CONSTRAINT chat_members_pkey, ADD PRIMARY KEY (user_id, chat_id);

-- A trigger, so that no statement that changes a chat can forget it. A new membership says its day itself.
CREATE FUNCTION chats_tell_day() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE chat_members SET active_on = day_of(NEW.updated_at)
  WHERE chat_id = NEW.id AND active_on < day_of(NEW.updated_at) AND left_at IS NULL;
  RETURN NULL;
END
$$;

CREATE TRIGGER chats_day AFTER UPDATE OF updated_at ON chats
FOR EACH ROW WHEN (day_of(NEW.updated_at) > day_of(OLD.updated_at)) EXECUTE FUNCTION chats_tell_day();
