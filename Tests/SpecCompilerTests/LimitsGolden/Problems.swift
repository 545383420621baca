// Generated from the spec. Do not edit: change the YAML.
import NIOCore
import ProtocolRuntime

/// Status and title of every code, from `x-problems`.
public let problemCatalog = ProblemCatalog([
  "malformed_body": .init(status: 400, title: "Refused"),
  "unauthorized": .init(status: 401, title: "Refused"),
  "not_found": .init(status: 404, title: "Refused"),
  "method_not_allowed": .init(status: 405, title: "Refused"),
  "not_acceptable": .init(status: 406, title: "Refused"),
  "payload_too_large": .init(status: 413, title: "Refused"),
  "unsupported_media_type": .init(status: 415, title: "Refused"),
  "validation_failed": .init(status: 422, title: "Refused"),
  "too_many_requests": .init(status: 429, title: "Refused"),
  "internal_error": .init(status: 500, title: "Refused"),
  "unavailable": .init(status: 503, title: "Refused"),
])
