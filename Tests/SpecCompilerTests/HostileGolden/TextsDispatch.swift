// Generated from the spec. Do not edit: change the YAML.
import NIOCore
import ProtocolRuntime

extension API {
  @inline(never)
  func respondAddText(_ request: Request, _ segments: PathSegments, _ response: inout Response) async throws {
    try request.requireAcceptable("application/octet-stream")
    var parameters = Parameters(query: request.query)
    let optionalPathID = parameters.pathString("id", String(segments[3]))
    let queryInQuery = parameters.string("in-query") ?? "h\r\npublic let injected1 = 1\rpublic let injected2 = 1\npublic let injected3 = 1\u{2028}public let injected4 = 1\u{2029}public let injected5 = 1\u{85}public let injected6 = 1\u{b}\u{c}\t\u{0}\u{1b}\u{202e}\u{2066}*/ \"\\(injected)\" \"\"\" # \\"
    let headerXHeader = parameters.header("X-Header", of: request).flatMap { parameters.pathConstant("X-Header", $0, "h\r\npublic let injected1 = 1\rpublic let injected2 = 1\npublic let injected3 = 1\u{2028}public let injected4 = 1\u{2029}public let injected5 = 1\u{85}public let injected6 = 1\u{b}\u{c}\t\u{0}\u{1b}\u{202e}\u{2066}*/ \"\\(injected)\" \"\"\" # \\") }
    let optionalBody = try request.decodeBody(Text.self, violations: &parameters.violations)
    try parameters.requireValid()
    guard let pathID = optionalPathID, let body = optionalBody else { throw Parameters.invalid([]) }
    let output = try await self.texts.addText(.init(path: .init(id: pathID), query: .init(inQuery: queryInQuery), header: .init(xHeader: headerXHeader), body: body), context: request.context)
    switch output {
    case .ok(let content): response = Response(status: 200, contentType: "application/octet-stream", content: content)
    case .refused(let refusal): throw ProblemDetails(refusal)
    }
  }

  @inline(never)
  func respondListTexts(_ request: Request, _ segments: PathSegments, _ response: inout Response) async throws {
    try request.requireAcceptable("application/json")
    let output = try await self.texts.listTexts(.init(), context: request.context)
    switch output {
    case .ok(let value): response = Response.json(200, value)
    case .refused(let refusal): throw ProblemDetails(refusal)
    }
  }

  @inline(never)
  func respondAddForm(_ request: Request, _ segments: PathSegments, _ response: inout Response) async throws {
    let body = try request.formBody(Operations.AddForm.BodyPart.self)
    let output = try await self.texts.addForm(.init(body: body), context: request.context)
    switch output {
    case .noContent: response = Response(status: 204)
    case .refused(let refusal): throw ProblemDetails(refusal)
    }
  }

  func receiveAddOne(_ payload: ByteBuffer, _ caller: Caller, _ context: RequestContext) async throws -> Acknowledgement {
    var violations: [Violation] = []
    let decoded = try Second.decode(argument: payload, violations: &violations)
    guard violations.isEmpty, let input = decoded else { throw Parameters.invalid(violations) }
    switch try await self.texts.addOne(input, caller: caller, context: context) {
    case .ok(let value): return .data { writer in writer.string(value) }
    case .refused(let refusal): throw ProblemDetails(refusal)
    }
  }

}
