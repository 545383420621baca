// SocketIO's tests
