// Generated from the spec. Do not edit: change the YAML.
import NIOCore
import ProtocolRuntime

/// The specs that this code was made from, as they are served: a copy at each call.
public func specDocuments() -> SpecDocuments {
  SpecDocuments(
    openapiYAML: Content(
      ByteBuffer(staticString: "openapi: 3.1.0\ninfo:\n  title: Nothing\n  version: 1.0.0\nservers:\n  - url: /\nx-problems:\n  malformed_body:\n    status: 400\n    title: Not JSON\n  unauthorized:\n    status: 401\n    title: No token\n  not_found:\n    status: 404\n    title: Not there\n  method_not_allowed:\n    status: 405\n    title: Not so\n  not_acceptable:\n    status: 406\n    title: Not in this form\n  name_taken:\n    status: 409\n    title: Taken\n  payload_too_large:\n    status: 413\n    title: Too large\n  unsupported_media_type:\n    status: 415\n    title: Of another type\n  range_not_satisfiable:\n    status: 416\n    title: No such part\n  validation_failed:\n    status: 422\n    title: Not valid\n  internal_error:\n    status: 500\n    title: A bug\n  unavailable:\n    status: 503\n    title: Later\npaths: {}\n"),
      entityTag: "\"9bb071e971f8d9b5\""),
    openapiJSON: Content(
      ByteBuffer(staticString: "{\"openapi\":\"3.1.0\",\"info\":{\"title\":\"Nothing\",\"version\":\"1.0.0\"},\"servers\":[{\"url\":\"/\"}],\"x-problems\":{\"malformed_body\":{\"status\":400,\"title\":\"Not JSON\"},\"unauthorized\":{\"status\":401,\"title\":\"No token\"},\"not_found\":{\"status\":404,\"title\":\"Not there\"},\"method_not_allowed\":{\"status\":405,\"title\":\"Not so\"},\"not_acceptable\":{\"status\":406,\"title\":\"Not in this form\"},\"name_taken\":{\"status\":409,\"title\":\"Taken\"},\"payload_too_large\":{\"status\":413,\"title\":\"Too large\"},\"unsupported_media_type\":{\"status\":415,\"title\":\"Of another type\"},\"range_not_satisfiable\":{\"status\":416,\"title\":\"No such part\"},\"validation_failed\":{\"status\":422,\"title\":\"Not valid\"},\"internal_error\":{\"status\":500,\"title\":\"A bug\"},\"unavailable\":{\"status\":503,\"title\":\"Later\"}},\"paths\":{}}"),
      entityTag: "\"ac9bcf945e568e72\""),
    eventsYAML: Content(
      ByteBuffer(staticString: "asyncapi: 3.0.0\ninfo:\n  title: No events\n  version: 1.0.0\nchannels: {}\noperations: {}\n"),
      entityTag: "\"7ced591a6e0a9bd3\""),
    eventsJSON: Content(
      ByteBuffer(staticString: "{\"asyncapi\":\"3.0.0\",\"info\":{\"title\":\"No events\",\"version\":\"1.0.0\"},\"channels\":{},\"operations\":{}}"),
      entityTag: "\"6dd93f745a8ac8dd\""))
}
