// Generated from the spec. Do not edit: change the YAML.
import NIOCore
import ProtocolRuntime

extension API {
  @inline(never)
  func respondGetThing(_ request: Request, _ segments: PathSegments, _ response: inout Response) async throws {
    try request.requireAcceptable("application/json")
    let caller = try await request.authenticated(by: authenticator)
    var parameters = Parameters(query: request.query)
    let optionalPathThingID = parameters.pathUUID("thingId", segments[2])
    let queryDepth = parameters.integer("depth", minimum: 0, maximum: 9) ?? 1
    try parameters.requireValid()
    guard let pathThingID = optionalPathThingID else { throw Parameters.invalid([]) }
    try await policies.thingOwner(pathThingID, caller: caller).require()
    let output = try await self.things.getThing(.init(path: .init(thingID: pathThingID), query: .init(depth: queryDepth)), caller: caller, context: request.context)
    switch output {
    case .ok(let value): response = Response.json(200, value)
    case .refused(let refusal): throw ProblemDetails(refusal)
    }
  }

  @inline(never)
  func respondRenameThing(_ request: Request, _ segments: PathSegments, _ response: inout Response) async throws {
    let caller = try await request.authenticated(by: authenticator)
    var parameters = Parameters(query: nil)
    let optionalPathThingID = parameters.pathUUID("thingId", segments[2])
    let optionalBody = try request.decodeBody(ThingName.self, violations: &parameters.violations)
    try parameters.requireValid()
    guard let pathThingID = optionalPathThingID, let body = optionalBody else { throw Parameters.invalid([]) }
    try await policies.thingOwner(pathThingID, caller: caller).require()
    let output = try await self.things.renameThing(.init(path: .init(thingID: pathThingID), body: body), caller: caller, context: request.context)
    switch output {
    case .noContent: response = Response(status: 204)
    case .refused(let refusal): throw ProblemDetails(refusal)
    }
  }

  @inline(never)
  func respondGetPicture(_ request: Request, _ segments: PathSegments, _ response: inout Response) async throws {
    try request.requireAcceptable("image/svg+xml")
    var parameters = Parameters(query: nil)
    let headerXPixelRatio = parameters.header("X-Pixel-Ratio", of: request).flatMap { parameters.pathInteger("X-Pixel-Ratio", $0, minimum: 1, maximum: 4) } ?? 1
    try parameters.requireValid()
    let output = try await self.things.getPicture(.init(header: .init(xPixelRatio: headerXPixelRatio)), context: request.context)
    switch output {
    case .ok(let content): response = Response(status: 200, contentType: "image/svg+xml", content: content)
    case .refused(let refusal): throw ProblemDetails(refusal)
    }
  }

  @inline(never)
  func respondGetPhoto(_ request: Request, _ segments: PathSegments, _ response: inout Response) async throws {
    try request.requireAcceptable("image/*")
    let caller = try await request.authenticated(by: authenticator)
    var parameters = Parameters(query: nil)
    let optionalPathThingID = parameters.pathUUID("thingId", segments[2])
    try parameters.requireValid()
    guard let pathThingID = optionalPathThingID else { throw Parameters.invalid([]) }
    try await policies.thingOwner(pathThingID, caller: caller).require()
    let output = try await self.things.getPhoto(.init(path: .init(thingID: pathThingID)), caller: caller, context: request.context)
    switch output {
    case .ok(let content): response = Response(status: 200, contentType: "image/*", content: content)
    case .refused(let refusal): throw ProblemDetails(refusal)
    }
  }

  @inline(never)
  func respondSetPhoto(_ request: Request, _ segments: PathSegments, _ response: inout Response) async throws {
    let caller = try await request.authenticated(by: authenticator)
    var parameters = Parameters(query: nil)
    let optionalPathThingID = parameters.pathUUID("thingId", segments[2])
    let body = try request.streamBody("image/*")
    try parameters.requireValid()
    guard let pathThingID = optionalPathThingID else { throw Parameters.invalid([]) }
    try await policies.thingOwner(pathThingID, caller: caller).require()
    let output = try await self.things.setPhoto(.init(path: .init(thingID: pathThingID), body: body), caller: caller, context: request.context)
    switch output {
    case .noContent: response = Response(status: 204)
    case .refused(let refusal): throw ProblemDetails(refusal)
    }
  }

  @inline(never)
  func respondAddScan(_ request: Request, _ segments: PathSegments, _ response: inout Response) async throws {
    let body = try request.formBody(Operations.AddScan.BodyPart.self)
    let output = try await self.things.addScan(.init(body: body), context: request.context)
    switch output {
    case .noContent: response = Response(status: 204)
    case .refused(let refusal): throw ProblemDetails(refusal)
    }
  }

  @inline(never)
  func respondGetLid(_ request: Request, _ segments: PathSegments, _ response: inout Response) async throws {
    var parameters = Parameters(query: nil)
    let optionalPathShelf = parameters.pathString("shelf", String(segments[1]), maxLength: 30, pattern: Patterns.pattern2)
    let optionalPathBox = parameters.pathString("box", String(segments[2]), maxLength: 30, pattern: Patterns.pattern2)
    try parameters.requireValid()
    guard let pathShelf = optionalPathShelf, let pathBox = optionalPathBox else { throw Parameters.invalid([]) }
    let output = try await self.things.getLid(.init(path: .init(shelf: pathShelf, box: pathBox)), context: request.context)
    switch output {
    case .noContent: response = Response(status: 204)
    case .refused(let refusal): throw ProblemDetails(refusal)
    }
  }

  func receiveTouchThing(_ payload: ByteBuffer, _ caller: Caller, _ context: RequestContext) async throws -> Acknowledgement {
    var violations: [Violation] = []
    let decoded = try ThingTouch.decode(argument: payload, violations: &violations)
    guard violations.isEmpty, let input = decoded else { throw Parameters.invalid(violations) }
    try await policies.thingOwner(input.thingID, caller: caller).require()
    switch try await self.things.touchThing(input, caller: caller, context: context) {
    case .ok(let value): return .data(value)
    case .refused(let refusal): throw ProblemDetails(refusal)
    }
  }

  func receiveRenameThing(_ payload: ByteBuffer, _ caller: Caller, _ context: RequestContext) async throws -> Acknowledgement {
    var violations: [Violation] = []
    let decoded = try ThingRename.decode(argument: payload, violations: &violations)
    guard violations.isEmpty, let input = decoded else { throw Parameters.invalid(violations) }
    try await policies.thingOwner(input.thingID, caller: caller).require()
    switch try await self.things.renameThing(.init(path: .init(thingID: input.thingID), body: ThingName(name: input.name)), caller: caller, context: context) {
    case .noContent: return .done
    case .refused(let refusal): throw ProblemDetails(refusal)
    }
  }

}
