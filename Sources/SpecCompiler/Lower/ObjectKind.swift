/// A kind of object of OpenAPI 3.1 or AsyncAPI 3.0 with the keys that the compiler knows in it. Any other key is an
/// error: nothing of a spec is ever silently ignored.
struct ObjectKind {
  /// With its article, for messages: `an operation`.
  let title: String
  let required: [String]
  let optional: [String]
  /// Keys of the standards that are not supported, with what to do instead.
  let unsupported: [String: String]

  init(_ title: String, required: [String] = [], optional: [String] = [], unsupported: [String: String] = [:]) {
    self.title = title
    self.required = required
    self.optional = optional
    self.unsupported = unsupported
  }

  /// Whether the node is a mapping; says so if not, and judges its keys.
  func judge(_ node: Node, into diagnostics: inout Diagnostics) -> Bool {
    guard node.isMapping else {
      let message = "\(title) is a mapping, not \(node.kind)"
      diagnostics.report(Diagnostic(.error, .wrongType, at: node.location, message, context: node.pointer))
      return false
    }
    var misspelt: Set<String> = []
    for entry in node.entries where !allows(entry.key) {
      let value = entry.value
      if let advice = unsupported[entry.key] {
        let message = "'\(entry.key)' is not supported in \(title); \(advice)"
        diagnostics.report(
          Diagnostic(.error, .unsupportedKey, at: value.keyLocation, message, context: value.pointer))
      } else {
        let suggestion = diagnostics.suggestion(for: entry.key, among: required + optional)
        diagnostics.report(
          Diagnostic(
            .error, .unknownKey, at: value.keyLocation, "unknown key '\(entry.key)' in \(title)",
            context: value.pointer, suggestion: suggestion))
        if let suggestion { misspelt.insert(suggestion.replacement) }
      }
    }
    for key in required where node[key] == nil && !misspelt.contains(key) {
      diagnostics.report(
        Diagnostic(
          .error, .missingKey, at: node.keyLocation, "\(title) needs '\(key)'", context: node.pointer))
    }
    return true
  }

  func allows(_ key: String) -> Bool {
    required.contains(key) || optional.contains(key)
  }
}

// MARK: - Both standards

extension ObjectKind {
  static let info = ObjectKind(
    "the info object", required: ["title", "version"],
    optional: ["summary", "description", "termsOfService", "contact", "license", "tags", "externalDocs"])
  static let contact = ObjectKind("a contact", optional: ["name", "url", "email"])
  static let license = ObjectKind("a license", required: ["name"], optional: ["identifier", "url"])
  static let externalDocs = ObjectKind("an externalDocs object", required: ["url"], optional: ["description"])
  static let tag = ObjectKind("a tag", required: ["name"], optional: ["description", "externalDocs"])
  static let reference = ObjectKind("a reference", required: ["$ref"], optional: ["summary", "description"])
  static let example = ObjectKind(
    "an example", required: ["value"], optional: ["summary", "description", "x-example-scenario"],
    unsupported: ["externalValue": "write the value here"])
  static let scenario = ObjectKind("x-example-scenario", required: ["name", "step"], optional: ["as", "parameters"])
  static let rateLimit = ObjectKind(
    "a limit", required: ["limit", "per", "by"], optional: ["burst", "account", "shared"])
  static let securityScheme = ObjectKind(
    "a security scheme", required: ["type"], optional: ["description", "scheme", "bearerFormat", "name", "in"],
    unsupported: ["flows": "only http, apiKey and userPassword schemes are supported"])
}

// MARK: - OpenAPI 3.1

extension ObjectKind {
  static let openapi = ObjectKind(
    "an OpenAPI document", required: ["openapi", "info", "servers", "paths", "x-problems"],
    optional: ["tags", "components", "security", "externalDocs", "jsonSchemaDialect", "x-rate-limit"],
    unsupported: ["webhooks": "say events in events.yaml"])
  static let problem = ObjectKind("a problem", required: ["status", "title"], optional: ["description"])
  static let server = ObjectKind(
    "a server", required: ["url"], optional: ["description"], unsupported: ["variables": "write the url out"])
  static let pathItem = ObjectKind(
    "a path", optional: ["summary", "description", "parameters", "get", "put", "post", "delete", "patch"],
    unsupported: [
      "options": "the router answers OPTIONS by itself", "head": "the server answers HEAD as it does GET",
      "trace": "TRACE is never answered", "servers": "all paths have servers[0]", "$ref": "write the path here",
    ])
  static let operation = ObjectKind(
    "an operation", required: ["operationId", "tags", "responses", "x-access"],
    optional: [
      "summary", "description", "parameters", "requestBody", "security", "deprecated", "externalDocs", "x-body-limit",
      "x-cache", "x-rate-limit",
    ],
    unsupported: [
      "callbacks": "say events in events.yaml", "servers": "all operations have servers[0]",
      "x-codes": "it belongs to each error response",
    ])
  static let parameter = ObjectKind(
    "a parameter", required: ["name", "in", "schema"],
    optional: ["description", "required", "deprecated", "example", "examples"],
    unsupported: [
      "style": "only the default style is supported", "explode": "only the default style is supported",
      "allowReserved": "reserved characters are percent-encoded", "content": "use schema",
      "allowEmptyValue": "an empty value is checked against the schema like any other",
    ])
  static let requestBody = ObjectKind(
    "a request body", required: ["content"], optional: ["description", "required"])
  static let mediaType = ObjectKind(
    "a media type", optional: ["schema", "example", "examples"],
    unsupported: ["encoding": "a field's text is UTF-8, and a file's bytes are as they come"])
  static let form = ObjectKind(
    "a form", required: ["type", "properties"],
    optional: ["description", "required", "additionalProperties", "title"])
  static let formFile = ObjectKind(
    "a file", required: ["contentMediaType"], optional: ["description", "maxLength", "title"],
    unsupported: ["type": "bytes have no type of JSON", "format": "contentMediaType says that it is a file"])
  static let formFiles = ObjectKind(
    "a field of files", required: ["type", "items"], optional: ["description", "maxItems", "title"])
  static let response = ObjectKind(
    "a response", required: ["description"], optional: ["headers", "content", "x-codes", "x-example-scenario"],
    unsupported: ["links": "links come from the stories"])
  static let header = ObjectKind(
    "a header", required: ["schema"], optional: ["description", "required", "deprecated", "example", "examples"])
  static let components = ObjectKind(
    "the components object",
    optional: [
      "schemas", "responses", "parameters", "examples", "requestBodies", "headers", "securitySchemes",
    ],
    unsupported: [
      "links": "links come from the stories", "callbacks": "say events in events.yaml",
      "pathItems": "write paths under paths",
    ])
}

// MARK: - AsyncAPI 3.0

extension ObjectKind {
  static let asyncapi = ObjectKind(
    "an AsyncAPI document", required: ["asyncapi", "info", "channels", "operations"],
    optional: ["id", "servers", "defaultContentType", "components", "x-rate-limit"])
  static let asyncServer = ObjectKind(
    "a server", required: ["host", "protocol"],
    optional: [
      "protocolVersion", "pathname", "title", "summary", "description", "security", "tags", "externalDocs", "bindings",
    ], unsupported: ["variables": "write the host out"])
  static let channel = ObjectKind(
    "a channel", required: ["address", "messages"],
    optional: ["title", "summary", "description", "servers", "tags", "externalDocs", "bindings", "x-socketio"],
    unsupported: ["parameters": "a channel is a namespace, which has no parameters"])
  static let bindings = ObjectKind("bindings", optional: ["ws"])
  static let socketBinding = ObjectKind("a ws binding", optional: ["method", "query", "headers", "bindingVersion"])
  static let eventOperation = ObjectKind(
    "an operation", required: ["action", "channel", "messages", "tags", "x-access"],
    optional: [
      "title", "summary", "description", "security", "externalDocs", "bindings", "reply", "x-operation", "x-codes",
      "x-stream", "x-rate-limit",
    ], unsupported: ["traits": "write them out", "x-socketio": "it belongs to the message"])
  static let reply = ObjectKind(
    "a reply", required: ["messages"], optional: ["channel"],
    unsupported: ["address": "an acknowledgement goes back on the same connection"])
  static let message = ObjectKind(
    "a message", required: ["name"],
    optional: [
      "payload", "contentType", "title", "summary", "description", "tags", "externalDocs", "examples", "x-socketio",
      "x-example-scenario",
    ],
    unsupported: [
      "x-codes": "it belongs to the operation", "x-stream": "it belongs to the operation",
      "headers": "Socket.IO messages have no headers", "traits": "write them out",
      "correlationId": "Socket.IO numbers acknowledgements by itself", "bindings": "a message has no bindings here",
    ])
  static let messageExample = ObjectKind(
    "an example", required: ["name"], optional: ["summary", "payload"],
    unsupported: [
      "x-example-scenario": "it belongs to the message, by the example's name",
      "headers": "Socket.IO messages have no headers",
    ])
  static let asyncComponents = ObjectKind(
    "the components object", optional: ["schemas", "messages", "replies", "securitySchemes", "servers", "channels"],
    unsupported: [
      "operations": "write operations under operations", "operationTraits": "write them out",
      "messageTraits": "write them out", "parameters": "a channel has no parameters here",
    ])
  static let operationBinding = ObjectKind("x-operation", required: ["id"], optional: ["parameters"])
  /// The forms of x-stream, beside the text `ephemeral`.
  static let streamLog = ObjectKind(
    "the x-stream of a durable event", required: ["of", "key", "rev", "heals", "apply"], optional: ["prev"])
  static let streamMark = ObjectKind(
    "the x-stream of a watermark", required: ["of", "key", "mark"], optional: ["by"],
    unsupported: ["heals": "a watermark is healed by the next one"])
  static let streamNewest = ObjectKind(
    "the x-stream of an event whose newest wins", required: ["of", "key", "version", "heals"])
  static let streamPut = ObjectKind("an 'apply' that puts", required: ["put"])
  static let streamRemove = ObjectKind("an 'apply' that removes", required: ["remove"])
  static let streamPatch = ObjectKind("an 'apply' that patches", required: ["patch", "into"])
  /// Of an event: `as` is who sends it, `to` whose socket receives it.
  static let eventScenario = ObjectKind("x-example-scenario", required: ["name", "step"], optional: ["as", "to"])
  /// Of a channel: the namespace and its handshake. Of a message of the server: to whom it goes.
  static let namespace = ObjectKind("x-socketio", optional: ["namespace", "path", "auth", "connect_error"])
  static let delivery = ObjectKind("x-socketio", required: ["room"], optional: ["volatile"])
}
