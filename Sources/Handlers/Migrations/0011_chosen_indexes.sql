-- Several indexes of a table begin with the same column. Where PostgreSQL has no statistics, each of them seems to find
-- one row, and which one is taken depends on sizes: the look for an earlier message with the same client_id went through
-- all that the sender ever said in the chat. So each but the one that a plain look-up by keys needs has a condition, which
-- holds for every row: a plan takes the index only for a statement that says it (Fragments.Chosen).
ALTER TABLE messages ADD CHECK (seq > 0);
ALTER TABLE messages DROP CONSTRAINT messages_seq, DROP CONSTRAINT messages_rev;
CREATE UNIQUE INDEX messages_seq ON messages (chat_id, seq) WHERE seq > 0;
CREATE UNIQUE INDEX messages_rev ON messages (chat_id, rev) WHERE rev > 0;

DROP INDEX messages_sender_id;
CREATE INDEX messages_sender_id ON messages (sender_id, chat_id, seq) WHERE rev > seq;

DROP INDEX chat_members_changed_xid;
CREATE INDEX chat_members_changed_xid ON chat_members (chat_id, changed_xid) WHERE changed_xid IS NOT NULL;

DROP INDEX chat_members_of_user;
CREATE INDEX chat_members_of_user ON chat_members (user_id, membership_xid) WHERE membership_xid IS NOT NULL;

DROP INDEX chat_days_newest;
CREATE INDEX chat_days_newest ON chat_days (user_id, day, chat_id) WHERE day IS NOT NULL;
