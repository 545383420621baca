// The peer of the first benchmark: the same routes as letschat, written plainly on Express, ws and pg, as one would
// write them from the three libraries' READMEs. One process, a pool of ten connections, statements prepared by name.
// Settings: PORT, DATABASE_URL, JWT_SECRET. It listens on loopback only.
'use strict'

const express = require('express')
const http = require('http')
const { readFileSync } = require('fs')
const { Pool } = require('pg')
const accounts = require('./accounts')
const messages = require('./messages')
const { verify } = require('./tokens')
const sockets = require('./sockets')

const pool = new Pool({ connectionString: process.env.DATABASE_URL, max: 10 })
const app = express()
app.use(express.json())

/** Express 4 does not wait for promises: a rejected one has to be handed to `next`. */
const route = (handler) => (req, res, next) => handler(req, res).catch(next)

function authenticate(req, res, next) {
  const [scheme, token] = (req.headers.authorization || '').split(' ')
  const claims = scheme === 'Bearer' ? verify(token) : null
  if (!claims) return res.status(401).json({ status: 401, code: 'unauthorized', title: 'Unauthorized' })
  req.userId = claims.sub
  next()
}

app.post('/api/auth/register', route(async (req, res) => {
  res.status(201).json(await accounts.register(pool, req.body))
}))

app.post('/api/auth/login', route(async (req, res) => {
  const result = await accounts.login(pool, req.body)
  if (!result) return res.status(401).json({ status: 401, code: 'invalid_credentials', title: 'Unauthorized' })
  res.json(result)
}))

app.get('/api/auth/me', authenticate, route(async (req, res) => {
  const me = await accounts.me(pool, req.userId)
  if (!me) return res.status(401).json({ status: 401, code: 'unauthorized', title: 'Unauthorized' })
  res.json(me)
}))

app.post('/api/chats', authenticate, route(async (req, res) => {
  res.status(201).json(await messages.createChat(pool, req.userId, req.body))
}))

app.get('/api/chats/:chatId/messages', authenticate, route(async (req, res) => {
  const limit = Math.min(Number(req.query.limit) || 50, 100)
  const before = Number(req.query.before_seq) || 2 ** 31 - 1
  const page = await messages.list(pool, req.userId, req.params.chatId, limit, before)
  if (!page) return res.status(404).json({ status: 404, code: 'not_found', title: 'Not Found' })
  res.json(page)
}))

app.use((error, req, res, next) => {
  console.error(error)
  res.status(500).json({ status: 500, code: 'internal_error', title: 'Internal Server Error' })
})

const server = http.createServer(app)
sockets.attach(server, pool)

async function main() {
  await pool.query(readFileSync(`${__dirname}/schema.sql`, 'utf8'))
  server.listen(Number(process.env.PORT), '127.0.0.1', () => {
    console.log(`The peer is listening at http://127.0.0.1:${server.address().port}`)
  })
}

process.on('SIGTERM', () => process.exit(0))
main().catch((error) => {
  console.error(error)
  process.exit(1)
})
