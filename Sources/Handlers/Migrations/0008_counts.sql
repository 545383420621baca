-- What is not counted as unread though it lies behind the mark: it is few, and is taken from the seqs. See
-- Fragments.ownChatJoins.
CREATE INDEX messages_uncounted ON messages (chat_id, seq) WHERE type = 'system' OR deleted_at IS NOT NULL;

-- What somebody said, now by chat as well: one's own messages behind one's mark.
DROP INDEX messages_sender_id;
CREATE INDEX messages_sender_id ON messages (sender_id, chat_id, seq);
