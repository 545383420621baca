import Bytes
import NIOCore

/// A packet of Socket.IO protocol 5: type, namespace, acknowledgement id, JSON, and for the binary types the attachments
/// that follow in messages of their own.
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
  /// What stands for `{"_placeholder":true,"num":n}` in the payload, by `n`.
  var attachments: [ByteBuffer] = []
  /// How many attachments are still to come.
  var missingAttachments = 0

  static let maxNamespaceLength = 1024
  /// What UInt64 surely holds. Clients count from 0.
  static let maxIDDigits = 19
  /// The reference's default (socket.io-parser, `maxAttachments`).
  static let maxAttachments = 10

  init(
    kind: Kind, namespace: String = "/", id: UInt64? = nil, payload: ByteBuffer = ByteBuffer(),
    attachments: [ByteBuffer] = []
  ) {
    self.kind = kind
    self.namespace = namespace
    self.id = id
    self.payload = payload
    self.attachments = attachments
  }

  /// Reads the packet that the text of an Engine.IO message, known to be well-formed UTF-8, holds. The payload is not
  /// looked at: see ``ParsedEvent``.
  init(decoding message: ByteBuffer) throws(PacketError) {
    var message = message
    guard let digit = message.readInteger(as: UInt8.self), let kind = Kind(rawValue: digit) else {
      throw .malformed("not a Socket.IO packet")
    }
    self.init(kind: kind)
    if kind == .binaryEvent || kind == .binaryAcknowledgement {
      guard let count = try Self.readNumber(&message), message.readInteger(as: UInt8.self) == UInt8(ascii: "-") else {
        throw .malformed("a binary packet without the number of its attachments")
      }
      guard count <= UInt64(Self.maxAttachments) else { throw .malformed("too many attachments") }
      self.missingAttachments = Int(count)
    }
    if message.peekInteger(as: UInt8.self) == UInt8(ascii: "/") {
      let view = message.readableBytesView
      let end = view.firstIndex(of: UInt8(ascii: ",")) ?? view.endIndex
      guard end - view.startIndex <= Self.maxNamespaceLength else { throw .malformed("overlong namespace") }
      self.namespace = String(decoding: view[..<end], as: UTF8.self)
      message.moveReaderIndex(to: min(end + 1, view.endIndex))
    }
    self.id = try Self.readNumber(&message)
    self.payload = message
  }

  private static func readNumber(_ message: inout ByteBuffer) throws(PacketError) -> UInt64? {
    let view = message.readableBytesView
    let digits = view.prefix(while: { 0x30...0x39 ~= $0 })
    guard !digits.isEmpty else { return nil }
    guard digits.count <= Self.maxIDDigits else { throw .malformed("overlong number") }
    message.moveReaderIndex(forwardBy: digits.count)
    return digits.reduce(0) { $0 * 10 + UInt64($1 - 0x30) }
  }

  /// What stands before the payload.
  var header: String {
    var header = String(UnicodeScalar(self.kind.rawValue))
    if !self.attachments.isEmpty { header += "\(self.attachments.count)-" }
    if self.namespace != "/" { header += self.namespace + "," }
    if let id = self.id { header += String(id) }
    return header
  }

  // MARK: - The server's packets

  /// - Parameter pid: The private id by which the client may ask for its connection state later.
  static func connected(namespace: String, sid: String, pid: String? = nil) -> SocketIOPacket {
    let pid = pid.map { #","pid":"\#($0)""# } ?? ""
    return SocketIOPacket(
      kind: .connect, namespace: namespace, payload: ByteBuffer(string: #"{"sid":"\#(sid)"\#(pid)}"#))
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

  static func event(_ arguments: Arguments, namespace: String, id: UInt64? = nil) -> SocketIOPacket {
    SocketIOPacket(
      kind: arguments.attachments.isEmpty ? .event : .binaryEvent, namespace: namespace, id: id,
      payload: arguments.json, attachments: arguments.attachments)
  }

  static func acknowledgement(_ arguments: Arguments, namespace: String, id: UInt64) -> SocketIOPacket {
    SocketIOPacket(
      kind: arguments.attachments.isEmpty ? .acknowledgement : .binaryAcknowledgement, namespace: namespace, id: id,
      payload: arguments.json, attachments: arguments.attachments)
  }
}
