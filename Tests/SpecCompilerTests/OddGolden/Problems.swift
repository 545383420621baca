// Generated from the spec. Do not edit: change the YAML.
import NIOCore
import ProtocolRuntime

/// Status and title of every code, from `x-problems`.
public let problemCatalog = ProblemCatalog([
  "malformed_body": .init(status: 400, title: "Not JSON"),
  "unauthorized": .init(status: 401, title: "No token"),
  "not_found": .init(status: 404, title: "Not there"),
  "method_not_allowed": .init(status: 405, title: "Not so"),
  "not_acceptable": .init(status: 406, title: "Not in this form"),
  "name_taken": .init(status: 409, title: "Taken"),
  "init": .init(status: 409, title: "Odd"),
  "self": .init(status: 409, title: "Odd"),
  "none": .init(status: 409, title: "Odd"),
  "some": .init(status: 409, title: "Odd"),
  "refused": .init(status: 409, title: "Odd"),
  "data": .init(status: 409, title: "Odd"),
  "raw_value": .init(status: 409, title: "Odd"),
  "payload_too_large": .init(status: 413, title: "Too large"),
  "unsupported_media_type": .init(status: 415, title: "Of another type"),
  "range_not_satisfiable": .init(status: 416, title: "No such part"),
  "validation_failed": .init(status: 422, title: "Not valid"),
  "internal_error": .init(status: 500, title: "A bug"),
  "unavailable": .init(status: 503, title: "Later"),
])
