// Generated from the spec. Do not edit: change the YAML.
import NIOCore
import ProtocolRuntime

extension API {
  @inline(never)
  func respondDouble(_ request: Request, _ segments: PathSegments, _ response: inout Response) async throws {
    try request.requireAcceptable("application/json")
    let output = try await self.policy.double(.init(), context: request.context)
    switch output {
    case .ok(let value): response = Response.json(200) { writer in writer.boolean(value) }
    case .refused(let refusal): throw ProblemDetails(refusal)
    }
  }

  @inline(never)
  func respondNone(_ request: Request, _ segments: PathSegments, _ response: inout Response) async throws {
    try request.requireAcceptable("application/json")
    var parameters = Parameters(query: nil)
    let optionalBody = try request.decodeBody(violations: &parameters.violations) { (reader: inout JSONReader) throws(JSONSyntaxError) in try reader.array(maxItems: 3) { (reader: inout JSONReader) throws(JSONSyntaxError) in try reader.number() } }
    try parameters.requireValid()
    guard let body = optionalBody else { throw Parameters.invalid([]) }
    let output = try await self.policy.none_(.init(body: body), context: request.context)
    switch output {
    case .ok(let value): response = Response.json(200) { writer in writer.string(value) }
    case .refused(let refusal): throw ProblemDetails(refusal)
    }
  }

  @inline(never)
  func respondAwait(_ request: Request, _ segments: PathSegments, _ response: inout Response) async throws {
    try request.requireAcceptable("application/json")
    var parameters = Parameters(query: nil)
    let optionalBody = try request.decodeBody(violations: &parameters.violations) { (reader: inout JSONReader) throws(JSONSyntaxError) in try reader.nullable { (reader: inout JSONReader) throws(JSONSyntaxError) in try reader.string(minLength: 2) } }
    try parameters.requireValid()
    guard let body = optionalBody else { throw Parameters.invalid([]) }
    let output = try await self.policy.await(.init(body: body), context: request.context)
    switch output {
    case .ok(let value): response = Response.json(200) { writer in if let value = value { writer.number(value) } else { writer.null() } }
    case .refused(let refusal): throw ProblemDetails(refusal)
    }
  }

  @inline(never)
  func respondSome(_ request: Request, _ segments: PathSegments, _ response: inout Response) async throws {
    try request.requireAcceptable("application/json")
    var parameters = Parameters(query: nil)
    let optionalBody = try request.decodeBody(violations: &parameters.violations) { (reader: inout JSONReader) throws(JSONSyntaxError) in try reader.integer(minimum: 7, maximum: 7) }
    try parameters.requireValid()
    guard let body = optionalBody else { throw Parameters.invalid([]) }
    let output = try await self.policy.some_(.init(body: body), context: request.context)
    switch output {
    case .ok(_): response = Response.json(200) { writer in writer.null() }
    case .refused(let refusal): throw ProblemDetails(refusal)
    }
  }

}
