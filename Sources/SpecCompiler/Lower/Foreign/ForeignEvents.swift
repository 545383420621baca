/// AsyncAPI documents of others: each message of an operation is an event by its name, in one namespace.
///
/// | they say | it becomes |
/// | --- | --- |
/// | `action: receive` | an event from clients, with a handler |
/// | `action: send` | an event to clients, with an encoder |
/// | an operation without `messages` | an event for each message of its channel |
/// | a message without a name | one named by its key |
/// | a `reply` | an acknowledgement whose `data` is its message's payload, or one of several messages' |
/// | `traits` | what they say and the operation or message itself does not |
/// | no tag | the handler of the tag `events` |
extension Lowerer {
  mutating func lowerForeignEvents(_ root: Node) {
    let version = string("asyncapi", of: root) ?? ""
    guard SpecVersion.isAsyncAPI(version) else {
      let advice = version.hasPrefix("2.") ? "; convert it to 3.0 first" : ""
      error(
        root["asyncapi"] ?? root, "the compiler reads AsyncAPI 3.0 and 3.1, not '\(version)'\(advice)",
        .unsupportedVersion)
      return
    }
    if model.problems.isEmpty { lowerForeignProblems() }
    warnOfUnread(root, ["servers"])
    for entry in entries("channels", of: root) {
      guard let channel = resolver.resolve(entry.value) else { continue }
      warnOfUnread(channel, ["parameters", "bindings", "servers"])
    }
    var names = ForeignEventNames()
    for entry in entries("operations", of: root) { lowerForeignEvents(entry, root: root, names: &names) }
  }

  private mutating func warnOfUnread(_ node: Node, _ keys: [String]) {
    for key in keys {
      if let place = node[key] { warning(place.atKey, "'\(key)' is left out: events have one namespace of one server") }
    }
  }

  /// What an operation or message says itself, or the last of its traits that says it (AsyncAPI 3.0, Traits Merge
  /// Mechanism).
  private func said(_ key: String, of node: Node) -> Node? {
    if let own = node[key] { return own }
    return node["traits"]?.items.reversed().lazy.compactMap { resolver.resolve($0)?[key] }.first
  }

  /// What is taken already.
  private struct ForeignEventNames {
    /// By action and name on the wire.
    var events: Set<String> = []
    /// In Swift, of the events that are sent.
    var sent: Set<String> = []
  }

  /// A message with what it is called by, and where it is listed.
  private typealias ForeignMessage = (name: String, node: Node, place: Node)

  private mutating func lowerForeignEvents(_ entry: Node.Entry, root: Node, names: inout ForeignEventNames) {
    let what = "the operation \(entry.key)"
    guard let node = resolver.resolve(entry.value), node.isMapping else {
      leftOutEventCount += 1
      return reportLeftOut(what, entry.value, "it leads nowhere", at: entry.value.location)
    }
    for key in ["bindings", "security"] {
      if let place = said(key, of: node) {
        warning(place.atKey, "'\(key)' of an operation is left out: an event has none")
      }
    }
    let messages = attempt(what, entry.value) { $0.foreignMessages(of: node) } ?? []
    if messages.isEmpty { leftOutEventCount += 1 }
    for message in messages {
      let event = attempt("the event \(message.name) of \(entry.key)", message.place) { lowerer -> Bool? in
        let id = messages.count == 1 ? entry.key : "\(entry.key) \(message.name)"
        return lowerer.lowerForeignEvent(id, message, of: node, root: root, names: &names) ? true : nil
      }
      if event == nil { leftOutEventCount += 1 }
    }
  }

  /// Those that it lists, or all of its channel (AsyncAPI 3.0, Operation Object).
  private mutating func foreignMessages(of node: Node) -> [ForeignMessage]? {
    if let listed = node["messages"] {
      var messages: [ForeignMessage] = []
      for place in listed.items {
        let key = place["$ref"]?.string?.split(separator: "/").last.map(String.init)
        guard let message = foreignMessage(place, key: key) else { return nil }
        messages.append(message)
      }
      if messages.isEmpty { errorAtKey(listed, "it has no message", .leftOut) }
      return messages.isEmpty ? nil : messages
    }
    guard let channel = node["channel"].flatMap({ resolver.resolve($0) }) else {
      errorAtKey(node["channel"] ?? node, "it has no channel", .leftOut)
      return nil
    }
    var messages: [ForeignMessage] = []
    for entry in entries("messages", of: channel) {
      guard let message = foreignMessage(entry.value, key: entry.key) else { return nil }
      messages.append(message)
    }
    if messages.isEmpty { errorAtKey(channel, "its channel has no message", .leftOut) }
    return messages.isEmpty ? nil : messages
  }

  private mutating func foreignMessage(_ place: Node, key: String?) -> ForeignMessage? {
    guard let node = resolver.resolve(place), node.isMapping else {
      error(place, "the message refers to what is not there", .leftOut)
      return nil
    }
    guard let name = said("name", of: node)?.string ?? key, !name.isEmpty else {
      error(place, "the message has no name", .leftOut)
      return nil
    }
    return (name, node, place)
  }

  private mutating func lowerForeignEvent(
    _ id: String, _ message: ForeignMessage, of node: Node, root: Node, names: inout ForeignEventNames
  ) -> Bool {
    let name = message.name
    guard PlainBytes.quotable.make(all: name) else {
      error(
        said("name", of: message.node) ?? message.place, "the name of an event is printable ASCII without quotes",
        .leftOut)
      return false
    }
    guard let action = node["action"]?.string, action == "receive" || action == "send" else {
      error(node["action"] ?? node, "the action is neither receive nor send", .leftOut)
      return false
    }
    guard !names.events.contains("\(action) \(name)") else {
      error(message.place, "another operation has the event '\(name)' already", .leftOut)
      return false
    }
    guard case .some(let payload) = lowerForeignPayload(message.node, root: root) else { return false }
    let description =
      [node, message.node].flatMap { [said("description", of: $0), said("summary", of: $0)] }
      .compactMap { $0?.string }.first ?? ""
    let isLowered =
      action == "receive"
      ? lowerForeignClientEvent(id, name, payload, of: node, root: root, description)
      : lowerForeignServerEvent(id, name, payload, of: node, description, &names.sent)
    if isLowered { names.events.insert("\(action) \(name)") }
    return isLowered
  }

  private mutating func lowerForeignClientEvent(
    _ id: String, _ name: String, _ payload: TypeReference?, of node: Node, root: Node, _ description: String
  ) -> Bool {
    var data: TypeReference?
    if let place = node["reply"] {
      guard case .some(let type) = lowerForeignReply(place, root: root) else { return false }
      data = type
    }
    let tag = said("tags", of: node)?.items.first.flatMap { resolver.resolve($0)?["name"]?.string } ?? "events"
    let type = typeNames.free(SwiftName.spelledPart(id))
    model.clientEvents.append(
      ClientEvent(
        name: name, id: type.prefix(1).lowercased() + type.dropFirst(), tag: tagName(tag), description: description,
        access: .user, payload: payload, binding: .own(data: data, codes: Self.pipelineProblems.map(\.code)),
        location: node.keyLocation))
    return true
  }

  /// Nil within for a reply without data; nil after an error.
  private mutating func lowerForeignReply(_ place: Node, root: Node) -> TypeReference?? {
    guard let reply = resolver.resolve(place), let messages = foreignMessages(of: reply) else { return nil }
    if messages.count == 1 { return lowerForeignPayload(messages[0].node, root: root) }
    var payloads: [Node] = []
    for message in messages {
      guard case .some(let payload) = foreignPayload(message.node, root: root) else { return nil }
      guard let payload else {
        errorAtKey(place, "one of its replies has data and another has none", .leftOut)
        return nil
      }
      payloads.append(payload)
    }
    // One of several: as a schema would say it, in a place of its own.
    let choice = Node(
      content: .sequence(payloads), location: place.location, keyLocation: place.keyLocation,
      path: place.path.child("anyOf"))
    let entry = Node.Entry(key: "anyOf", keyLocation: place.keyLocation, value: choice)
    return lowerType(place.moved(to: place.path, .mapping([entry])), allowsDefault: true).map { .some($0) }
  }

  private mutating func lowerForeignServerEvent(
    _ id: String, _ name: String, _ payload: TypeReference?, of node: Node, _ description: String,
    _ sent: inout Set<String>
  ) -> Bool {
    if let place = node["reply"] { warning(place.atKey, "'reply' of an event to clients is left out: none answers") }
    guard let payload else {
      error(node, "an event to clients needs a payload", .leftOut)
      return false
    }
    guard sent.insert(SwiftName.bare(name, .event)).inserted else {
      error(node, "another event to clients has the same name in Swift", .leftOut)
      return false
    }
    model.serverEvents.append(
      ServerEvent(
        name: name, id: id, description: description, payload: payload, order: nil, isVolatile: false,
        location: node.keyLocation))
    return true
  }

  // MARK: - Payloads

  /// Formats whose words are those of JSON Schema.
  private static let schemaFormats = [
    "application/vnd.aai.asyncapi", "application/schema+json", "application/schema+yaml", "application/vnd.oai.openapi",
  ]

  /// Nil within for a message without one; nil after an error.
  private mutating func lowerForeignPayload(_ message: Node, root: Node) -> TypeReference?? {
    guard case .some(let schema) = foreignPayload(message, root: root) else { return nil }
    guard let schema else { return .some(nil) }
    return lowerType(schema, allowsDefault: true).map { .some($0) }
  }

  /// The schema of a message: nil within for a message without one; nil after an error.
  private mutating func foreignPayload(_ message: Node, root: Node) -> Node?? {
    let contentType = said("contentType", of: message) ?? root["defaultContentType"]
    if let contentType, let text = contentType.string, !Self.isJSON(text) {
      error(contentType, "an event is JSON, not \(text)", .leftOut)
      return nil
    }
    for key in ["headers", "correlationId", "bindings"] {
      if let place = said(key, of: message) {
        warning(place.atKey, "'\(key)' of a message is left out: an event has none")
      }
    }
    guard let place = message["payload"] else { return .some(nil) }
    guard let format = place["schemaFormat"], let schema = place["schema"] else { return place }
    guard let text = format.string, Self.schemaFormats.contains(where: text.hasPrefix) else {
      error(format, "the schema is in another language, \(format.string ?? format.kind)", .leftOut)
      return nil
    }
    return schema
  }
}
