import NIOCore

/// A packet of Socket.IO protocol 5, the data of an Engine.IO message: type, namespace, acknowledgement id, JSON.
///
/// Source: socketio/socket.io, docs/socket.io-protocol/v5-current.md.
struct SocketIOPacket: Equatable {
  enum Kind: UInt8 {
    case connect = 0x30
    case disconnect, event, acknowledgement, connectError, binaryEvent, binaryAcknowledgement
  }

  var kind: Kind
  var namespace = "/"
  /// Asks for, or is, the acknowledgement with this number.
  var id: UInt64?
  /// JSON; empty if the packet has none.
  var payload = ByteBuffer()

  static let maxNamespaceLength = 1024
  /// What UInt64 surely holds. Clients count from 0.
  static let maxIDDigits = 19

  init(kind: Kind, namespace: String = "/", id: UInt64? = nil, payload: ByteBuffer = ByteBuffer()) {
    self.kind = kind
    self.namespace = namespace
    self.id = id
    self.payload = payload
  }

  /// Reads the packet that an Engine.IO message, known to be well-formed UTF-8, holds. The payload is not looked at:
  /// see ``EventArguments``.
  init(decoding message: ByteBuffer) throws(PacketError) {
    var message = message
    guard let digit = message.readInteger(as: UInt8.self), let kind = Kind(rawValue: digit) else {
      throw .malformed("not a Socket.IO packet")
    }
    guard kind != .binaryEvent, kind != .binaryAcknowledgement else {
      throw .unsupported("binary packet")
    }
    self.init(kind: kind)
    if message.peekInteger(as: UInt8.self) == UInt8(ascii: "/") {
      let view = message.readableBytesView
      let end = view.firstIndex(of: UInt8(ascii: ",")) ?? view.endIndex
      guard end - view.startIndex <= Self.maxNamespaceLength else { throw .malformed("overlong namespace") }
      self.namespace = String(decoding: view[..<end], as: UTF8.self)
      message.moveReaderIndex(to: min(end + 1, view.endIndex))
    }
    self.id = try Self.readID(&message)
    self.payload = message
  }

  private static func readID(_ message: inout ByteBuffer) throws(PacketError) -> UInt64? {
    let view = message.readableBytesView
    let digits = view.prefix(while: { 0x30...0x39 ~= $0 })
    guard !digits.isEmpty else { return nil }
    guard digits.count <= Self.maxIDDigits else { throw .malformed("overlong acknowledgement id") }
    message.moveReaderIndex(forwardBy: digits.count)
    return digits.reduce(0) { $0 * 10 + UInt64($1 - 0x30) }
  }

  /// What stands before the payload.
  var header: String {
    var header = String(UnicodeScalar(self.kind.rawValue))
    if self.namespace != "/" { header += self.namespace + "," }
    if let id = self.id { header += String(id) }
    return header
  }

  // MARK: - The server's packets

  static func connected(sid: String) -> SocketIOPacket {
    SocketIOPacket(kind: .connect, payload: ByteBuffer(string: #"{"sid":"\#(sid)"}"#))
  }

  static func connectError(namespace: String, message: String, data: ByteBuffer? = nil) -> SocketIOPacket {
    var payload = ByteBuffer(string: #"{"message":\#(JSONString.encode(message))"#)
    if let data {
      payload.writeString(#","data":"#)
      payload.writeImmutableBuffer(data)
    }
    payload.writeString("}")
    return SocketIOPacket(kind: .connectError, namespace: namespace, payload: payload)
  }
}
