/// What stands at a place of a document, as far as it decides what becomes of a `$ref` there (OpenAPI 3.1 §4.8,
/// AsyncAPI 3.0, the Objects).
struct DocumentPart: Sendable {
  /// How it stands there.
  enum Form: Sendable {
    case one
    case list
    /// By names of the author's.
    case map
    /// The same for what has its place there, and is in another file only for the reader: paths, channels, messages
    /// and operations. A `$ref` in place of one is replaced.
    case placedMap
    /// One of them.
    case placed
    /// The components of one kind. A `$ref` in place of one names what is in another file.
    case componentMap
    /// One of them.
    case component
    /// No part of the specification: examples, extensions, values.
    case data
    /// Of a discriminator: names of schemas, or references to them.
    case mapping
  }

  let form: Form
  let kind: PartKind

  static let data = DocumentPart(form: .data, kind: .other)
  static let other = DocumentPart(form: .one, kind: .other)

  /// What stands under a key of it.
  func child(_ key: String) -> DocumentPart {
    switch form {
    case .one, .placed, .component: kind.child(key)
    case .map: DocumentPart(form: .one, kind: kind)
    case .placedMap: DocumentPart(form: .placed, kind: kind)
    case .componentMap: DocumentPart(form: .component, kind: kind)
    case .list: .other
    case .data, .mapping: .data
    }
  }

  /// What each item of it is.
  var item: DocumentPart {
    switch form {
    case .list: DocumentPart(form: .one, kind: kind)
    case .data: .data
    default: .other
    }
  }

  /// Whether a `$ref` in a mapping is a reference, and no name of the author's: no path and no component is named so.
  var mayBeReference: Bool {
    switch form {
    case .one, .placed, .component, .placedMap, .componentMap: true
    case .list, .map, .data, .mapping: false
    }
  }
}

/// A kind of object of the two standards.
enum PartKind: Sendable {
  case openapi, components, pathItem, operation, parameter, header, requestBody, mediaType, response, example, schema
  case discriminator, link, securityScheme
  case asyncapi, server, channel, eventOperation, reply, message, bindings, socketBinding, namespace
  /// Whatever is referred to nowhere, or replaced by what it refers to.
  case other

  /// Where a document keeps components of this kind; nil for what a `$ref` is replaced by.
  var section: String? {
    switch self {
    case .schema: "schemas"
    case .response: "responses"
    case .parameter: "parameters"
    case .header: "headers"
    case .requestBody: "requestBodies"
    case .example: "examples"
    case .link: "links"
    case .securityScheme: "securitySchemes"
    case .message: "messages"
    case .reply: "replies"
    case .channel: "channels"
    case .server: "servers"
    default: nil
    }
  }

  /// In the order in which they stand in a document.
  static let sections = [
    "securitySchemes", "servers", "channels", "headers", "parameters", "requestBodies", "responses", "messages",
    "replies", "examples", "links", "schemas",
  ]

  fileprivate func child(_ key: String) -> DocumentPart {
    if let part = children[key] { return part }
    // A message has one, too, without a reference in it.
    if key == "x-socketio" { return .one(.namespace) }
    return key.hasPrefix("x-") || Self.values.contains(key) ? .data : .other
  }

  private static let values: Set<String> = ["example", "default", "const", "enum", "value"]

  private var children: [String: DocumentPart] {
    switch self {
    case .openapi: Self.openapiChildren
    case .components: Self.componentsChildren
    case .pathItem: Self.pathItemChildren
    case .operation: Self.operationChildren
    case .parameter, .header, .requestBody, .mediaType, .response: Self.contentChildren
    case .schema: Self.schemaChildren
    case .discriminator: ["mapping": .init(form: .mapping, kind: .schema)]
    case .asyncapi: Self.asyncapiChildren
    case .server: ["bindings": .one(.bindings), "security": .list(.securityScheme)]
    case .channel: Self.channelChildren
    case .eventOperation, .reply: Self.eventOperationChildren
    case .message: ["payload": .one(.schema), "headers": .one(.schema), "examples": .data]
    case .bindings: ["ws": .one(.socketBinding)]
    case .socketBinding: ["query": .one(.schema), "headers": .one(.schema)]
    case .namespace: ["auth": .one(.schema), "connect_error": .one(.schema)]
    case .example, .link, .securityScheme, .other: [:]
    }
  }

  // MARK: - OpenAPI

  private static let openapiChildren: [String: DocumentPart] = [
    "paths": .placed(.pathItem), "components": .one(.components),
    // The one extension at the root that may be long enough for a file of its own.
    "x-problems": .one(.other),
  ]
  private static let componentsChildren: [String: DocumentPart] = [
    "schemas": .components(.schema), "responses": .components(.response), "parameters": .components(.parameter),
    "headers": .components(.header), "requestBodies": .components(.requestBody), "examples": .components(.example),
    "links": .components(.link), "securitySchemes": .components(.securityScheme), "pathItems": .components(.pathItem),
    "messages": .components(.message), "replies": .components(.reply), "channels": .components(.channel),
    "servers": .components(.server), "operations": .components(.eventOperation),
  ]
  private static let pathItemChildren: [String: DocumentPart] = [
    "parameters": .list(.parameter), "get": .one(.operation), "put": .one(.operation), "post": .one(.operation),
    "delete": .one(.operation), "options": .one(.operation), "head": .one(.operation), "patch": .one(.operation),
    "trace": .one(.operation),
  ]
  private static let operationChildren: [String: DocumentPart] = [
    "parameters": .list(.parameter), "requestBody": .one(.requestBody), "responses": .map(.response),
  ]
  /// Of all that has a content or a schema: none of them means something else by one of these keys.
  private static let contentChildren: [String: DocumentPart] = [
    "schema": .one(.schema), "content": .map(.mediaType), "examples": .map(.example), "headers": .map(.header),
    "links": .map(.link),
  ]
  private static let schemaChildren: [String: DocumentPart] = [
    "properties": .map(.schema), "patternProperties": .map(.schema), "$defs": .map(.schema),
    "dependentSchemas": .map(.schema), "items": .one(.schema), "additionalProperties": .one(.schema),
    "contains": .one(.schema), "propertyNames": .one(.schema), "unevaluatedItems": .one(.schema),
    "unevaluatedProperties": .one(.schema), "not": .one(.schema), "if": .one(.schema), "then": .one(.schema),
    "else": .one(.schema), "allOf": .list(.schema), "anyOf": .list(.schema), "oneOf": .list(.schema),
    "prefixItems": .list(.schema), "discriminator": .one(.discriminator), "examples": .data,
  ]

  // MARK: - AsyncAPI

  private static let asyncapiChildren: [String: DocumentPart] = [
    "servers": .placed(.server), "channels": .placed(.channel), "operations": .placed(.eventOperation),
    "components": .one(.components),
  ]
  private static let channelChildren: [String: DocumentPart] = [
    "messages": .placed(.message), "servers": .list(.server), "bindings": .one(.bindings),
  ]
  private static let eventOperationChildren: [String: DocumentPart] = [
    "channel": .one(.channel), "messages": .list(.message), "reply": .one(.reply), "bindings": .one(.bindings),
    "security": .list(.securityScheme),
  ]
}

extension DocumentPart {
  fileprivate static func one(_ kind: PartKind) -> DocumentPart { .init(form: .one, kind: kind) }
  fileprivate static func list(_ kind: PartKind) -> DocumentPart { .init(form: .list, kind: kind) }
  fileprivate static func map(_ kind: PartKind) -> DocumentPart { .init(form: .map, kind: kind) }
  fileprivate static func placed(_ kind: PartKind) -> DocumentPart { .init(form: .placedMap, kind: kind) }
  fileprivate static func components(_ kind: PartKind) -> DocumentPart { .init(form: .componentMap, kind: kind) }
}
