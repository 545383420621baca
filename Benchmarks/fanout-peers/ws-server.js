// The strong peer of the fan-out: bare ws, a frame built once for the whole room and written to each connection's
// socket, past ws's own sender. As much of Engine.IO 4 and Socket.IO 5 as the load needs; nothing is parsed.
// Settings: PORT; CORK=1: what one turn of Node's loop writes to a connection goes out in one system call.
'use strict'

const { randomBytes } = require('crypto')
const http = require('http')
const { WebSocketServer, Sender } = require('ws')

const pingInterval = 25000
const pingTimeout = 20000
const corks = process.env.CORK === '1'
const room = new Set() // the TCP sockets of everybody

function frame(data) {
  return Buffer.concat(Sender.frame(data, { fin: true, rsv1: false, opcode: 1, mask: false, readOnly: true }))
}

let corked = []

function uncorkAll() {
  const sockets = corked
  corked = []
  for (const socket of sockets) {
    socket.isCorked = false
    socket.uncork()
  }
}

/** What is written until the loop's turn is over goes out together (writev). */
function cork(socket) {
  if (socket.isCorked) return
  socket.isCorked = true
  socket.cork()
  if (corked.push(socket) === 1) setImmediate(uncorkAll)
}

function broadcast(data) {
  const octets = frame(data)
  for (const socket of room) {
    if (corks) cork(socket)
    socket.write(octets)
  }
}

const server = http.createServer()
const wss = new WebSocketServer({ server, path: '/socket.io/', perMessageDeflate: false })

wss.on('connection', (webSocket, request) => {
  const tcp = request.socket
  webSocket.alive = true
  webSocket.on('message', (data) => {
    const type = data[0]
    if (type === 0x34 && data[1] === 0x32) { // 42: an event goes to everybody as it is
      broadcast(data)
    } else if (type === 0x34 && data[1] === 0x30) { // 40: the namespace
      room.add(tcp)
      webSocket.send(`40${JSON.stringify({ sid: randomBytes(15).toString('base64url') })}`)
    } else if (type === 0x33) { // 3: a pong
      webSocket.alive = true
    } else {
      webSocket.close()
    }
  })
  webSocket.on('close', () => room.delete(tcp))
  webSocket.on('error', () => webSocket.terminate())
  const sid = randomBytes(15).toString('base64url')
  webSocket.send(`0${JSON.stringify({ sid, upgrades: [], pingInterval, pingTimeout, maxPayload: 1000000 })}`)
})

setInterval(() => {
  for (const webSocket of wss.clients) {
    if (!webSocket.alive) {
      webSocket.terminate()
      continue
    }
    webSocket.alive = false
    webSocket.send('2')
  }
}, pingInterval).unref()

process.on('SIGTERM', () => process.exit(0))
server.listen({ port: Number(process.env.PORT), host: '127.0.0.1', backlog: 4096 }, () => {
  console.log(`The peer is listening at port ${server.address().port}`)
})
