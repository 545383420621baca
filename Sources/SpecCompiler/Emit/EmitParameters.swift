/// How parameters are read: from a path's segment, the query, a header or a form's field.
extension Emitter {
  /// A list's elements, each read as a scalar is.
  private func listRead(
    _ parameter: Parameter, text: String?, _ patterns: Patterns
  ) -> String? {
    guard let list = parameter.list else { return nil }
    guard case .array(let element, let rules) = resolved(parameter.type) else {
      guard case .checked(let inner, let schema) = resolved(parameter.type) else { return nil }
      var plain = parameter
      plain.type = inner
      return listRead(plain, text: text, patterns).map { checkedRead(parameter, schema, $0) }
    }
    var scalar = parameter
    (scalar.type, scalar.list) = (element, nil)
    var arguments = [literal(parameter.name)]
    if let text { arguments.append(text) } else if parameter.isRequired { arguments.append("required: true") }
    if case .separated(let separator) = list { arguments.append("separatedBy: \(literal(separator))") }
    if let bound = rules.minItems { arguments.append("minItems: \(fewest("minItems", bound))") }
    if let bound = rules.maxItems { arguments.append("maxItems: \(most("maxItems", bound))") }
    if rules.uniqueItems { arguments.append("areUnique: \(isChecked("uniqueItems"))") }
    let call = text == nil ? "array" : "pathArray"
    return "parameters.\(call)(\(join(arguments))) { (parameters: inout Parameters, text: String) in "
      + "\(pathRead(scalar, segment: "text", patterns)) }"
  }

  /// JSON, or an object, which is read as the JSON that its texts stand for.
  ///
  /// - Parameter text: nil in a query.
  private func encodedRead(_ parameter: Parameter, text: String?, _ patterns: Patterns) -> String? {
    guard let encoding = parameter.encoding else { return nil }
    let name = literal(parameter.name)
    let reader = reader(of: parameter.type, patterns)
    let required = parameter.isRequired ? ", required: true" : ""
    let inQuery = "parameters.text(\(name)\(required))"
    switch encoding {
    case .json:
      guard let text else { return "\(inQuery).flatMap { parameters.json(\(name), $0, \(reader)) }" }
      return "parameters.json(\(name), \(text), \(reader))"
    case .object(let object):
      let properties = object.properties.map { "ParameterProperty(\(literal($0.name))\(form($0.form)))" }
      let others =
        object.others.isBare || object.others.isList ? ", others: ParameterProperty(\"\"\(form(object.others)))" : ""
      let rest = "[\(properties.joined(separator: ", "))]\(others), \(reader)"
      switch object.style {
      case .bracketed: return "parameters.bracketed(\(name)\(required), \(rest))"
      case .exploded: return "parameters.exploded(\(name)\(required), \(rest))"
      case .alternating, .assigned:
        let style = object.style == .assigned ? ", isAssigned: true" : ""
        guard let text else { return "\(inQuery).flatMap { parameters.object(\(name), $0\(style), \(rest)) }" }
        return "parameters.object(\(name), \(text)\(style), \(rest))"
      }
    }
  }

  private func form(_ form: ParameterObject.Form) -> String {
    (form.isBare ? ", isBare: true" : "") + (form.isList ? ", isList: true" : "")
  }

  /// Of a text that is there.
  func pathRead(_ parameter: Parameter, segment: String, _ patterns: Patterns) -> String {
    if let read = encodedRead(parameter, text: segment, patterns) { return read }
    if let read = listRead(parameter, text: segment, patterns) { return read }
    let name = literal(parameter.name)
    switch resolved(parameter.type) {
    case .string(let rules):
      switch rules.format {
      case .uuid: return "parameters.pathUUID(\(name), \(segment))"
      case .dateTime: return "parameters.pathTimestamp(\(name), \(segment))"
      default: return "parameters.pathString(\(join([name, segment, arguments(rules)])))"
      }
    case .integer(let rules): return "parameters.pathInteger(\(join([name, segment, arguments(rules)])))"
    case .number(let rules): return "parameters.pathNumber(\(join([name, segment, arguments(rules)])))"
    case .boolean: return "parameters.pathBoolean(\(name), \(segment))"
    case .named(let type):
      guard case .enumeration = types[type]?.shape else { return decodedRead(parameter, segment, patterns) }
      return "parameters.pathEnumeration(\(name), \(segment), \(SwiftName.schema(type)).self)"
    case .const(let scalar): return constantRead(scalar, name: name, segment: segment)
    case .checked(let inner, let schema):
      guard isRead(inner) else { return decodedRead(parameter, segment, patterns) }
      var plain = parameter
      plain.type = inner
      return checkedRead(parameter, schema, pathRead(plain, segment: segment, patterns))
    case .array, .map, .nullable, .json, .indirect: return decodedRead(parameter, segment, patterns)
    }
  }

  /// Whether there is a function for the type; all others are read as JSON.
  private func isRead(_ type: TypeReference) -> Bool {
    switch resolved(type) {
    case .string, .integer, .number, .boolean: true
    case .const(let value): value != .null
    case .named(let name): if case .enumeration = types[name]?.shape { true } else { false }
    case .checked(let inner, _): isRead(inner)
    case .array, .map, .nullable, .json, .indirect: false
    }
  }

  /// The value of JSON that a text stands for.
  private func decodedRead(_ parameter: Parameter, _ segment: String, _ patterns: Patterns) -> String {
    "parameters.decoded(\(literal(parameter.name)), \(segment), \(reader(of: parameter.type, patterns)))"
  }

  /// What was read, put to a schema as the value of JSON that it stands for.
  private func checkedRead(_ parameter: Parameter, _ schema: Int, _ read: String) -> String {
    return "parameters.checked(\(literal(parameter.name)), \(schema), of: Schemas.table, \(read)) "
      + "{ \(json("$0", parameter.type)) }"
  }

  /// A scalar, or a list of them, as a value of JSON.
  private func json(_ value: String, _ type: TypeReference) -> String {
    switch resolved(type) {
    case .checked(let inner, _): json(value, inner)
    case .integer, .number, .const(.integer), .const(.number): ".number(JSONNumber(\(value)))"
    case .boolean, .const(.boolean): ".boolean(\(value))"
    case .named: ".string(\(value).rawValue)"
    case .string(let rules) where rules.format == .uuid || rules.format == .dateTime: ".string(\(value).description)"
    case .array(let element, _): ".array(\(value).map { \(json("$0", element)) })"
    default: ".string(\(value))"
    }
  }

  private func constantRead(_ scalar: Scalar, name: String, segment: String) -> String {
    switch scalar {
    case .string(let text): "parameters.pathConstant(\(name), \(segment), \(literal(text)))"
    case .boolean(let value):
      "parameters.pathConstant(\(name), \(segment), \(literal(String(value)))).map { _ in \(value) }"
    case .integer(let value): "parameters.pathInteger(\(name), \(segment), minimum: \(value), maximum: \(value))"
    case .number(let value): "parameters.pathNumber(\(name), \(segment), minimum: \(value), maximum: \(value))"
    case .null:
      "parameters.decoded(\(name), \(segment)) { (reader: inout JSONReader) throws(JSONSyntaxError) in try reader.constantNull() }"
    }
  }

  /// The value is read as that of a path's parameter is.
  func headerRead(_ parameter: Parameter, _ patterns: Patterns) -> String {
    let required = parameter.isRequired ? ", required: true" : ""
    let place = parameter.place == .cookie ? "cookie" : "header"
    let text = "parameters.\(place)(\(literal(parameter.name)), of: request\(required))"
    return "\(text).flatMap { \(pathRead(parameter, segment: "$0", patterns)) }"
  }

  func queryRead(_ parameter: Parameter, _ patterns: Patterns) -> String {
    if let read = encodedRead(parameter, text: nil, patterns) { return read }
    if let read = listRead(parameter, text: nil, patterns) { return read }
    let required = parameter.isRequired ? "required: true" : ""
    let name = literal(parameter.name)
    switch resolved(parameter.type) {
    case .string(let rules):
      switch rules.format {
      case .uuid: return "parameters.uuid(\(join([name, required])))"
      case .dateTime: return "parameters.timestamp(\(join([name, required])))"
      default: return "parameters.string(\(join([name, required, arguments(rules)])))"
      }
    case .integer(let rules): return "parameters.integer(\(join([name, required, arguments(rules)])))"
    case .number(let rules): return "parameters.number(\(join([name, required, arguments(rules)])))"
    case .boolean: return "parameters.boolean(\(join([name, required])))"
    case .named(let type) where isRead(.named(type)):
      return "parameters.enumeration(\(join([name, required, "\(SwiftName.schema(type)).self"])))"
    case .checked(let inner, let schema) where isRead(inner):
      var plain = parameter
      plain.type = inner
      return checkedRead(parameter, schema, queryRead(plain, patterns))
    default:
      let text = "parameters.text(\(join([name, required])))"
      return "\(text).flatMap { \(pathRead(parameter, segment: "$0", patterns)) }"
    }
  }

  private func join(_ arguments: [String]) -> String {
    arguments.filter { !$0.isEmpty }.joined(separator: ", ")
  }
}
