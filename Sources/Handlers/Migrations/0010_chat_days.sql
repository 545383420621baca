-- The day of 0009 in a table of its own, whose rows are written under the chat's lock alone. In chat_members, a row that
-- somebody else had locked held up the first message of a day, and with it all that was stored together with that one;
-- and each mark that rose wrote one more entry of an index.
DROP TRIGGER chats_day ON chats;
DROP FUNCTION chats_tell_day();
ALTER TABLE chat_members DROP COLUMN active_on;

-- On which day something last happened in a chat: a row for each member of a chat that is not deleted. A list begins with
-- the chats of the newest days and stops where it is full.
CREATE TABLE chat_days (
  chat_id uuid NOT NULL,
  user_id uuid NOT NULL,
  day date NOT NULL,
  PRIMARY KEY (chat_id, user_id)
);

INSERT INTO chat_days (chat_id, user_id, day)
SELECT chat_id, user_id, day_of(updated_at)
FROM chat_members JOIN chats ON chats.id = chat_id
WHERE left_at IS NULL AND deleted_at IS NULL;

CREATE INDEX chat_days_newest ON chat_days (user_id, day, chat_id);
-- Behind the rows: checked all at once, not one by one.
ALTER TABLE chat_days ADD FOREIGN KEY (user_id, chat_id) REFERENCES chat_members ON DELETE CASCADE;

-- Triggers, so that no statement that changes a chat or its members can forget it.
CREATE FUNCTION chats_tell_day() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.deleted_at IS NULL THEN
    UPDATE chat_days SET day = day_of(NEW.updated_at) WHERE chat_id = NEW.id AND day < day_of(NEW.updated_at);
  ELSE
    DELETE FROM chat_days WHERE chat_id = NEW.id;
  END IF;
  RETURN NULL;
END
$$;

CREATE TRIGGER chats_day AFTER UPDATE OF updated_at, deleted_at ON chats
FOR EACH ROW
WHEN (
  day_of(NEW.updated_at) > day_of(OLD.updated_at) OR (NEW.deleted_at IS NOT NULL AND OLD.deleted_at IS NULL)
) EXECUTE FUNCTION chats_tell_day();

CREATE FUNCTION chat_members_begin_day() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO chat_days (chat_id, user_id, day)
  SELECT joined.chat_id, joined.user_id, day_of(c.updated_at)
  FROM joined CROSS JOIN LATERAL (SELECT updated_at FROM chats WHERE id = joined.chat_id LIMIT 1) c
  WHERE joined.left_at IS NULL;
  RETURN NULL;
END
$$;

CREATE TRIGGER chat_members_begin_day AFTER INSERT ON chat_members
REFERENCING NEW TABLE AS joined FOR EACH STATEMENT EXECUTE FUNCTION chat_members_begin_day();

CREATE FUNCTION chat_members_change_day() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.left_at IS NULL THEN
    INSERT INTO chat_days (chat_id, user_id, day)
    SELECT id, NEW.user_id, day_of(updated_at) FROM chats WHERE id = NEW.chat_id;
  ELSE
    DELETE FROM chat_days WHERE chat_id = NEW.chat_id AND user_id = NEW.user_id;
  END IF;
  RETURN NULL;
END
$$;

CREATE TRIGGER chat_members_change_day AFTER UPDATE OF left_at ON chat_members
FOR EACH ROW WHEN ((NEW.left_at IS NULL) <> (OLD.left_at IS NULL)) EXECUTE FUNCTION chat_members_change_day();
