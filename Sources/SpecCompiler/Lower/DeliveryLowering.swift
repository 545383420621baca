/// `x-socketio`: where Socket.IO goes beyond AsyncAPI. Of a channel it tells the namespace and its handshake, of a message
/// of the server to whom it goes.
extension Lowerer {
  /// The Engine.IO path that every client takes by itself, and the namespace.
  private static let path = "/socket.io/"
  private static let namespace = "/"
  /// What the query of a WebSocket's URL says (Engine.IO 4).
  private static let handshake = ["EIO": "4", "transport": "websocket"]

  /// Checks to whom an event goes. To the room of a chat or to one connection is the handlers' doing, which
  /// --check-responses looks at.
  ///
  /// - Returns: whether it may be dropped for who can't take it at once.
  mutating func lowerDelivery(_ node: Node, order: StreamOrder?) -> Bool {
    guard let place = node["x-socketio"] else {
      if profile.streams { errorAtKey(node, "an event to clients needs 'x-socketio': to whom it goes", .invalidEvent) }
      return false
    }
    guard check(place, .delivery) else { return false }
    let isVolatile = boolean("volatile", of: place) ?? false
    if let room = string("room", of: place), let value = place["room"] {
      if !IdentifierCheck.isKebabCase(room) { error(value, "a room's kind is in kebab-case", .invalidChannel) }
      if let owner = order?.owner, owner != room {
        let message = "x-stream orders it for each \(owner), so it goes to the room of one, not to '\(room)'"
        error(value, message, .invalidEvent)
      }
    }
    if isVolatile, let order, order != .ephemeral, let value = place["volatile"] {
      error(value, "what x-stream orders is kept for who is away, and not dropped", .invalidEvent)
    }
    return isVolatile
  }

  /// That nothing but the one namespace, at the path that every client takes, is spoken.
  mutating func checkNamespace(_ channel: Node) {
    guard let place = channel["x-socketio"], check(place, .namespace) else { return }
    for (key, only) in [("namespace", Self.namespace), ("path", Self.path)] {
      if let text = string(key, of: place), text != only, let value = place[key] {
        error(value, "the \(key) is '\(only)'", .invalidChannel)
      }
    }
    for key in ["auth", "connect_error"] {
      guard let schema = place[key], let type = lowerType(schema) else { continue }
      if objectShape(of: type) == nil { error(schema, "'\(key)' is an object with a name", .invalidChannel) }
    }
  }

  /// A WebSocket binding describes the handshake, which Socket.IO reads and not the generated code: so it must be that one.
  mutating func checkBindings(_ node: Node) {
    guard let bindings = node["bindings"], check(bindings, .bindings), let socket = bindings["ws"],
      check(socket, .socketBinding)
    else { return }
    if let method = string("method", of: socket), method != "GET", let place = socket["method"] {
      error(place, "a WebSocket is opened by GET (RFC 6455 §4.1)", .invalidChannel)
    }
    if let version = string("bindingVersion", of: socket), version != "0.1.0", let place = socket["bindingVersion"] {
      error(place, "the ws binding has the version 0.1.0", .invalidChannel)
    }
    if let headers = socket["headers"] { errorAtKey(headers, "no header of a handshake is looked at", .invalidChannel) }
    guard let query = socket["query"] else { return }
    guard form(of: query)?.form == .object else {
      return error(query, "'query' of a ws binding is an object, written here", .invalidChannel)
    }
    checkHandshake(query)
  }

  private mutating func checkHandshake(_ query: Node) {
    let parts = collectParts(of: query)
    var missing = Self.handshake
    for property in parts?.properties ?? [] {
      lintDescription(property.node, of: "the property '\(property.name)'", property.node["description"]?.string)
      _ = lowerType(property.node, allowsDefault: true)
      guard let value = missing.removeValue(forKey: property.name) else {
        errorAtKey(property.node, "the handshake has no '\(property.name)'", .invalidChannel)
        continue
      }
      if property.node["const"]?.string != value {
        error(property.node, "the handshake says \(property.name)=\(value): a const", .invalidChannel)
      }
    }
    for name in missing.keys.sorted() { error(query, "the handshake has '\(name)', too", .invalidChannel) }
    let required = Set((query["required"]?.items ?? []).compactMap(\.string))
    if required != Set(Self.handshake.keys) {
      error(query["required"] ?? query, "the handshake can't do without EIO and transport", .invalidChannel)
    }
  }
}

extension StreamOrder {
  /// The kind of what has the stream, and the room of whose events it is; nil for what is in none.
  fileprivate var owner: String? {
    switch self {
    case .log(let log): log.of
    case .mark(let owner, _, _, _): owner
    case .newest, .ephemeral: nil
    }
  }
}
