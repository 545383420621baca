/// The bodies of requests, and what is said of bodies beside their schemas: their limit, and who may keep an answer's.
extension Lowerer {
  mutating func lowerRequestBody(_ reference: Node) -> RequestBody? {
    guard let node = dereference(reference), check(node, .requestBody) else { return nil }
    _ = string("description", of: node)
    let isRequired = boolean("required", of: node) ?? false
    let contents = entries("content", of: node)
    if contents.count > 1 { errorAtKey(contents[1].value, "a request body has one media type") }
    guard let entry = contents.first else {
      if node["content"]?.isMapping == true { errorAtKey(node, "the body needs a media type") }
      return nil
    }
    let content: RequestBody.Content?
    switch entry.key {
    case "application/json": content = lowerMediaType(entry.value).map { .json($0) }
    case "multipart/form-data": content = lowerForm(entry.value).map { .form($0) }
    default: content = lowerBytes(entry)
    }
    guard let content else { return nil }
    if case .json = content {
    } else if !isRequired {
      errorAtKey(node["required"] ?? node, "a body that is no JSON needs 'required: true': without bytes it is empty")
    }
    if profile.examples, namedExamples(of: entry.value).isEmpty {
      errorAtKey(entry.value, "the body needs a named example", .missingExample)
    }
    return RequestBody(content: content, isRequired: isRequired)
  }

  mutating func lowerMediaType(_ media: Node) -> TypeReference? {
    guard check(media, .mediaType) else { return nil }
    checkExamples(media)
    guard let schema = media["schema"] else {
      errorAtKey(media, "a media type of JSON needs 'schema'")
      return nil
    }
    return lowerType(schema)
  }

  /// A body of bytes. No schema can say anything of them; `x-body-limit` says how many there may be.
  private mutating func lowerBytes(_ entry: Node.Entry) -> RequestBody.Content? {
    guard check(entry.value, .mediaType) else { return nil }
    checkExamples(entry.value)
    guard checkMediaRange(entry) else { return nil }
    if let schema = entry.value["schema"], !schema.entries.allSatisfy({ SchemaForm.annotations.contains($0.key) }) {
      error(schema, "bytes have no schema: leave it empty, and say their number with x-body-limit")
    }
    return .bytes(mediaType: entry.key)
  }

  /// Whether the key of a content can be compared with the fields of a request as it is.
  mutating func checkMediaRange(_ entry: Node.Entry) -> Bool {
    if Self.isMediaRange(entry.key) { return true }
    errorAtKey(entry.value, "'\(entry.key)' is no media type in lower case and without parameters, as image/png")
    return false
  }

  /// RFC 9110 §12.5.1, §8.3.1: a type and a subtype, or a star in place of the subtype or both.
  static func isMediaRange(_ text: String) -> Bool {
    if text == "*/*" { return true }
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2 else { return false }
    func isToken(_ part: Substring) -> Bool {
      !part.isEmpty
        && part.utf8.allSatisfy {
          (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || "!#$&-^_.+".utf8.contains($0)
        }
    }
    return isToken(parts[0]) && (parts[1] == "*" || isToken(parts[1]))
  }

  // MARK: - Forms

  private mutating func lowerForm(_ media: Node) -> [FormField]? {
    guard check(media, .mediaType) else { return nil }
    checkExamples(media)
    guard let schema = media["schema"] else {
      errorAtKey(media, "a form needs 'schema'", .invalidForm)
      return nil
    }
    guard schema["$ref"] == nil, check(schema, .form), string("type", of: schema) == "object" else {
      error(schema, "the schema of a form is an object, written here", .invalidForm)
      return nil
    }
    if schema["additionalProperties"]?.boolean != false {
      errorAtKey(schema, "a form takes no unknown fields: it needs 'additionalProperties: false'", .invalidForm)
    }
    let required = strings("required", of: schema)
    let properties = entries("properties", of: schema)
    for (name, place) in required where !properties.contains(where: { $0.key == name }) {
      error(
        place, "'\(name)' is required, but there is no such field", .invalidForm,
        suggestion: diagnostics.suggestion(for: name, among: properties.lazy.map(\.key)))
    }
    var checked: [String: String] = [:]
    var names = MemberNames(.field)
    var fields: [FormField] = []
    for entry in properties {
      checkMemberName(entry.key, .field, at: entry.value, in: &checked, what: "a field")
      guard let value = lowerFormValue(entry.value) else { continue }
      lintDescription(entry.value, of: "the field", entry.value["description"]?.string)
      fields.append(
        FormField(
          name: entry.key, swiftName: names.name(for: entry.key), value: value,
          isRequired: required.contains { $0.text == entry.key },
          description: entry.value["description"]?.string ?? ""))
    }
    if !fields.contains(where: { if case .file = $0.value { true } else { false } }), fields.count == properties.count {
      errorAtKey(schema, "a form without a file can be application/json", .invalidForm)
    }
    return fields
  }

  private mutating func lowerFormValue(_ node: Node) -> FormField.Value? {
    if node["contentMediaType"] != nil { return lowerFile(node, maxItems: 1) }
    if node["type"]?.string == "array", let items = node["items"], items["contentMediaType"] != nil {
      guard check(node, .formFiles) else { return nil }
      guard let maxItems = count("maxItems", of: node), (1...100).contains(maxItems) else {
        errorAtKey(node, "a field of several files needs 'maxItems', from 1 to 100", .invalidForm)
        return nil
      }
      return lowerFile(items, maxItems: maxItems)
    }
    guard let type = lowerType(node) else { return nil }
    guard isScalar(type) else {
      error(
        node, "a form's field is a string, number, boolean, enum or file, not \(describe(expand(type)))", .invalidForm)
      return nil
    }
    return .text(type)
  }

  private mutating func lowerFile(_ node: Node, maxItems: Int) -> FormField.Value? {
    guard check(node, .formFile) else { return nil }
    if string("contentMediaType", of: node) != "application/octet-stream", let place = node["contentMediaType"] {
      error(
        place, "what a client says of a file proves nothing: write application/octet-stream, and look at its bytes",
        .invalidForm)
    }
    guard let maxLength = count("maxLength", of: node), (1...1 << 30).contains(maxLength) else {
      errorAtKey(node, "a file needs 'maxLength', its number of bytes, from 1 to \(1 << 30)", .invalidForm)
      return nil
    }
    return .file(maxLength: maxLength, maxItems: maxItems)
  }

  // MARK: - Limits and caches

  mutating func lowerBodyLimit(_ operation: Node) -> Int? {
    guard let place = operation["x-body-limit"] else { return nil }
    if operation["requestBody"] == nil { errorAtKey(place, "x-body-limit is about a body, and there is none") }
    guard let limit = place.integer, (1...1 << 30).contains(limit) else {
      error(place, "x-body-limit is a number of bytes, from 1 to \(1 << 30)")
      return nil
    }
    return limit
  }

  /// RFC 9111 §5.2.2 and RFC 8246.
  private static let cacheDirectives = [
    "public", "private", "no-cache", "no-store", "must-revalidate", "immutable", "max-age", "s-maxage",
  ]

  mutating func lowerCacheControl(_ operation: Node, access: Access?) -> String? {
    guard let text = string("x-cache", of: operation), let place = operation["x-cache"] else { return nil }
    let directives = text.split(separator: ", ", omittingEmptySubsequences: false).map(String.init)
    for directive in directives {
      let parts = directive.split(separator: "=", omittingEmptySubsequences: false)
      let hasSeconds = parts.count == 2 && Int(parts[1]).map { (0...31_536_000).contains($0) } == true
      let needsSeconds = parts.first == "max-age" || parts.first == "s-maxage"
      guard let name = parts.first, Self.cacheDirectives.contains(String(name)), parts.count <= 2,
        needsSeconds ? hasSeconds : parts.count == 1
      else {
        error(
          place,
          "'\(directive)' is no directive of Cache-Control; known are \(Self.cacheDirectives.joined(separator: ", ")),"
            + " the last two with seconds, up to a year", .invalidCache)
        return nil
      }
    }
    if access != .everyone, directives.contains("public") || directives.contains(where: { $0.hasPrefix("s-maxage") }) {
      error(place, "what not everybody may have is for no shared cache: x-cache is 'private, …' here", .invalidCache)
    }
    return text
  }
}

// MARK: - The rule of what this file says

extension Lowerer {
  fileprivate mutating func error(_ node: Node, _ message: String) { error(node, message, .invalidBody) }

  fileprivate mutating func errorAtKey(_ node: Node, _ message: String) { errorAtKey(node, message, .invalidBody) }
}
