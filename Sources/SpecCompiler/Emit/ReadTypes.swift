/// The types that the server reads: those of what clients send, and all that these lead to.
struct ReadTypes {
  private(set) var names: Set<String> = []

  /// Each type is looked at once, and without recursion: types may lead to each other however far.
  init(_ model: ProtocolModel) {
    let types = Dictionary(model.types.map { ($0.name, $0) }) { first, _ in first }
    var pending = model.operations.flatMap(Self.sent).compactMap(TypeUses.named)
    pending += model.clientEvents.compactMap(\.payload).compactMap(TypeUses.named)
    while let name = pending.popLast() {
      guard names.insert(name).inserted else { continue }
      switch types[name]?.shape {
      case .object(let shape):
        pending += shape.properties.compactMap { TypeUses.named($0.type) }
        if case .typed(let value) = shape.additional { pending += [TypeUses.named(value)].compactMap { $0 } }
      case .union(let union): pending += union.branches.map(\.type)
      case .choice(let choice): pending += choice.branches.compactMap { TypeUses.named($0.type) }
      case .alias(let reference): pending += [TypeUses.named(reference)].compactMap { $0 }
      case .enumeration, nil: break
      }
    }
  }

  private static func sent(_ operation: Operation) -> [TypeReference] {
    let parameters = (operation.pathParameters + operation.queryParameters + operation.headerParameters).map(\.type)
    switch operation.body?.content {
    case .json(let type): return parameters + [type]
    case .form(let fields):
      return parameters
        + fields.compactMap { field in
          if case .text(let type) = field.value { return type }
          return nil
        }
    case .bytes, nil: return parameters
    }
  }
}
