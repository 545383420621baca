// The socket: as much of Engine.IO 4 and Socket.IO 5 over ws as a client needs to connect, send and be told
// (Socket.IO itself is not among Debian's packages; its layers would only add work to each message).
'use strict'

const { WebSocketServer } = require('ws')
const { randomBytes } = require('crypto')
const messages = require('./messages')
const { verify } = require('./tokens')

const pingInterval = 25000
const pingTimeout = 20000
const rooms = new Map() // chat id → the connections of its members

function broadcast(chatId, event, payload) {
  const frame = `42${JSON.stringify([event, payload])}`
  for (const socket of rooms.get(chatId) || []) socket.send(frame)
}

function join(socket, chatId) {
  if (!rooms.has(chatId)) rooms.set(chatId, new Set())
  rooms.get(chatId).add(socket)
}

const handlers = {
  async send_message(pool, userId, payload) {
    const { chat_id: chatId, content } = payload
    if (typeof content !== 'string' || content.length < 1 || content.length > 4000) {
      return { ok: false, error: { status: 422, code: 'validation_failed', title: 'Unprocessable Content' } }
    }
    const sent = await messages.send(pool, userId, payload)
    if (!sent) return { ok: false, error: { status: 404, code: 'not_found', title: 'Not Found' } }
    if (sent.repeated && sent.row.content !== content) {
      return { ok: false, error: { status: 409, code: 'idempotency_conflict', title: 'Conflict' } }
    }
    if (!sent.repeated) broadcast(chatId, 'new_message', messages.messageEvent(sent.row))
    return { ok: true, data: messages.message(sent.row, userId, { read: 0, delivered: 0 }) }
  },
}

async function connected(socket, pool, auth) {
  const claims = verify(auth && auth.token)
  if (!claims) {
    socket.send(`44${JSON.stringify({ message: 'Unauthorized', data: { status: 401, code: 'unauthorized' } })}`)
    return
  }
  socket.userId = claims.sub
  socket.chats = await messages.chatsOf(pool, claims.sub)
  for (const chatId of socket.chats) join(socket, chatId)
  socket.send(`40${JSON.stringify({ sid: randomBytes(15).toString('base64url') })}`)
}

/** An event: `42`, the acknowledgement's number if one is asked for, and a JSON array of name and payload. */
async function event(socket, pool, text) {
  const start = text.indexOf('[')
  const ack = text.slice(2, start)
  const [name, payload] = JSON.parse(text.slice(start))
  const handler = handlers[name]
  const answer = handler
    ? await handler(pool, socket.userId, payload)
    : { ok: false, error: { status: 404, code: 'not_found', title: 'Not Found' } }
  if (ack) socket.send(`43${ack}${JSON.stringify([answer])}`)
}

function attach(server, pool) {
  const wss = new WebSocketServer({ server, path: '/socket.io/' })

  wss.on('connection', (socket) => {
    socket.alive = true
    socket.chats = []
    socket.on('message', (data) => {
      const text = data.toString()
      if (text === '3') {
        socket.alive = true
      } else if (text.startsWith('40')) {
        connected(socket, pool, text.length > 2 ? JSON.parse(text.slice(2)) : null).catch(console.error)
      } else if (text.startsWith('42') && socket.userId) {
        event(socket, pool, text).catch(console.error)
      } else {
        socket.close()
      }
    })
    socket.on('close', () => {
      for (const chatId of socket.chats) {
        const room = rooms.get(chatId)
        room.delete(socket)
        if (room.size === 0) rooms.delete(chatId)
      }
    })
    const sid = randomBytes(15).toString('base64url')
    socket.send(`0${JSON.stringify({ sid, upgrades: [], pingInterval, pingTimeout, maxPayload: 1000000 })}`)
  })

  setInterval(() => {
    for (const socket of wss.clients) {
      if (!socket.alive) {
        socket.terminate()
        continue
      }
      socket.alive = false
      socket.send('2')
    }
  }, pingInterval).unref()
}

module.exports = { attach }
