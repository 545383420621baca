/// `x-stream`: the form tells the kind. A log has `rev`, a watermark `mark`, what the newest wins of `version`; what is in
/// no stream is `ephemeral`.
extension Lowerer {
  /// Nil after an error, and where the event does not say.
  mutating func lowerStream(of node: Node, payload: String) -> StreamOrder? {
    guard let place = node["x-stream"] else {
      if profile.streams {
        errorAtKey(node, "an event to clients needs 'x-stream': how it is ordered, healed and applied")
      }
      return nil
    }
    if place.string == "ephemeral" { return .ephemeral }
    let forms = ["rev", "mark", "version"].filter { place[$0] != nil }
    guard place.isMapping, forms.count == 1 else {
      error(
        place,
        "'x-stream' is ephemeral, or has one of 'rev' (durable, in order), 'mark' (a watermark) and 'version' (the"
          + " newest wins)")
      return nil
    }
    // A payload with errors has no shape; they are reported.
    guard let object = objectShape(named: payload)?.object else { return nil }
    let payload = Payload(type: payload, object: object)
    switch forms[0] {
    case "rev": return check(place, .streamLog) ? lowerLog(place, payload) : nil
    case "mark": return check(place, .streamMark) ? lowerMark(place, payload) : nil
    default: return check(place, .streamNewest) ? lowerNewest(place, payload) : nil
    }
  }

  private struct Payload {
    let type: String
    let object: ObjectShape
  }

  private mutating func lowerLog(_ place: Node, _ payload: Payload) -> StreamOrder? {
    let owner = streamOwner(place)
    let key = pointer("key", of: place, payload, .uuid)
    let rev = pointer("rev", of: place, payload, .integer)
    let prev = place["prev"] == nil ? nil : pointer("prev", of: place, payload, .integer)
    let answer = healing(place)
    let apply = lowerApply(place, payload, prev: prev, healedBy: answer)
    guard let owner, let key, let rev, let apply, let heals = place["heals"]?.string,
      prev != nil || place["prev"] == nil
    else { return nil }
    let log = StreamLog(of: owner, key: key, rev: rev, prev: prev, heals: heals, apply: apply)
    checkAgreement(log, at: place)
    return .log(log)
  }

  /// A stream that names its predecessors does so in each event.
  private mutating func checkAgreement(_ log: StreamLog, at place: Node) {
    for event in model.serverEvents {
      guard case .log(let other) = event.order, other.of == log.of, (other.prev == nil) != (log.prev == nil) else {
        continue
      }
      let (here, there) = log.prev == nil ? ("no 'prev'", "one") : ("'prev'", "none")
      error(place, "this event of the stream of a \(log.of) has \(here), but '\(event.name)' has \(there)")
      return
    }
  }

  private mutating func lowerMark(_ place: Node, _ payload: Payload) -> StreamOrder? {
    let owner = streamOwner(place)
    let key = pointer("key", of: place, payload, .uuid)
    let mark = pointer("mark", of: place, payload, .integer)
    let by = place["by"] == nil ? nil : pointer("by", of: place, payload, .uuid)
    guard let owner, let key, let mark, by != nil || place["by"] == nil else { return nil }
    return .mark(of: owner, key: key, by: by, mark: mark)
  }

  private mutating func lowerNewest(_ place: Node, _ payload: Payload) -> StreamOrder? {
    let owner = streamOwner(place)
    let key = pointer("key", of: place, payload, .uuid)
    let version = pointer("version", of: place, payload, .integer)
    let answer = healing(place)
    guard let owner, let key, let version, let heals = place["heals"]?.string else { return nil }
    // The state is the object that has the version.
    let state = type(at: Array(version.dropLast()), of: payload)
    if let answer, let state, let node = place["heals"] { checkPut(state, healedBy: answer, at: node) }
    return .newest(of: owner, key: key, version: version, heals: heals)
  }

  private mutating func streamOwner(_ place: Node) -> String? {
    guard let owner = string("of", of: place), let node = place["of"] else { return nil }
    guard IdentifierCheck.isKebabCase(owner) else {
      error(node, "what has the stream is named in kebab-case")
      return nil
    }
    var owners = streamOwners
    checkDistinct(owner, SwiftName.part(owner), at: node, in: &owners)
    streamOwners = owners
    return owner
  }

  // MARK: - Pointers

  private enum Place {
    case uuid, integer, object

    var title: String {
      switch self {
      case .uuid: "a string with format: uuid"
      case .integer: "an integer"
      case .object: "an object with a name"
      }
    }
  }

  /// Where a JSON Pointer leads in every payload of the event, which must be a value of the kind.
  private mutating func pointer(_ key: String, of place: Node, _ payload: Payload, _ kind: Place) -> [String]? {
    guard let text = string(key, of: place), let node = place[key] else { return nil }
    guard let tokens = text.hasPrefix("#") ? nil : JSONPointer.tokens(ofFragment: text) else {
      error(node, "'\(key)' is a JSON Pointer into the payload, such as /id")
      return nil
    }
    var object: ObjectShape? = payload.object
    var type = TypeReference.named(payload.type)
    for token in tokens {
      guard let shape = object else {
        if isDoubtful(type) { return nil }
        error(node, "'\(text)' leads through \(describe(type)), which is no object")
        return nil
      }
      guard let property = shape.properties.first(where: { $0.name == token }) else {
        if isDoubtful(type) { return nil }
        error(
          node, "'\(text)' leads to no property of \(describe(type)): there is no '\(token)'", .invalidStream,
          suggestion: diagnostics.suggestion(for: token, among: shape.properties.lazy.map(\.name)))
        return nil
      }
      guard property.isRequired else {
        if isDoubtful(type) { return nil }
        error(node, "'\(token)' can be left out, but x-stream needs it in each '\(payload.type)'")
        return nil
      }
      type = property.type
      object = objectShape(of: type)
    }
    let fits =
      switch (kind, expand(type)) {
      case (.uuid, .string(let rules)): rules.format == .uuid
      case (.integer, .integer): true
      case (.object, .named): object != nil
      default: false
      }
    guard fits else {
      if isDoubtful(type) { return nil }
      error(node, "'\(key)' is \(kind.title), but '\(text)' leads to \(describe(type))")
      return nil
    }
    return tokens
  }

  private func type(at path: [String], of payload: Payload) -> TypeReference? {
    var type = TypeReference.named(payload.type)
    for token in path {
      guard let property = objectShape(of: type)?.properties.first(where: { $0.name == token }) else { return nil }
      type = property.type
    }
    return type
  }

  // MARK: - Healing

  /// The types that are in the answers of the operation that `heals` names.
  private mutating func healing(_ place: Node) -> Answer? {
    guard let id = string("heals", of: place), let node = place["heals"] else { return nil }
    guard let operation = model.operations.first(where: { $0.id == id }) else {
      // One with errors of its own is not in the model.
      if !operationIDs.contains(id) {
        error(
          node, "there is no operation '\(id)' in \(resolver.openapi.source.fileName)", .invalidStream,
          suggestion: diagnostics.suggestion(for: id, among: model.operations.lazy.map(\.id)))
      }
      return nil
    }
    guard !doubtfulOperations.contains(id) else { return nil }
    var answer = Answer(operation: id)
    for response in operation.responses {
      if case .json(let type) = response.content { collect(type, into: &answer) }
    }
    return answer
  }

  /// What an answer can carry.
  private struct Answer {
    let operation: String
    var objects: [ObjectShape] = []
    /// Properties that are UUIDs, or lists of them.
    var ids: Set<String> = []
    var visited: Set<String> = []
  }

  private func collect(_ type: TypeReference, into answer: inout Answer) {
    switch type {
    case .array(let inner, _), .map(let inner, _), .nullable(let inner), .checked(let inner, _), .indirect(let inner):
      collect(inner, into: &answer)
    case .named(let name):
      guard answer.visited.insert(name).inserted else { return }
      switch declarations[name]?.shape {
      case .alias(let target): collect(target, into: &answer)
      case .choice(let choice): for branch in choice.branches { collect(branch.type, into: &answer) }
      case .union(let union): for branch in union.branches { collect(.named(branch.type), into: &answer) }
      case .object(let object):
        answer.objects.append(object)
        for property in object.properties {
          if isID(property.type) { answer.ids.insert(property.name) }
          collect(property.type, into: &answer)
        }
      case .enumeration, nil: break
      }
    case .string, .integer, .number, .boolean, .const, .json: break
    }
  }

  private func isID(_ type: TypeReference) -> Bool {
    switch expand(type) {
    case .string(let rules): rules.format == .uuid
    case .array(let items, _): isID(items)
    default: false
    }
  }

  private mutating func lowerApply(
    _ place: Node, _ payload: Payload, prev: [String]?, healedBy answer: Answer?
  ) -> StreamLog.Change? {
    guard let apply = place["apply"] else { return nil }
    let forms = ["put", "remove", "patch"].filter { apply[$0] != nil }
    guard forms.count == 1 else {
      error(apply, "'apply' is {put: …}, {remove: …} or {patch: …, into: …}, with JSON Pointers into the payload")
      return nil
    }
    switch forms[0] {
    case "put":
      guard check(apply, .streamPut), let path = pointer("put", of: apply, payload, .object) else { return nil }
      if let answer, let type = type(at: path, of: payload), let node = apply["put"] {
        checkPut(type, under: path, but: prev, healedBy: answer, at: node)
      }
      return .put(path)
    case "remove":
      guard check(apply, .streamRemove), let path = pointer("remove", of: apply, payload, .uuid) else { return nil }
      // It tells by the same name that something is gone, or lists what is: `user_id`, `removed_user_ids`.
      if let answer, let name = path.last, let node = apply["remove"],
        !answer.ids.contains(where: { $0 == name || $0.hasSuffix(name + "s") })
      {
        error(node, "'\(answer.operation)' heals this event, but no answer of it has a '\(name)' or a list '…\(name)s'")
      }
      return .remove(path)
    default:
      guard check(apply, .streamPatch), let path = pointer("patch", of: apply, payload, .object),
        let target = pointer("into", of: apply, payload, .uuid)
      else { return nil }
      if let answer, let type = type(at: path, of: payload), let node = apply["patch"] {
        checkPut(type, under: path, but: prev, healedBy: answer, at: node)
      }
      return .patch(path, into: target)
    }
  }

  /// An answer has the object if it has one with all of its required properties.
  ///
  /// - Parameter prev: what says which event came before: within the object, it is the event's own and not the object's.
  private mutating func checkPut(
    _ type: TypeReference, under path: [String] = [], but prev: [String]? = nil, healedBy answer: Answer, at node: Node
  ) {
    guard let object = objectShape(of: type) else { return }
    let needed = object.properties.filter { $0.isRequired && path + [$0.name] != prev }
      .map { ($0.name, expand($0.type)) }
    let isCarried = answer.objects.contains { other in
      needed.allSatisfy { name, type in other.properties.contains { $0.name == name && expand($0.type) == type } }
    }
    if !isCarried {
      error(node, "'\(answer.operation)' heals this event, but no answer of it has what \(describe(type)) has")
    }
  }
}

// MARK: - The rule of what this file says

extension Lowerer {
  fileprivate mutating func error(_ node: Node, _ message: String) { error(node, message, .invalidStream) }

  fileprivate mutating func errorAtKey(_ node: Node, _ message: String) { errorAtKey(node, message, .invalidStream) }
}
