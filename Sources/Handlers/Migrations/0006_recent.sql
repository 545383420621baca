-- What has changed on the server last: a sync with a cursor begins here, see RecentChanges.
CREATE INDEX chats_changed_xid ON chats (changed_xid);
CREATE INDEX chat_members_recent ON chat_members (changed_xid);

-- Nothing walks the chats of the whole server by time.
DROP INDEX chats_updated_at;
