extension Lowerer {
  mutating func lowerClientEvent(_ id: String, _ node: Node, message: Message, description: String) {
    let tag = node["tags"] == nil ? nil : lowerEventTag(node)
    if let place = node["x-stream"] { errorAtKey(place, "'x-stream' belongs to an event to clients", .invalidEvent) }
    var payload: String?
    if case .named(let name) = message.payload { payload = name }
    let object = message.payload.flatMap { objectShape(of: $0) }
    let subjects = object?.properties.map { ($0.name, $0.type, $0.isRequired) } ?? []
    let isKnown = message.payload.map { !isDoubtful($0) } ?? true
    let access = lowerAccess(node, subjects: subjects, areAllKnown: isKnown, what: "property of the payload")
    if access == .everyone, let place = node["x-access"] {
      error(place, "every connection has a user; an event is for user or a policy", .invalidAccess)
    }
    let (data, isReplyKnown) = certainly { $0.lowerReply(node) }
    guard payload == nil || object != nil else { return }
    let limits = lowerLimits(ofEvent: node, name: message.name, access: access, payload: payload)
    let binding: ClientEvent.Binding
    if let place = node["x-operation"] {
      guard isKnown, isReplyKnown,
        let bound = lowerBinding(place, object: object, access: access, data: data, event: node)
      else { return }
      binding = bound
      if case .operation(let id, _) = bound { checkLimits(ofEvent: node, limits: limits, operation: id) }
    } else {
      let (codes, areCodesKnown) = certainly { $0.sortedCodes($0.eventCodes(of: node)) }
      if let access, areCodesKnown {
        checkPipelineCodes(
          ofEvent: codes, hasPayload: payload != nil, access: access, isLimited: !limits.isEmpty, at: node)
      }
      binding = .own(data: data, codes: codes)
    }
    guard let access, let tag else { return }
    model.clientEvents.append(
      ClientEvent(
        name: message.name, id: id, tag: tag, description: description, access: access,
        payload: payload.map { .named($0) }, binding: binding, rateLimits: limits, location: node.keyLocation))
  }

  mutating func lowerEventTag(_ node: Node) -> String? {
    let tags = node["tags"]?.items ?? []
    guard tags.count == 1 else {
      errorAtKey(
        node["tags"] ?? node, "an operation has exactly one tag: the handler protocol that it belongs to", .invalidEvent
      )
      return nil
    }
    return resolver.resolve(tags[0])?["name"]?.string
  }

  private mutating func eventCodes(of node: Node) -> [String] {
    let codes = strings("x-codes", of: node)
    for (code, place) in codes { checkCode(code, status: nil, at: place) }
    return codes.map(\.text)
  }

  // MARK: - Acknowledgements

  /// One message says `{ok: true, data?}`, the other `{ok: false, error: Problem}`.
  /// Returns the type of `data`.
  private mutating func lowerReply(_ node: Node) -> TypeReference? {
    guard let place = node["reply"] else {
      errorAtKey(
        node, "an event that the server receives needs a 'reply': its acknowledgement", .invalidAcknowledgement)
      return nil
    }
    guard let reply = dereference(place), check(reply, .reply) else { return nil }
    let channel = (reply["channel"] ?? node["channel"]).flatMap { dereference($0) }
    let messages = messages(of: reply, channel: channel)
    var isCertain = messages.count == reply["messages"]?.items.count
    var accepted: [Message] = []
    var refused: [Message] = []
    for message in messages {
      if let payload = message.payload, isDoubtful(payload) {
        isCertain = false
        doubts += 1
        continue
      }
      let ok = message.payload.flatMap { objectShape(of: $0) }?.properties.first { $0.name == "ok" }
      switch (ok?.isRequired, ok.map { expand($0.type) }) {
      case (true, .const(.boolean(true))): accepted.append(message)
      case (true, .const(.boolean(false))): refused.append(message)
      default:
        isCertain = false
        errorAtKey(
          message.node, "an acknowledgement needs the required property 'ok' with const true or false",
          .invalidAcknowledgement)
      }
    }
    for message in refused { checkRefused(message) }
    if refused.count != 1, isCertain {
      errorAtKey(reply["messages"] ?? reply, "a reply has exactly one message with ok: false", .invalidAcknowledgement)
    }
    if accepted.count == 1 { return lowerAccepted(accepted[0]) }
    if isCertain {
      errorAtKey(reply["messages"] ?? reply, "a reply has exactly one message with ok: true", .invalidAcknowledgement)
    }
    return nil
  }

  private mutating func lowerAccepted(_ message: Message) -> TypeReference? {
    let properties = message.payload.flatMap { objectShape(of: $0) }?.properties ?? []
    for property in properties where property.name != "ok" && property.name != "data" {
      errorAtKey(
        message.node, "an acknowledgement is {ok: true, data?}; it has no '\(property.name)'", .invalidAcknowledgement)
    }
    guard let data = properties.first(where: { $0.name == "data" }) else { return nil }
    if !data.isRequired {
      errorAtKey(message.node, "'data' of an acknowledgement is required where there is one", .invalidAcknowledgement)
    }
    return data.type
  }

  private mutating func checkRefused(_ message: Message) {
    let properties = message.payload.flatMap { objectShape(of: $0) }?.properties ?? []
    let problem = properties.first { $0.name == "error" }
    if properties.count != 2 || problem?.isRequired != true || problem.map({ expand($0.type) }) != .named("Problem") {
      errorAtKey(message.node, "a refusal is {ok: false, error: Problem}", .invalidAcknowledgement)
    }
  }

  // MARK: - Another door to an operation

  private mutating func lowerBinding(
    _ place: Node, object: ObjectShape?, access: Access?, data: TypeReference?, event: Node
  ) -> ClientEvent.Binding? {
    guard check(place, .operationBinding), let id = string("id", of: place) else { return nil }
    guard !doubtfulOperations.contains(id) else { return nil }
    if let codes = event["x-codes"] { errorAtKey(codes, "the codes are those of the operation '\(id)'") }
    guard let operation = model.operations.first(where: { $0.id == id }) else {
      // One with errors of its own is not in the model.
      guard !operationIDs.contains(id) else { return nil }
      error(
        place["id"] ?? place, "there is no operation '\(id)' in \(resolver.openapi.source.fileName)", .bindingMismatch,
        suggestion: diagnostics.suggestion(for: id, among: model.operations.lazy.map(\.id)))
      return nil
    }
    if let parameter = operation.headerParameters.first {
      error(place["id"] ?? place, "'\(id)' has the header \(parameter.name), which an event has no place for")
    }
    let properties = object?.properties ?? []
    var parameters: [String: String] = [:]
    for entry in entries("parameters", of: place) {
      guard let name = entry.value.string else {
        error(entry.value, "a parameter is fed by a property of the payload, not by \(entry.value.kind)")
        continue
      }
      parameters[entry.key] = name
      checkFeed(entry, from: name, among: properties, operation: operation)
    }
    for parameter in operation.pathParameters + operation.queryParameters
    where parameter.isRequired && parameters[parameter.name] == nil {
      error(place, "the operation '\(id)' needs its parameter '\(parameter.name)'")
    }
    checkBody(place, rest: properties.filter { !parameters.values.contains($0.name) }, object: object, operation)
    checkData(place, data, operation)
    if let access { checkAccess(event, access: access, parameters: parameters, operation) }
    return .operation(id: id, parameters: parameters)
  }

  private mutating func checkFeed(
    _ entry: Node.Entry, from name: String, among properties: [Property], operation: Operation
  ) {
    let parameters = operation.pathParameters + operation.queryParameters
    guard let parameter = parameters.first(where: { $0.name == entry.key }) else {
      errorAtKey(
        entry.value, "the operation '\(operation.id)' has no parameter '\(entry.key)'", .bindingMismatch,
        suggestion: diagnostics.suggestion(for: entry.key, among: parameters.lazy.map(\.name)))
      return
    }
    guard let property = properties.first(where: { $0.name == name }) else {
      error(
        entry.value, "the payload has no property '\(name)'", .bindingMismatch,
        suggestion: diagnostics.suggestion(for: name, among: properties.lazy.map(\.name)))
      return
    }
    if expand(property.type) != expand(parameter.type) {
      error(
        entry.value,
        "'\(name)' is \(describe(expand(property.type))), but the parameter '\(entry.key)' is"
          + " \(describe(expand(parameter.type)))")
    }
    if parameter.isRequired, !property.isRequired {
      error(entry.value, "'\(name)' can be left out, but the parameter '\(entry.key)' is required")
    }
  }

  /// What feeds no parameter is exactly the operation's body.
  private mutating func checkBody(_ place: Node, rest: [Property], object: ObjectShape?, _ operation: Operation) {
    guard let body = operation.body else {
      for property in rest {
        error(place, "'\(property.name)' feeds no parameter, and the operation '\(operation.id)' has no body")
      }
      return
    }
    guard case .json(let type) = body.content, let target = self.objectShape(of: type) else {
      error(place, "the body of '\(operation.id)' is no object, so an event can't carry it")
      return
    }
    for property in rest {
      guard let other = target.properties.first(where: { $0.name == property.name }) else {
        error(place, "'\(property.name)' is neither a listed parameter nor in the body of '\(operation.id)'")
        continue
      }
      if expand(property.type) != expand(other.type) {
        error(
          place,
          "'\(property.name)' is \(describe(expand(property.type))) here, but \(describe(expand(other.type))) in the"
            + " body of '\(operation.id)'")
      } else if property.isRequired != other.isRequired {
        let (here, there) = property.isRequired ? ("required", "optional") : ("optional", "required")
        error(place, "'\(property.name)' is \(here) here, but \(there) in the body of '\(operation.id)'")
      } else if property.defaultValue != other.defaultValue {
        error(place, "'\(property.name)' has another default here than in the body of '\(operation.id)'")
      }
    }
    for other in target.properties where !rest.contains(where: { $0.name == other.name }) {
      error(place, "the payload lacks '\(other.name)' of the body of '\(operation.id)'")
    }
    if object?.additional != target.additional {
      error(place, "the payload treats unknown properties in another way than the body of '\(operation.id)'")
    }
  }

  private mutating func checkData(_ place: Node, _ data: TypeReference?, _ operation: Operation) {
    for response in operation.responses {
      switch (response.content, data) {
      case (.none, nil): continue
      case (.json(let type), .some(let data)) where expand(type) == expand(data): continue
      case (.json(let type), .some(let data)):
        error(
          place, "'data' is \(describe(data)), but '\(operation.id)' answers \(response.status) with \(describe(type))")
      case (.json(let type), nil):
        error(place, "the acknowledgement lacks 'data', which is \(describe(type)) of '\(operation.id)'")
      case (.none, .some):
        error(place, "the acknowledgement has 'data', but '\(operation.id)' answers \(response.status) without content")
      case (.bytes(let type), _):
        error(place, "'\(operation.id)' answers \(type), which an acknowledgement can't carry")
      }
    }
  }

  /// Both doors are guarded in the same way.
  private mutating func checkAccess(
    _ event: Node, access: Access, parameters: [String: String], _ operation: Operation
  ) {
    let expected: Access =
      switch operation.access {
      case .everyone, .user: .user
      case .policy(let name, let parameter): .policy(name: name, parameter: parameters[parameter] ?? parameter)
      }
    if access != expected, let place = event["x-access"] {
      error(place, "'x-access' differs from that of the operation '\(operation.id)', which goes to the same handler")
    }
  }
}

// MARK: - The rule of what this file says

extension Lowerer {
  fileprivate mutating func error(_ node: Node, _ message: String) { error(node, message, .bindingMismatch) }

  fileprivate mutating func errorAtKey(_ node: Node, _ message: String) { errorAtKey(node, message, .bindingMismatch) }
}
