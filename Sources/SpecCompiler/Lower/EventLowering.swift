extension Lowerer {
  mutating func lowerAsyncAPI(_ root: Node) {
    guard check(root, .asyncapi) else { return }
    if let version = string("asyncapi", of: root), let place = root["asyncapi"], !SpecVersion.isAsyncAPI(version) {
      error(place, "the compiler reads AsyncAPI 3.0 and 3.1, not \(version)", .unsupportedVersion)
    }
    checkInfo(root)
    checkTagObjects(root["info"])
    for entry in entries("servers", of: root) { checkServer(entry.value) }
    if let type = string("defaultContentType", of: root), let place = root["defaultContentType"],
      type != "application/json"
    {
      error(place, "messages are application/json", .invalidMessage)
    }
    lowerEventLimits(root)
    checkAsyncComponents(root)
    lowerChannels(root)
    var names = EventNames()
    for entry in entries("operations", of: root) where check(entry.value, .eventOperation) {
      lowerEvent(entry, names: &names)
    }
  }

  // MARK: - Around the operations

  private mutating func checkTagObjects(_ owner: Node?) {
    guard let owner else { return }
    for tag in items("tags", of: owner) {
      guard let tag = dereference(tag), check(tag, .tag), let name = string("name", of: tag) else { continue }
      checkTag(name, at: tag["name"] ?? tag)
    }
  }

  private mutating func checkServer(_ reference: Node) {
    guard let server = dereference(reference), check(server, .asyncServer) else { return }
    for key in ["host", "protocol", "protocolVersion", "pathname", "title", "summary", "description"] {
      _ = string(key, of: server)
    }
    checkTagObjects(server)
    for scheme in items("security", of: server) where dereference(scheme) == nil {
      continue  // The broken reference is reported.
    }
    checkBindings(server)
  }

  private mutating func checkAsyncComponents(_ root: Node) {
    guard let components = root["components"], check(components, .asyncComponents) else { return }
    for entry in entries("securitySchemes", of: components) { checkSecurityScheme(entry.value) }
    for entry in entries("servers", of: components) { checkServer(entry.value) }
    for entry in entries("messages", of: components) { _ = lowerMessage(entry.value) }
    for entry in entries("replies", of: components) { check(entry.value, .reply) }
  }

  private mutating func lowerChannels(_ root: Node) {
    let channels = entries("channels", of: root)
    for entry in channels.dropFirst() {
      errorAtKey(entry.value, "there is one channel: all events go through the main namespace", .invalidChannel)
    }
    for entry in channels where check(entry.value, .channel) {
      let channel = entry.value
      for key in ["title", "summary", "description"] { _ = string(key, of: channel) }
      lintDescription(channel, of: "the channel", channel["description"]?.string)
      if let address = string("address", of: channel), address != "/", let place = channel["address"] {
        error(place, "the only channel is '/', the main namespace", .invalidChannel)
      }
      for server in items("servers", of: channel) { _ = dereference(server) }
      checkTagObjects(channel)
      checkBindings(channel)
      checkNamespace(channel)
      for message in entries("messages", of: channel) { _ = lowerMessage(message.value) }
    }
  }

  // MARK: - Messages

  struct Message {
    var node: Node
    var name: String
    /// Nil for a message without a payload.
    var payload: TypeReference?
  }

  mutating func lowerMessage(_ reference: Node) -> Message? {
    guard let node = dereference(reference), check(node, .message), let name = string("name", of: node) else {
      return nil
    }
    if !IdentifierCheck.isSnakeCase(name) {
      error(node["name"] ?? node, "a message's name is in snake_case", .invalidName)
    }
    for key in ["title", "summary"] { _ = string(key, of: node) }
    lintDescription(node, of: "the message", string("description", of: node), node["summary"]?.string)
    if let type = string("contentType", of: node), type != "application/json", let place = node["contentType"] {
      error(place, "a message is application/json, not \(type)", .invalidMessage)
    }
    checkTagObjects(node)
    checkExamples(ofMessage: node)
    guard let schema = node["payload"] else { return Message(node: node, name: name, payload: nil) }
    guard let type = lowerType(schema) else { return nil }
    guard case .named(let schemaName) = type, objectShape(named: schemaName) != nil || declarations[schemaName] == nil
    else {
      error(schema, "a payload is an object with a name, not \(describe(expand(type)))", .invalidMessage)
      return nil
    }
    return Message(node: node, name: name, payload: type)
  }

  // MARK: - Operations

  /// What is taken already.
  private struct EventNames {
    /// By action and name on the wire.
    var events: [String: Node] = [:]
    /// In Swift, of the operations that receive.
    var received: [String: String] = [:]
    /// In Swift, of the events that are sent.
    var sent: [String: String] = [:]
  }

  private mutating func lowerEvent(_ entry: Node.Entry, names: inout EventNames) {
    let (id, node, key) = (entry.key, entry.value, entry.name)
    if !IdentifierCheck.isLowerCamelCase(id) {
      error(key, "the operation's key is in lowerCamelCase", .invalidName)
    }
    if node["action"]?.string == "receive" { checkOperationName(id, at: key, in: &names.received) }
    for key in ["title", "summary"] { _ = string(key, of: node) }
    let description = string("description", of: node) ?? ""
    for docs in [node["externalDocs"]].compactMap({ $0 }) { check(docs, .externalDocs) }
    for scheme in items("security", of: node) { _ = dereference(scheme) }
    checkTagObjects(node)
    checkBindings(node)
    let channel = node["channel"].flatMap { dereference($0) }
    let messages = messages(of: node, channel: channel)
    guard let action = string("action", of: node), let place = node["action"] else { return }
    guard action == "receive" || action == "send" else {
      error(place, "an action is receive (the server receives) or send, not '\(action)'")
      return
    }
    lintDescription(node, of: "the operation", description, node["summary"]?.string)
    guard messages.count == 1 else {
      if node["messages"]?.items.count != 1 {
        errorAtKey(node["messages"] ?? node, "an operation has exactly one message: one event")
      }
      return
    }
    let message = messages[0]
    if let other = names.events.updateValue(node, forKey: "\(action) \(message.name)") {
      errorAtKey(node, "another operation has the event '\(message.name)' already", .nameClash)
      note(other, "'\(message.name)' is here first")
    }
    let text = description.isEmpty ? node["summary"]?.string ?? message.node["description"]?.string ?? "" : description
    if action == "receive" {
      if let place = message.node["x-socketio"] {
        errorAtKey(place, "'x-socketio' belongs to what the server tells")
      }
      lowerClientEvent(id, node, message: message, description: text)
    } else {
      checkDistinct(message.name, SwiftName.bare(message.name, .event), at: key, in: &names.sent)
      lowerServerEvent(id, node, message: message, description: text)
    }
  }

  /// The messages that an operation or a reply refers to. They are messages of its channel (AsyncAPI 3.0, Operation
  /// Object).
  mutating func messages(of node: Node, channel: Node?) -> [Message] {
    var result: [Message] = []
    for reference in items("messages", of: node) {
      guard let text = reference["$ref"]?.string else {
        error(reference, "an operation refers to a message of its channel by $ref", .wrongTarget)
        continue
      }
      if let channel, case .found(let target) = resolver.lookUp(text, from: reference),
        !target.path.pointer.hasPrefix(channel.path.pointer + "/messages/")
      {
        error(
          reference["$ref"] ?? reference,
          "the message is none of the channel's; refer to '\(resolver.events.source.fileName)#\(channel.path.pointer)/messages/…'",
          .wrongTarget)
      }
      if let message = lowerMessage(reference) { result.append(message) }
    }
    return result
  }

  private mutating func lowerServerEvent(_ id: String, _ node: Node, message: Message, description: String) {
    for key in ["reply", "x-operation", "x-codes", "x-rate-limit"] {
      if let place = node[key] { errorAtKey(place, "'\(key)' belongs to an event that the server receives") }
    }
    if let place = node["x-access"], place.string != "user" {
      error(place, "'x-access' of an event to clients is user: every connection has one")
    }
    if node["tags"] != nil { _ = lowerEventTag(node) }
    guard case .named(let payload) = message.payload else {
      errorAtKey(message.node, "an event of the server needs a payload")
      return
    }
    let order = lowerStream(of: node, payload: payload)
    model.serverEvents.append(
      ServerEvent(
        name: message.name, id: id, description: description, payload: .named(payload), order: order,
        isVolatile: lowerDelivery(message.node, order: order), location: node.keyLocation))
  }
}

// MARK: - The rule of what this file says

extension Lowerer {
  fileprivate mutating func error(_ node: Node, _ message: String) { error(node, message, .invalidEvent) }

  fileprivate mutating func errorAtKey(_ node: Node, _ message: String) { errorAtKey(node, message, .invalidEvent) }
}
