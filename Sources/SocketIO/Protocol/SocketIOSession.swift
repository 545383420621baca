import Bytes
import NIOCore

/// The Socket.IO state of one client: packets and decisions in, what to do out. One client may be connected to several
/// namespaces, with a socket for each.
///
/// What the reference answers with closing the connection (`Client.ondecoded`: "invalid state") is thrown here.
struct SocketIOSession {
  private struct Entry {
    let namespace: String
    /// Connecting while the application decides.
    var isConnected: Bool
    var socket: SocketID
  }

  enum Output: Equatable {
    case nothing
    /// Ask the application, and tell ``accept(_:)`` or ``refuse(_:)`` what it decided.
    case connect(SocketID, namespace: String, auth: ByteBuffer)
    /// Hand the event to the application; with an id, send what it answers as that acknowledgement.
    case event(IncomingEvent, SocketID, acknowledgement: UInt64?)
    /// The client acknowledged what the server sent with this id.
    case acknowledged(SocketID, UInt64, Arguments)
    case send(SocketIOPacket)
    /// The client has left the socket's namespace.
    case disconnected(SocketID)
  }

  /// The bytes of a packet's attachments together.
  let maxAttachmentBytes: Int
  private var entries: [Entry] = []
  private var isClosed = false
  /// A binary packet whose attachments come in.
  private var assembly: SocketIOPacket?
  private var assembledBytes = 0

  /// More namespaces than this are refused: a server that makes them by pattern would let a client fill it.
  static let maxNamespaces = 32

  init(maxAttachmentBytes: Int) {
    self.maxAttachmentBytes = maxAttachmentBytes
  }

  /// The sockets that are connecting or connected.
  var sockets: [SocketID] { self.entries.map(\.socket) }
  var isEmpty: Bool { self.entries.isEmpty }
  /// What the binary packet takes that is coming in, in bytes.
  var heldBytes: Int {
    self.assembly.map { $0.attachments.reduce($0.payload.storageCapacity) { $0 + $1.storageCapacity } } ?? 0
  }

  // MARK: - From the client

  /// Takes a message from the client.
  ///
  /// - Parameters:
  ///   - isServed: Whether there is such a namespace.
  ///   - makeSocket: Gives the next socket its name.
  mutating func receive(
    _ message: EngineIOMessage, isServed: (String) -> Bool, makeSocket: () -> SocketID
  ) throws(PacketError) -> Output {
    guard !self.isClosed else { return .nothing }
    switch message {
    case .text(let text):
      guard self.assembly == nil else { throw .malformed("text in place of an attachment") }
      let packet = try SocketIOPacket(decoding: text)
      guard packet.missingAttachments > 0 else {
        return try self.receive(packet, isServed: isServed, makeSocket: makeSocket)
      }
      // Attachments are kept for who may send events; the type and the namespace are told before them.
      guard self.entries.contains(where: { $0.namespace == packet.namespace && $0.isConnected }) else {
        throw .outOfOrder("binary packet for a namespace that is not connected")
      }
      try packet.checkPayload()
      self.assembly = packet
      return .nothing
    case .binary(let data):
      guard var packet = self.assembly.take() else { throw .malformed("an attachment that belongs to nothing") }
      self.assembledBytes += data.readableBytes
      guard self.assembledBytes <= self.maxAttachmentBytes else { throw .malformed("attachments over the limit") }
      packet.attachments.append(data)
      packet.missingAttachments -= 1
      guard packet.missingAttachments == 0 else {
        self.assembly = packet
        return .nothing
      }
      self.assembledBytes = 0
      guard packet.placeholdersFit else {
        throw .malformed("a placeholder for an attachment that is not there")
      }
      return try self.receive(packet, isServed: isServed, makeSocket: makeSocket)
    }
  }

  private mutating func receive(
    _ packet: SocketIOPacket, isServed: (String) -> Bool, makeSocket: () -> SocketID
  ) throws(PacketError) -> Output {
    let entry = self.entries.first { $0.namespace == packet.namespace }
    switch (packet.kind, entry) {
    case (.connect, nil):
      return try self.connect(packet, isServed: isServed, makeSocket: makeSocket)
    case (.event, .some(let entry)) where entry.isConnected,
      (.binaryEvent, .some(let entry)) where entry.isConnected:
      let event = try ParsedEvent(decoding: packet.payload)
      let incoming = IncomingEvent(
        name: event.name, arguments: Arguments(packet.payload, attachments: packet.attachments), payload: event.first,
        wantsAcknowledgement: packet.id != nil)
      return .event(incoming, entry.socket, acknowledgement: packet.id)
    case (.acknowledgement, .some(let entry)) where entry.isConnected,
      (.binaryAcknowledgement, .some(let entry)) where entry.isConnected:
      try packet.checkPayload()
      // As with the reference, one that belongs to nothing is ignored.
      guard let id = packet.id else { return .nothing }
      return .acknowledged(entry.socket, id, Arguments(packet.payload, attachments: packet.attachments))
    case (.disconnect, .some(let entry)) where entry.isConnected:
      guard packet.payload.readableBytes == 0 else { throw .malformed("DISCONNECT with a payload") }
      return .disconnected(entry.socket)
    case (.connect, _): throw .outOfOrder("CONNECT while connected or connecting")
    case (.connectError, _): throw .outOfOrder("CONNECT_ERROR from a client")
    default: throw .outOfOrder("packet for a namespace that is not connected")
    }
  }

  private mutating func connect(
    _ packet: SocketIOPacket, isServed: (String) -> Bool, makeSocket: () -> SocketID
  ) throws(PacketError) -> Output {
    guard packet.payload.readableBytes == 0 || packet.payload.isJSON(beginningWith: UInt8(ascii: "{")) else {
      throw .malformed("the payload of CONNECT is not an object")
    }
    guard isServed(packet.namespace), self.entries.count < Self.maxNamespaces else {
      return .send(.connectError(namespace: packet.namespace, message: "Invalid namespace"))
    }
    let socket = makeSocket()
    self.entries.append(Entry(namespace: packet.namespace, isConnected: false, socket: socket))
    return .connect(socket, namespace: packet.namespace, auth: packet.payload)
  }

  // MARK: - From the application

  /// The application let the socket in; false if it has ended meanwhile.
  ///
  /// - Parameter name: The socket's name from now on: that of an earlier one, whose state it takes over.
  mutating func accept(_ socket: SocketID, as name: SocketID? = nil) -> Bool {
    guard !self.isClosed, let index = self.entries.firstIndex(where: { $0.socket == socket }) else { return false }
    self.entries[index].isConnected = true
    if let name { self.entries[index].socket = name }
    return true
  }

  /// The application refused the socket; false if it has ended meanwhile.
  mutating func refuse(_ socket: SocketID) -> Bool {
    let count = self.entries.count
    self.end(socket)
    return self.entries.count < count && !self.isClosed
  }

  /// The socket is over; the client may CONNECT to its namespace again.
  mutating func end(_ socket: SocketID) {
    self.entries.removeAll { $0.socket == socket }
  }

  /// Takes in a socket that was connected over another connection.
  mutating func adopt(_ socket: SocketID, namespace: String) {
    self.entries.append(Entry(namespace: namespace, isConnected: true, socket: socket))
  }

  /// Gives what a connection that takes this one's place needs: the binary packet that is coming in.
  mutating func takeAssembly() -> SocketIOPacket? {
    self.assembledBytes = 0
    return self.assembly.take()
  }

  mutating func resume(_ assembly: SocketIOPacket?) {
    self.assembly = assembly
    self.assembledBytes = assembly?.attachments.reduce(0) { $0 + $1.readableBytes } ?? 0
  }

  /// The connection is over.
  mutating func close() {
    self.isClosed = true
    self.entries = []
    self.assembly = nil
  }
}

extension SocketIOPacket {
  /// Whether each placeholder in the payload names one of the attachments.
  var placeholdersFit: Bool {
    BinaryPlaceholder.all(in: self.payload.readableBytesUInt8Span, count: self.attachments.count) != nil
  }

  /// Whether the payload is what an event or an acknowledgement carries. An attachment is not waited for in vain.
  fileprivate func checkPayload() throws(PacketError) {
    switch self.kind {
    case .event, .binaryEvent: _ = try ParsedEvent(decoding: self.payload)
    default:
      guard self.payload.isJSON(beginningWith: UInt8(ascii: "[")) else {
        throw .malformed("the payload of ACK is not an array")
      }
    }
  }
}
