// Generated from the spec. Do not edit: change the YAML.
import NIOCore
import ProtocolRuntime

extension API {
  @inline(never)
  func respondHashValue(_ request: Request, _ segments: PathSegments, _ response: inout Response) async throws {
    try request.requireAcceptable("application/json")
    var parameters = Parameters(query: request.query)
    let optionalPathFlag = parameters.pathBoolean("flag", String(segments[1]))
    let optionalPathAt = parameters.pathTimestamp("at", String(segments[2]))
    let optionalPathRatio = parameters.pathNumber("ratio", String(segments[3]), maximum: 10.0, exclusiveMinimum: 0.0, multipleOf: DecimalStep(5, exponent: -1))
    let optionalPathDay = parameters.pathString("day", String(segments[4]), format: .date)
    let optionalPathFixed = parameters.pathConstant("fixed", String(segments[5]), "here")
    let optionalPathYes = parameters.pathConstant("yes", String(segments[6]), "true").map { _ in true }
    let optionalPathSeven = parameters.pathInteger("seven", String(segments[7]), minimum: 7, maximum: 7)
    let optionalPathHalf = parameters.pathNumber("half", String(segments[8]), minimum: 0.5, maximum: 0.5)
    let queryFlag = parameters.boolean("flag")
    let queryAt = parameters.timestamp("at")
    let queryRatio = parameters.number("ratio", maximum: 10.0, exclusiveMinimum: 0.0, multipleOf: DecimalStep(5, exponent: -1))
    let queryDay = parameters.string("day", format: .date)
    let queryFixed = parameters.text("fixed").flatMap { parameters.pathConstant("fixed", $0, "here") }
    let queryYes = parameters.text("yes").flatMap { parameters.pathConstant("yes", $0, "true").map { _ in true } }
    let querySeven = parameters.text("seven").flatMap { parameters.pathInteger("seven", $0, minimum: 7, maximum: 7) }
    let queryHalf = parameters.text("half").flatMap { parameters.pathNumber("half", $0, minimum: 0.5, maximum: 0.5) }
    let optionalQuerySelf = parameters.number("self", required: true)
    let queryInit = parameters.boolean("init") ?? true
    let queryLet = parameters.enumeration("let", Kind.self) ?? .none_
    let queryKind = parameters.number("kind") ?? 2.0
    let headerFlag = parameters.header("flag", of: request).flatMap { parameters.pathBoolean("flag", $0) }
    let headerAt = parameters.header("at", of: request).flatMap { parameters.pathTimestamp("at", $0) }
    let headerRatio = parameters.header("ratio", of: request).flatMap { parameters.pathNumber("ratio", $0, maximum: 10.0, exclusiveMinimum: 0.0, multipleOf: DecimalStep(5, exponent: -1)) }
    let headerDay = parameters.header("day", of: request).flatMap { parameters.pathString("day", $0, format: .date) }
    let headerFixed = parameters.header("fixed", of: request).flatMap { parameters.pathConstant("fixed", $0, "here") }
    let headerYes = parameters.header("yes", of: request).flatMap { parameters.pathConstant("yes", $0, "true").map { _ in true } }
    let headerSeven = parameters.header("seven", of: request).flatMap { parameters.pathInteger("seven", $0, minimum: 7, maximum: 7) }
    let headerHalf = parameters.header("half", of: request).flatMap { parameters.pathNumber("half", $0, minimum: 0.5, maximum: 0.5) }
    try parameters.requireValid()
    guard let pathFlag = optionalPathFlag, let pathAt = optionalPathAt, let pathRatio = optionalPathRatio, let pathDay = optionalPathDay, let pathFixed = optionalPathFixed, let pathYes = optionalPathYes, let pathSeven = optionalPathSeven, let pathHalf = optionalPathHalf, let querySelf = optionalQuerySelf else { throw Parameters.invalid([]) }
    let output = try await self.onFault_.hashValue_(.init(path: .init(flag: pathFlag, at: pathAt, ratio: pathRatio, day: pathDay, fixed: pathFixed, yes: pathYes, seven: pathSeven, half: pathHalf), query: .init(flag: queryFlag, at: queryAt, ratio: queryRatio, day: queryDay, fixed: queryFixed, yes: queryYes, seven: querySeven, half: queryHalf, self_: querySelf, init_: queryInit, let: queryLet, kind: queryKind), header: .init(flag: headerFlag, at: headerAt, ratio: headerRatio, day: headerDay, fixed: headerFixed, yes: headerYes, seven: headerSeven, half: headerHalf)), context: request.context)
    switch output {
    case .ok(let value): response = Response.json(200) { writer in writer.string(value) }
    case .refused(let refusal): throw ProblemDetails(refusal)
    }
  }

  @inline(never)
  func respondInput(_ request: Request, _ segments: PathSegments, _ response: inout Response) async throws {
    let body = try request.formBody(Operations.Input_.BodyPart.self)
    let output = try await self.onFault_.input(.init(body: body), context: request.context)
    switch output {
    case .noContent: response = Response(status: 204)
    case .refused(let refusal): throw ProblemDetails(refusal)
    }
  }

  @inline(never)
  func respondListChanges(_ request: Request, _ segments: PathSegments, _ response: inout Response) async throws {
    try request.requireAcceptable("application/json")
    let output = try await self.onFault_.listChanges(.init(), context: request.context)
    switch output {
    case .ok(let value): response = Response.json(200, value)
    case .refused(let refusal): throw ProblemDetails(refusal)
    }
  }

}
