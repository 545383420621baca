extension Emitter {
  /// Tags in the order in which they first appear.
  private func tags(_ all: [String]) -> [String] {
    var seen: Set<String> = []
    return all.filter { seen.insert($0).inserted }
  }

  private var ownEvents: [ClientEvent] { model.clientEvents.filter(isOwn) }

  /// Whether it is no other door to a REST operation.
  func isOwn(_ event: ClientEvent) -> Bool {
    if case .own = event.binding { return true }
    return false
  }

  /// One for each tag: the handlers that belong together, and need the same.
  struct Room {
    let tag: String
    let hasOperations: Bool
    let hasEvents: Bool

    private var name: String { SwiftName.part(tag) }
    /// The parameter of the API's type: `ChatsHandler`.
    var type: String { SwiftName.handler(tag) }
    /// Where the API keeps it: `chats`.
    var member: String { SwiftName.member(tag, .tag) }
    /// What it conforms to.
    var protocols: String {
      ((hasOperations ? ["\(name)Handlers"] : []) + (hasEvents ? ["\(name)EventHandlers"] : [])).joined(
        separator: " & ")
    }
  }

  var rooms: [Room] {
    let operations = model.operations.map(\.tag)
    let events = ownEvents.map(\.tag)
    let (withOperations, withEvents) = (Set(operations), Set(events))
    return tags(operations + events).map { tag in
      Room(tag: tag, hasOperations: withOperations.contains(tag), hasEvents: withEvents.contains(tag))
    }
  }

  func emitHandlers(_ group: FileGroup, _ writer: inout SwiftWriter) {
    let operations = Dictionary(grouping: group.operations, by: \.tag)
    for tag in tags(group.operations.map(\.tag)) {
      let name = "\(SwiftName.part(tag))Handlers"
      writer.line("/// The operations with the tag `\(tag)`. A handler throws only for faults; a refusal is an answer.")
      writer.block("public protocol \(name): Sendable") { writer in
        for operation in operations[tag] ?? [] {
          writer.documentation("`\(operation.method) \(model.basePath)\(pathText(operation))`: \(operation.summary)")
          let type = "Operations.\(SwiftName.operationType(operation.id))"
          writer.line(
            "func \(SwiftName.member(operation.id, .operation))(_ input: \(type).Input\(callerParameter(operation.access)), "
              + "context: RequestContext) async throws -> \(type).Output")
        }
      }
      writer.line()
    }
    let own = group.clientEvents.filter(isOwn)
    let events = Dictionary(grouping: own, by: \.tag)
    for tag in tags(own.map(\.tag)) {
      let name = "\(SwiftName.part(tag))EventHandlers"
      writer.line("/// The client events with the tag `\(tag)`.")
      writer.block("public protocol \(name): Sendable") { writer in
        for event in events[tag] ?? [] {
          writer.documentation("`\(event.name)`: \(event.description)")
          let type = "Events.\(SwiftName.operationType(event.id))"
          let input = event.payload == nil ? "" : "_ input: \(type).Input, "
          writer.line(
            "func \(SwiftName.member(event.id, .operation))(\(input)caller: Caller, context: RequestContext) async throws "
              + "-> \(type).Output")
        }
      }
      writer.line()
    }
  }

  func emitPolicies(_ writer: inout SwiftWriter) {
    writer.line("/// The policies that `x-access` names. A handler never starts before its policy has granted access.")
    writer.block("public protocol AccessPolicies: Sendable") { writer in
      for policy in model.policies {
        writer.line("/// `\(policy.name)`")
        writer.line(
          "func \(SwiftName.member(policy.name, .policy))(_ subject: \(swiftType(policy.subject)), caller: Caller) "
            + "async throws -> AccessDecision")
      }
    }
  }

  private func callerParameter(_ access: Access) -> String {
    access == .everyone ? "" : ", caller: Caller"
  }

  func pathText(_ operation: Operation) -> String {
    operation.path.map { segment in
      switch segment {
      case .literal(let text): "/\(text)"
      case .parameter(let name): "/{\(name)}"
      }
    }.joined()
  }
}
