"""The peer of the fan-out in Python: python-socketio on uvicorn, as its documentation has it."""

import socketio

ROOM = "everyone"

server = socketio.AsyncServer(async_mode="asgi", cors_allowed_origins="*")
app = socketio.ASGIApp(server)


@server.event
async def connect(sid, environ):
    await server.enter_room(sid, ROOM)


@server.event
async def message(sid, data):
    await server.emit("message", data, room=ROOM)
