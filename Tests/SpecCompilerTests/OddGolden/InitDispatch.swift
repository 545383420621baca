// Generated from the spec. Do not edit: change the YAML.
import NIOCore
import ProtocolRuntime

extension API {
  @inline(never)
  func respondData(_ request: Request, _ segments: PathSegments, _ response: inout Response) async throws {
    try request.requireAcceptable("application/json")
    let output = try await self.init_.data(.init(), context: request.context)
    switch output {
    case .ok(let value): response = Response.json(200) { writer in writer.array(value) { writer, element in writer.number(element) } }
    case .refused(let refusal): throw ProblemDetails(refusal)
    }
  }

  @inline(never)
  func respondInit(_ request: Request, _ segments: PathSegments, _ response: inout Response) async throws {
    try request.requireAcceptable("application/json")
    var parameters = Parameters(query: nil)
    let optionalBody = try request.decodeBody(violations: &parameters.violations) { (reader: inout JSONReader) throws(JSONSyntaxError) in try reader.array(minItems: 1) { (reader: inout JSONReader) throws(JSONSyntaxError) in try reader.integer(maximum: 9) } }
    try parameters.requireValid()
    guard let body = optionalBody else { throw Parameters.invalid([]) }
    let output = try await self.init_.init_(.init(body: body), context: request.context)
    switch output {
    case .ok(let value): response = Response.json(200) { writer in writer.array(value) { writer, element in if let value = copy element { writer.integer(value) } else { writer.null() } } }
    case .refused(let refusal): throw ProblemDetails(refusal)
    }
  }

}
