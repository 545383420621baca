// Generated from the spec. Do not edit: change the YAML.
import NIOCore
import ProtocolRuntime

/// The protocol over what people write by hand, a value for each tag: bytes in, bytes out.
///
/// A class, so that whoever keeps it keeps one reference; each handler is called by its own type's witness.
public final class API<DoorsHandler: DoorsHandlers & DoorsEventHandlers, PolicyHandler: AccessPolicies, TokenHandler: Authenticator>: Sendable {
  let doors: DoorsHandler
  let policies: PolicyHandler
  let authenticator: TokenHandler
  let limiter: RateLimiter
  /// Told of every fault: an error that is neither a refusal nor a dependency that is away.
  private let onFault: @Sendable (any Error, RequestContext) -> Void

  public init(doors: DoorsHandler, policies: PolicyHandler, authenticator: TokenHandler, limiter: RateLimiter, onFault: @escaping @Sendable (any Error, RequestContext) -> Void) {
    self.doors = doors
    self.policies = policies
    self.authenticator = authenticator
    self.limiter = limiter
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
    var report = RateLimitReport()
    do {
      switch operation {
      case .getTime: try await respondGetTime(request, parameters, &report, &response)
      case .getMe: try await respondGetMe(request, parameters, &report, &response)
      case .rename: try await respondRename(request, parameters, &report, &response)
      case .login: try await respondLogin(request, parameters, &report, &response)
      case .register: try await respondRegister(request, parameters, &report, &response)
      }
    } catch {
      let counted = limiter.counting(problem(of: error, context: request.context), against: 0, address: request.context.address, &report)
      response = self.problem(counted, context: request.context)
    }
    response.rateLimit = report.nearest
    return response
  }

  /// The answer to a request whose head has this problem.
  public func refuse(_ problem: ProblemDetails, context: RequestContext) -> Response {
    var report = RateLimitReport()
    var response = Response(status: 500)
    let counted = limiter.counting(problem, against: 0, address: context.address, &report)
    response = self.problem(counted, context: context)
    response.rateLimit = report.nearest
    return response
  }
}

extension API {
  @inline(never)
  private func respondGetTime(_ request: Request, _ segments: [String], _ report: inout RateLimitReport, _ response: inout Response) async throws {
    try limiter.spend(0, .address(request.context.address), &report)
    let output = try await self.doors.getTime(.init(), context: request.context)
    switch output {
    case .noContent: response = Response(status: 204)
    case .refused(let refusal): throw ProblemDetails(refusal)
    }
  }

  @inline(never)
  private func respondGetMe(_ request: Request, _ segments: [String], _ report: inout RateLimitReport, _ response: inout Response) async throws {
    let caller = try await request.authenticated(by: authenticator)
    try limiter.spend(1, .user(caller.userID), &report)
    let output = try await self.doors.getMe(.init(), caller: caller, context: request.context)
    switch output {
    case .noContent: response = Response(status: 204)
    case .refused(let refusal): throw ProblemDetails(refusal)
    }
  }

  @inline(never)
  private func respondRename(_ request: Request, _ segments: [String], _ report: inout RateLimitReport, _ response: inout Response) async throws {
    let caller = try await request.authenticated(by: authenticator)
    try limiter.spend(2, .user(caller.userID), &report)
    var parameters = Parameters(query: nil)
    let optionalBody = try request.decodeBody(Name_.self, violations: &parameters.violations)
    try parameters.requireValid()
    guard let body = optionalBody else { throw Parameters.invalid([]) }
    let output = try await self.doors.rename(.init(body: body), caller: caller, context: request.context)
    switch output {
    case .noContent: response = Response(status: 204)
    case .refused(let refusal): throw ProblemDetails(refusal)
    }
  }

  @inline(never)
  private func respondLogin(_ request: Request, _ segments: [String], _ report: inout RateLimitReport, _ response: inout Response) async throws {
    try limiter.spend(0, .address(request.context.address), &report)
    var parameters = Parameters(query: nil)
    let optionalBody = try request.decodeBody(LoginRequest.self, violations: &parameters.violations)
    try parameters.requireValid()
    guard let body = optionalBody else { throw Parameters.invalid([]) }
    try await limiter.spendAsking(3, .account(body.who.name, address: request.context.address), &report)
    let output = try await self.doors.login(.init(body: body), context: request.context)
    switch output {
    case .noContent: response = Response(status: 204)
    case .refused(let refusal): throw ProblemDetails(refusal)
    }
  }

  @inline(never)
  private func respondRegister(_ request: Request, _ segments: [String], _ report: inout RateLimitReport, _ response: inout Response) async throws {
    try await limiter.spendAsking(4, .address(request.context.address), &report)
    var parameters = Parameters(query: nil)
    let optionalBody = try request.decodeBody(Name_.self, violations: &parameters.violations)
    try parameters.requireValid()
    guard let body = optionalBody else { throw Parameters.invalid([]) }
    try limiter.spend(5, .account(body.name, address: request.context.address), &report)
    let output = try await self.doors.register(.init(body: body), context: request.context)
    switch output {
    case .noContent: response = Response(status: 204)
    case .refused(let refusal): throw ProblemDetails(refusal)
    }
  }

}
