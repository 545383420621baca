// HS256 access tokens (RFC 7515). jsonwebtoken is not among Debian's packages, so this is the part of it that
// the peer needs, on Node's own crypto.
'use strict'

const { createHmac, timingSafeEqual } = require('crypto')

const secret = process.env.JWT_SECRET
const header = Buffer.from(JSON.stringify({ alg: 'HS256', typ: 'JWT' })).toString('base64url')
const lifetime = 15 * 60 // seconds

function signature(input) {
  return createHmac('sha256', secret).update(input).digest()
}

function sign(claims) {
  const now = Math.floor(Date.now() / 1000)
  const payload = Buffer.from(JSON.stringify({ ...claims, iat: now, exp: now + lifetime })).toString('base64url')
  return `${header}.${payload}.${signature(`${header}.${payload}`).toString('base64url')}`
}

/** The claims of a good token, otherwise null. */
function verify(token) {
  const parts = (token || '').split('.')
  if (parts.length !== 3 || parts[0] !== header) return null
  const given = Buffer.from(parts[2], 'base64url')
  const expected = signature(`${parts[0]}.${parts[1]}`)
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return null
  const claims = JSON.parse(Buffer.from(parts[1], 'base64url'))
  return claims.exp > Date.now() / 1000 ? claims : null
}

module.exports = { sign, verify, lifetime }
