import NIOCore

/// A message as a tree, before it is known whether it goes out as JSON or as MessagePack.
indirect enum Envelope {
  case string(String)
  case integer(Int)
  case bool(Bool)
  case strings([String])
  case array([Envelope])
  case object([(String, Envelope)])
  case value(ClusterValue)

  /// As JSON. Values must have no attachments. Throws `malformed` if a value's JSON is none.
  func json() throws(ClusterError) -> ByteBuffer {
    var json = ByteBuffer()
    try write(into: &json)
    return json
  }

  func messagePack() throws(ClusterError) -> ByteBuffer {
    var writer = MessagePackWriter()
    try write(into: &writer)
    return writer.bytes
  }

  private func write(into json: inout ByteBuffer) throws(ClusterError) {
    switch self {
    case .string(let text): JSONText.write(text, into: &json)
    case .integer(let number): json.writeString(String(number))
    case .bool(let bool): json.writeStaticString(bool ? "true" : "false")
    case .value(let value):
      let bytes = value.json.readableBytesUInt8Span
      try JSONText.check(bytes, maxDepth: ClusterLimits().maxDepth)
      json.writeImmutableBuffer(value.json)
    case .strings(let texts):
      json.writeStaticString("[")
      for (index, text) in texts.enumerated() {
        if index > 0 { json.writeStaticString(",") }
        JSONText.write(text, into: &json)
      }
      json.writeStaticString("]")
    case .array(let elements):
      json.writeStaticString("[")
      for (index, element) in elements.enumerated() {
        if index > 0 { json.writeStaticString(",") }
        try element.write(into: &json)
      }
      json.writeStaticString("]")
    case .object(let members):
      json.writeStaticString("{")
      for (index, (name, member)) in members.enumerated() {
        if index > 0 { json.writeStaticString(",") }
        JSONText.write(name, into: &json)
        json.writeStaticString(":")
        try member.write(into: &json)
      }
      json.writeStaticString("}")
    }
  }

  private func write(into writer: inout MessagePackWriter) throws(ClusterError) {
    switch self {
    case .string(let text): writer.string(text)
    case .integer(let number): writer.integer(Int64(number))
    case .bool(let bool): writer.bool(bool)
    case .value(let value): try writer.value(value)
    case .strings(let texts):
      writer.array(texts.count)
      for text in texts { writer.string(text) }
    case .array(let elements):
      writer.array(elements.count)
      for element in elements { try element.write(into: &writer) }
    case .object(let members):
      writer.map(members.count)
      for (name, member) in members {
        writer.string(name)
        try member.write(into: &writer)
      }
    }
  }
}

// MARK: The parts that both formats have

extension Envelope {
  static func options(_ options: BroadcastOptions, withFlags: Bool) -> Envelope {
    var members: [(String, Envelope)] = [("rooms", .strings(options.rooms)), ("except", .strings(options.except))]
    if withFlags { members.append(("flags", flags(options))) }
    if let position = options.position { members.append(("position", .position(position))) }
    return .object(members)
  }

  static func position(_ position: BroadcastPosition) -> Envelope {
    .array([.string(position.stream), .string(String(position.number))])
  }

  private static func flags(_ options: BroadcastOptions) -> Envelope {
    var flags: [(String, Envelope)] = []
    if options.isVolatile { flags.append(("volatile", .bool(true))) }
    if let compress = options.compress { flags.append(("compress", .bool(compress))) }
    if let timeout = options.timeout { flags.append(("timeout", .integer(timeout))) }
    if options.expectsSingleResponse { flags.append(("expectSingleResponse", .bool(true))) }
    return .object(flags)
  }

  static func packet(_ packet: ClusterPacket, namespace: String?) -> Envelope {
    var members: [(String, Envelope)] = [("type", .integer(packet.type)), ("data", .value(packet.arguments))]
    if let namespace = packet.namespace ?? namespace { members.append(("nsp", .string(namespace))) }
    if let id = packet.id { members.append(("id", .integer(id))) }
    return .object(members)
  }

  static func sockets(_ sockets: [RemoteSocket]) -> Envelope {
    .array(
      sockets.map { socket in
        .object([
          ("id", .string(socket.id)), ("handshake", .value(socket.handshake)), ("rooms", .strings(socket.rooms)),
          ("data", .value(socket.data)),
        ])
      })
  }
}
