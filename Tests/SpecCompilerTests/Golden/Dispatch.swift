// Generated from the spec. Do not edit: change the YAML.
import NIOCore
import ProtocolRuntime

/// The protocol over what people write by hand, a value for each tag: bytes in, bytes out.
///
/// A class, so that whoever keeps it keeps one reference; each handler is called by its own type's witness.
public final class API<ThingsHandler: ThingsHandlers & ThingsEventHandlers, PolicyHandler: AccessPolicies, TokenHandler: Authenticator>: Sendable {
  let things: ThingsHandler
  let policies: PolicyHandler
  let authenticator: TokenHandler
  /// Told of every fault: an error that is neither a refusal nor a dependency that is away.
  private let onFault: @Sendable (any Error, RequestContext) -> Void

  public init(things: ThingsHandler, policies: PolicyHandler, authenticator: TokenHandler, onFault: @escaping @Sendable (any Error, RequestContext) -> Void) {
    self.things = things
    self.policies = policies
    self.authenticator = authenticator
    self.onFault = onFault
  }

  /// A problem as an answer.
  public func problem(_ problem: ProblemDetails, context: RequestContext) -> Response {
    Response.problem(problem, requestID: context.requestID, catalog: problemCatalog)
  }

  /// Looks up what an error is for the client, and tells of it if it is a fault.
  func problem(of error: any Error, context: RequestContext) -> ProblemDetails {
    let problem = ProblemDetails(error)
    if problemCatalog[problem.code].status == 500 { onFault(error, context) }
    return problem
  }

  /// Authenticates, decodes, checks access, calls the handler and encodes its answer.
  ///
  /// - Parameter parameters: as `Route.operation` has them.
  public func respond(to request: Request, operation: OperationID, parameters: [String]) async -> Response {
    var response = Response(status: 500)
    do {
      switch operation {
      case .getThing: try await respondGetThing(request, parameters, &response)
      case .renameThing: try await respondRenameThing(request, parameters, &response)
      case .getPicture: try await respondGetPicture(request, parameters, &response)
      case .getPhoto: try await respondGetPhoto(request, parameters, &response)
      case .setPhoto: try await respondSetPhoto(request, parameters, &response)
      case .addScan: try await respondAddScan(request, parameters, &response)
      case .getLid: try await respondGetLid(request, parameters, &response)
      }
      return response
    } catch {
      return self.problem(problem(of: error, context: request.context), context: request.context)
    }
  }
}

extension API {
  @inline(never)
  private func respondGetThing(_ request: Request, _ segments: [String], _ response: inout Response) async throws {
    try request.requireAcceptable("application/json")
    let caller = try await request.authenticated(by: authenticator)
    var parameters = Parameters(query: request.query)
    let optionalPathThingID = parameters.pathUUID("thingId", segments[0])
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
  private func respondRenameThing(_ request: Request, _ segments: [String], _ response: inout Response) async throws {
    let caller = try await request.authenticated(by: authenticator)
    var parameters = Parameters(query: nil)
    let optionalPathThingID = parameters.pathUUID("thingId", segments[0])
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
  private func respondGetPicture(_ request: Request, _ segments: [String], _ response: inout Response) async throws {
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
  private func respondGetPhoto(_ request: Request, _ segments: [String], _ response: inout Response) async throws {
    try request.requireAcceptable("image/*")
    let caller = try await request.authenticated(by: authenticator)
    var parameters = Parameters(query: nil)
    let optionalPathThingID = parameters.pathUUID("thingId", segments[0])
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
  private func respondSetPhoto(_ request: Request, _ segments: [String], _ response: inout Response) async throws {
    let caller = try await request.authenticated(by: authenticator)
    var parameters = Parameters(query: nil)
    let optionalPathThingID = parameters.pathUUID("thingId", segments[0])
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
  private func respondAddScan(_ request: Request, _ segments: [String], _ response: inout Response) async throws {
    let body = try request.formBody(Operations.AddScan.BodyPart.self)
    let output = try await self.things.addScan(.init(body: body), context: request.context)
    switch output {
    case .noContent: response = Response(status: 204)
    case .refused(let refusal): throw ProblemDetails(refusal)
    }
  }

  @inline(never)
  private func respondGetLid(_ request: Request, _ segments: [String], _ response: inout Response) async throws {
    var parameters = Parameters(query: nil)
    let optionalPathShelf = parameters.pathString("shelf", segments[0], maxLength: 30, pattern: Patterns.pattern2)
    let optionalPathBox = parameters.pathString("box", segments[1], maxLength: 30, pattern: Patterns.pattern2)
    try parameters.requireValid()
    guard let pathShelf = optionalPathShelf, let pathBox = optionalPathBox else { throw Parameters.invalid([]) }
    let output = try await self.things.getLid(.init(path: .init(shelf: pathShelf, box: pathBox)), context: request.context)
    switch output {
    case .noContent: response = Response(status: 204)
    case .refused(let refusal): throw ProblemDetails(refusal)
    }
  }

}
