-- Which memberships have ended since a snapshot: while the nodes do not hear each other, each asks every 2 s.
CREATE INDEX chat_members_ended ON chat_members (membership_xid) WHERE left_at IS NOT NULL;
