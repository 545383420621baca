// Registration, login and "who am I".
'use strict'

const { randomBytes, randomUUID, scrypt, timingSafeEqual } = require('crypto')
const { promisify } = require('util')
const tokens = require('./tokens')

const derive = promisify(scrypt)

function view(user) {
  return {
    id: user.id,
    username: user.username,
    display_name: user.display_name,
    status: user.status,
    bio: user.bio,
    created_at: user.created_at,
    email: user.email,
  }
}

function signedIn(user) {
  return {
    user: view(user),
    access_token: tokens.sign({ sub: user.id }),
    refresh_token: randomBytes(32).toString('base64url'),
    expires_in: tokens.lifetime,
  }
}

async function register(pool, { email, username, password, display_name: displayName }) {
  const salt = randomBytes(16)
  const key = await derive(password, salt, 32)
  const { rows } = await pool.query(
    'INSERT INTO users (id, email, username, password, display_name) VALUES ($1, $2, $3, $4, $5) RETURNING *',
    [randomUUID(), email, username, `${salt.toString('hex')}:${key.toString('hex')}`, displayName || username],
  )
  return signedIn(rows[0])
}

async function login(pool, { identifier, password }) {
  const { rows } = await pool.query('SELECT * FROM users WHERE email = $1 OR username = $1', [identifier])
  if (!rows[0]) return null
  const [salt, key] = rows[0].password.split(':').map((part) => Buffer.from(part, 'hex'))
  return timingSafeEqual(key, await derive(password, salt, 32)) ? signedIn(rows[0]) : null
}

async function me(pool, userId) {
  const { rows } = await pool.query({
    name: 'me',
    text: 'SELECT id, username, display_name, status, bio, created_at, email FROM users WHERE id = $1',
    values: [userId],
  })
  return rows[0] && view(rows[0])
}

module.exports = { register, login, me }
