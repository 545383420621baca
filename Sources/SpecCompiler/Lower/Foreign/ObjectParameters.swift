/// Parameters that are objects (OpenAPI 3.1 §4.8.12.2).
extension Lowerer {
  mutating func lowerParameterObject(
    _ name: String, _ type: TypeReference, _ node: Node, _ place: ParameterPlace
  ) -> ParameterObject? {
    let stated = node["style"]?.string ?? (place == .query || place == .cookie ? "form" : "simple")
    let style: ParameterObject.Style
    switch (stated, node["explode"]?.boolean ?? (stated == "form")) {
    case ("deepObject", _) where place == .query: style = .bracketed
    case ("form", true) where place == .query: style = .exploded
    case ("form", false), ("simple", false): style = .alternating
    case ("simple", true): style = .assigned
    default:
      error(node, "the parameter '\(name)' is an object in the style \(stated), which is not supported there", .leftOut)
      return nil
    }
    guard let object = propertyForms(of: type, node, name) else { return nil }
    guard style != .exploded || !object.properties.isEmpty else {
      error(node, "the parameter '\(name)' takes any name of the query, so that nothing tells it from others", .leftOut)
      return nil
    }
    return ParameterObject(style: style, properties: object.properties, others: object.others)
  }

  private typealias Form = ParameterObject.Form

  private mutating func propertyForms(
    of type: TypeReference, _ node: Node, _ name: String
  ) -> (properties: [(name: String, form: Form)], others: Form)? {
    var others = Form(isBare: false, isList: false)
    switch expand(type) {
    case .checked(let inner, _), .nullable(let inner), .indirect(let inner): return propertyForms(of: inner, node, name)
    case .map(let value, _):
      guard let form = form(of: value) else { return reportFormless("its values", name, node) }
      return ([], form)
    case .named(let declared):
      guard case .object(let shape) = declarations[declared]?.shape else {
        error(node, "the parameter '\(name)' is one of several objects, which is not supported there", .leftOut)
        return nil
      }
      var properties: [(name: String, form: Form)] = []
      for property in shape.properties {
        guard let form = form(of: property.type) else { return reportFormless("'\(property.name)'", name, node) }
        properties.append((property.name, form))
      }
      if case .typed(let value) = shape.additional {
        guard let form = form(of: value) else { return reportFormless("its other values", name, node) }
        others = form
      }
      return (properties, others)
    default: return ([], others)
    }
  }

  private mutating func reportFormless<Result>(_ what: String, _ name: String, _ node: Node) -> Result? {
    error(node, "the parameter '\(name)' has an object in \(what), which has no form there", .leftOut)
    return nil
  }

  /// Nil for what has objects in it.
  private func form(of type: TypeReference) -> Form? {
    switch expand(type) {
    case .checked(let inner, _), .nullable(let inner), .indirect(let inner): return form(of: inner)
    case .array(let element, _):
      guard let form = form(of: element), !form.isList else { return nil }
      return Form(isBare: form.isBare, isList: true)
    case let other:
      let kinds = kinds(of: other)
      guard !kinds.isDisjoint(with: .scalars) else { return nil }
      return Form(isBare: !kinds.isDisjoint(with: [.number, .boolean]), isList: false)
    }
  }
}
