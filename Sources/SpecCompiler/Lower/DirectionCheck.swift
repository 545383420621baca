/// Which way a property may go, and to whom.
///
/// `readOnly` and `writeOnly` say in which direction a property goes. A type here is the same in both, so one that a
/// request can carry has no readOnly property, and one that an answer can carry no writeOnly one.
extension Lowerer {
  mutating func checkDirections() {
    var requests: [TypeReference] = model.operations.compactMap { operation in
      if case .json(let type) = operation.body?.content { type } else { nil }
    }
    requests += model.clientEvents.compactMap(\.payload)
    var answers: [TypeReference] = model.serverEvents.map(\.payload)
    for operation in model.operations {
      for response in operation.responses {
        if case .json(let type) = response.content { answers.append(type) }
      }
    }
    for event in model.clientEvents {
      if case .own(.some(let data), _) = event.binding { answers.append(data) }
    }
    // In others' specs the direction is not asked: such a property may be left out in both.
    guard profile.isOwn else { return }
    refuse("readOnly", in: reachable(from: requests), "a request carries")
    refuse("writeOnly", in: reachable(from: answers), "an answer carries")
  }

  /// `x-own-view` marks what depends on who asks. An event is encoded once for everybody who gets it, so none of that is in
  /// one, unless it tells a user's own state.
  mutating func checkOwnViews() {
    for (name, node) in schemas {
      guard let place = node["x-own-view"] else { continue }
      errorAtKey(place, "'x-own-view' belongs to a property, not to \(name) as a whole", .misplacedOwnView)
    }
    for event in model.serverEvents {
      if case .log(let log) = event.order, log.of == "user" { continue }
      refuse(
        "x-own-view", in: reachable(from: [event.payload]), "all who get the event \(event.name) get the same")
    }
  }

  private mutating func refuse(_ keyword: String, in names: Set<String>, _ what: String) {
    for (name, node) in schemas where names.contains(name) {
      for (property, schema) in collectParts(of: node)?.properties ?? [] where schema[keyword]?.boolean == true {
        errorAtKey(
          schema[keyword] ?? schema, "\(what) \(name), so its property '\(property)' can't be \(keyword)",
          keyword == "x-own-view" ? .misplacedOwnView : .wrongDirection)
      }
    }
  }

  private func reachable(from roots: [TypeReference]) -> Set<String> {
    var names: Set<String> = []
    var pending = roots
    while let type = pending.popLast() {
      switch type {
      case .named(let name):
        guard names.insert(name).inserted else { continue }
        switch declarations[name]?.shape {
        case .object(let object): pending += object.properties.map(\.type)
        case .choice(let choice): pending += choice.branches.map(\.type)
        case .union(let union): pending += union.branches.map { .named($0.type) }
        case .alias(let target): pending.append(target)
        case .enumeration, nil: break
        }
      case .array(let inner, _), .map(let inner, _), .nullable(let inner), .checked(let inner, _),
        .indirect(let inner):
        pending.append(inner)
      case .string, .integer, .number, .boolean, .const, .json: break
      }
    }
    return names
  }
}
