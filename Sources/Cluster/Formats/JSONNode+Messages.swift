import NIOCore

/// The fields of messages. A field that is missing or of another type is `malformed`; fields that nobody knows are
/// passed over.
extension JSONNode {
  /// Reads a payload: JSON if it begins like an object, else MessagePack, as the adapters tell them apart.
  static func payload(_ payload: ByteBuffer, limits: ClusterLimits) throws(ClusterError) -> JSONNode {
    guard payload.getInteger(at: payload.readerIndex, as: UInt8.self) != UInt8(ascii: "{") else {
      return try JSONNode(checking: ClusterValue(json: payload), limits: limits)
    }
    return JSONNode(wellFormed: try MessagePackReader.value(payload, limits: limits))
  }

  /// A list of rooms. JavaScript's rooms may be numbers.
  func texts(_ what: String) throws(ClusterError) -> [String] {
    guard let elements = try elements() else { throw .malformed("\(what) is no list") }
    var texts: [String] = []
    texts.reserveCapacity(elements.count)
    for element in elements {
      guard let text = element.string ?? element.number else { throw .malformed("\(what) has more than texts") }
      texts.append(text)
    }
    return texts
  }

  func options() throws(ClusterError) -> BroadcastOptions {
    guard let members = members(["rooms", "except", "flags", "position"]) else { throw .malformed("opts is no object") }
    var options = BroadcastOptions()
    options.rooms = try members["rooms"]?.texts("rooms") ?? []
    options.except = try members["except"]?.texts("except") ?? []
    options.position = try members["position"]?.position()
    guard let flags = members["flags"]?.members(["volatile", "compress", "timeout", "expectSingleResponse"]) else {
      return options
    }
    options.isVolatile = flags["volatile"]?.bool ?? false
    options.compress = flags["compress"]?.bool
    options.timeout = flags["timeout"]?.integer
    options.expectsSingleResponse = flags["expectSingleResponse"]?.bool ?? false
    return options
  }

  /// A number of 64 bits is text, for JavaScript has none.
  func position() throws(ClusterError) -> BroadcastPosition {
    guard let parts = try elements(), parts.count == 2, let stream = parts[0].string,
      let number = parts[1].string.flatMap({ UInt64($0) })
    else { throw .malformed("a position is not a stream and a number") }
    return BroadcastPosition(stream: stream, number: number)
  }

  func packet() throws(ClusterError) -> ClusterPacket {
    guard let members = members(["type", "data", "nsp", "id"]), let type = members["type"]?.integer,
      let data = members["data"], data.isArray
    else { throw .malformed("packet is none") }
    return ClusterPacket(
      type: type, namespace: members["nsp"]?.string, arguments: data.value, id: members["id"]?.integer)
  }

  func sockets() throws(ClusterError) -> [RemoteSocket] {
    guard let elements = try elements() else { throw .malformed("sockets is no list") }
    var sockets: [RemoteSocket] = []
    sockets.reserveCapacity(elements.count)
    for element in elements {
      guard let members = element.members(["id", "handshake", "rooms", "data"]), let id = members["id"]?.string else {
        throw .malformed("a socket is none")
      }
      sockets.append(
        RemoteSocket(
          id: id, rooms: try members["rooms"]?.texts("a socket's rooms") ?? [],
          handshake: members["handshake"]?.value ?? ClusterValue(json: "{}"),
          data: members["data"]?.value ?? ClusterValue(json: "{}")))
    }
    return sockets
  }
}

extension [String: JSONNode] {
  func text(_ name: String) throws(ClusterError) -> String {
    guard let text = self[name]?.string else { throw .malformed("\(name) is no text") }
    return text
  }

  func node(_ name: String) throws(ClusterError) -> JSONNode {
    guard let node = self[name] else { throw .malformed("\(name) is missing") }
    return node
  }

  func list(_ name: String) throws(ClusterError) -> ClusterValue {
    let node = try node(name)
    guard node.isArray else { throw .malformed("\(name) is no list") }
    return node.value
  }
}
