/// Which tags use a type, themselves or by way of other types.
struct TypeUses {
  /// By the type's name.
  private var tags: [String: Set<String>] = [:]
  private let types: [String: TypeDeclaration]

  init(_ model: ProtocolModel) {
    types = Dictionary(model.types.map { ($0.name, $0) }) { first, _ in first }
    for operation in model.operations {
      var uses = (operation.pathParameters + operation.queryParameters + operation.headerParameters).map(\.type)
      switch operation.body?.content {
      case .json(let type): uses.append(type)
      case .form(let fields): for case .text(let type) in fields.map(\.value) { uses.append(type) }
      case .bytes, nil: break
      }
      for case .json(let type) in operation.responses.map(\.content) { uses.append(type) }
      note(uses.compactMap(Self.named), operation.tag)
    }
    for event in model.clientEvents {
      var uses = [event.payload.flatMap(Self.named)].compactMap { $0 }
      if case .own(let data?, _) = event.binding { uses += [Self.named(data)].compactMap { $0 } }
      note(uses, event.tag)
    }
  }

  /// Nil if there is none or more than one.
  func onlyTag(of type: String) -> String? {
    guard let tags = tags[type], tags.count == 1 else { return nil }
    return tags.first
  }

  /// Each type is looked at once a tag, and without recursion: types may lead to each other however far.
  private mutating func note(_ names: [String], _ tag: String) {
    var pending = names
    while let name = pending.popLast() {
      guard tags[name, default: []].insert(tag).inserted else { continue }
      switch types[name]?.shape {
      case .object(let shape):
        pending += shape.properties.compactMap { Self.named($0.type) } + shape.bases
        if case .typed(let value) = shape.additional { pending += [Self.named(value)].compactMap { $0 } }
      case .union(let union): pending += union.branches.map(\.type)
      case .choice(let choice): pending += choice.branches.compactMap { Self.named($0.type) }
      case .alias(let reference): pending += [Self.named(reference)].compactMap { $0 }
      case .enumeration, nil: break
      }
    }
  }

  /// The named type that a reference leads to at once.
  static func named(_ reference: TypeReference) -> String? {
    switch reference {
    case .named(let name): name
    case .array(let inner, _), .map(let inner, _), .nullable(let inner), .checked(let inner, _), .indirect(let inner):
      named(inner)
    case .string, .integer, .number, .boolean, .const, .json: nil
    }
  }
}
