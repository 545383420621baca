// Chats and their messages.
'use strict'

const { randomUUID } = require('crypto')

/** What everybody in the room gets; fields without a value are left out, as in letschat's answers. */
function messageEvent(row) {
  const event = {
    id: row.id,
    chat_id: row.chat_id,
    seq: row.seq,
    rev: row.rev,
    sender_id: row.sender_id,
    type: row.type,
    content: row.content,
    created_at: row.created_at,
  }
  if (row.client_id) event.client_id = row.client_id
  if (row.edited_at) event.edited_at = row.edited_at
  if (row.deleted_at) event.deleted_at = row.deleted_at
  return event
}

/** What one member gets: one's own message tells how far the others are. */
function message(row, userId, marks) {
  const view = messageEvent(row)
  if (row.sender_id === userId) {
    view.status = row.seq <= marks.read ? 'read' : row.seq <= marks.delivered ? 'delivered' : 'sent'
  }
  return view
}

async function createChat(pool, userId, { type, name, member_ids: memberIds }) {
  const id = randomUUID()
  const client = await pool.connect()
  try {
    await client.query('BEGIN')
    const { rows } = await client.query(
      'INSERT INTO chats (id, type, name, created_by) VALUES ($1, $2, $3, $4) RETURNING *', [id, type, name, userId])
    for (const member of [userId, ...memberIds]) {
      await client.query('INSERT INTO chat_members (chat_id, user_id) VALUES ($1, $2)', [id, member])
    }
    await client.query('COMMIT')
    return rows[0]
  } catch (error) {
    await client.query('ROLLBACK')
    throw error
  } finally {
    client.release()
  }
}

/** A page of messages, the newest first; null for one who is not a member. */
async function list(pool, userId, chatId, limit, before) {
  const chat = await pool.query({
    name: 'chat',
    text: `SELECT c.rev,
             (SELECT min(o.last_read_seq) FROM chat_members o WHERE o.chat_id = c.id AND o.user_id <> $2) AS read,
             (SELECT min(o.last_delivered_seq) FROM chat_members o
               WHERE o.chat_id = c.id AND o.user_id <> $2) AS delivered
           FROM chats c JOIN chat_members m ON m.chat_id = c.id AND m.user_id = $2 WHERE c.id = $1`,
    values: [chatId, userId],
  })
  if (!chat.rows[0]) return null
  const { rows } = await pool.query({
    name: 'page',
    text: `SELECT id, chat_id, seq, rev, sender_id, type, content, client_id, edited_at, deleted_at, created_at
           FROM messages WHERE chat_id = $1 AND seq < $2 ORDER BY seq DESC LIMIT $3`,
    values: [chatId, before, limit],
  })
  const page = { items: rows.map((row) => message(row, userId, chat.rows[0])), rev: chat.rows[0].rev }
  if (rows.length === limit) page.next_cursor = Buffer.from(String(rows[limit - 1].seq)).toString('base64url')
  return page
}

/**
 * Stores a message, numbered under the chat's row lock. Answers {row, repeated}; a repeat of a client_id is the
 * message that is there. Null for one who is not a member.
 */
async function send(pool, userId, { chat_id: chatId, content, client_id: clientId }) {
  const client = await pool.connect()
  try {
    await client.query('BEGIN')
    const chat = await client.query({
      name: 'lock',
      text: `SELECT c.last_seq, c.rev FROM chats c
             JOIN chat_members m ON m.chat_id = c.id AND m.user_id = $2 WHERE c.id = $1 FOR UPDATE OF c`,
      values: [chatId, userId],
    })
    if (!chat.rows[0]) {
      await client.query('ROLLBACK')
      return null
    }
    const inserted = await client.query({
      name: 'insert',
      text: `INSERT INTO messages (id, chat_id, seq, rev, sender_id, content, client_id)
             VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (chat_id, sender_id, client_id) DO NOTHING
             RETURNING *`,
      values: [randomUUID(), chatId, chat.rows[0].last_seq + 1, chat.rows[0].rev + 1, userId, content, clientId],
    })
    if (!inserted.rows[0]) {
      await client.query('ROLLBACK')
      const { rows } = await client.query(
        'SELECT * FROM messages WHERE chat_id = $1 AND sender_id = $2 AND client_id = $3', [chatId, userId, clientId])
      return { row: rows[0], repeated: true }
    }
    await client.query({
      name: 'count',
      text: 'UPDATE chats SET last_seq = $2, rev = $3, updated_at = now() WHERE id = $1',
      values: [chatId, inserted.rows[0].seq, inserted.rows[0].rev],
    })
    await client.query('COMMIT')
    return { row: inserted.rows[0], repeated: false }
  } catch (error) {
    await client.query('ROLLBACK')
    throw error
  } finally {
    client.release()
  }
}

async function chatsOf(pool, userId) {
  const { rows } = await pool.query('SELECT chat_id FROM chat_members WHERE user_id = $1', [userId])
  return rows.map((row) => row.chat_id)
}

module.exports = { createChat, list, send, chatsOf, message, messageEvent }
