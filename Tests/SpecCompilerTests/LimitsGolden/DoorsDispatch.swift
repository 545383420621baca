// Generated from the spec. Do not edit: change the YAML.
import NIOCore
import ProtocolRuntime

extension API {
  @inline(never)
  func respondGetTime(_ request: Request, _ segments: PathSegments, _ report: inout RateLimitReport, _ response: inout Response) async throws {
    try limiter.spend(0, .address(request.context.address), &report)
    let output = try await self.doors.getTime(.init(), context: request.context)
    switch output {
    case .noContent: response = Response(status: 204)
    case .refused(let refusal): throw ProblemDetails(refusal)
    }
  }

  @inline(never)
  func respondGetMe(_ request: Request, _ segments: PathSegments, _ report: inout RateLimitReport, _ response: inout Response) async throws {
    let caller = try await request.authenticated(by: authenticator)
    try limiter.spend(1, .user(caller.userID), &report)
    let output = try await self.doors.getMe(.init(), caller: caller, context: request.context)
    switch output {
    case .noContent: response = Response(status: 204)
    case .refused(let refusal): throw ProblemDetails(refusal)
    }
  }

  @inline(never)
  func respondRename(_ request: Request, _ segments: PathSegments, _ report: inout RateLimitReport, _ response: inout Response) async throws {
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
  func respondLogin(_ request: Request, _ segments: PathSegments, _ report: inout RateLimitReport, _ response: inout Response) async throws {
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
  func respondRegister(_ request: Request, _ segments: PathSegments, _ report: inout RateLimitReport, _ response: inout Response) async throws {
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

  func receiveRing(_ payload: ByteBuffer, _ caller: Caller, _ context: RequestContext) async throws -> Acknowledgement {
    var report = RateLimitReport()
    try limiter.spend(6, .user(caller.userID), &report)
    switch try await self.doors.ring(caller: caller, context: context) {
    case .done: return .done
    case .refused(let refusal): throw ProblemDetails(refusal)
    }
  }

  func receiveKnock(_ payload: ByteBuffer, _ caller: Caller, _ context: RequestContext) async throws -> Acknowledgement {
    var report = RateLimitReport()
    try limiter.spend(7, .user(caller.userID), &report)
    switch try await self.doors.knock(caller: caller, context: context) {
    case .done: return .done
    case .refused(let refusal): throw ProblemDetails(refusal)
    }
  }

  func receiveCall(_ payload: ByteBuffer, _ caller: Caller, _ context: RequestContext) async throws -> Acknowledgement {
    var report = RateLimitReport()
    try limiter.spend(9, .address(context.address), &report)
    try limiter.spend(6, .user(caller.userID), &report)
    var violations: [Violation] = []
    let decoded = try Name_.decode(argument: payload, violations: &violations)
    guard violations.isEmpty, let input = decoded else { throw Parameters.invalid(violations) }
    try await limiter.spendAsking(8, .account(input.name, address: context.address), &report)
    switch try await self.doors.call(input, caller: caller, context: context) {
    case .done: return .done
    case .refused(let refusal): throw ProblemDetails(refusal)
    }
  }

  func receiveRename(_ payload: ByteBuffer, _ caller: Caller, _ context: RequestContext) async throws -> Acknowledgement {
    var report = RateLimitReport()
    try limiter.spend(10, .user(caller.userID), &report)
    var violations: [Violation] = []
    let decoded = try Name_.decode(argument: payload, violations: &violations)
    guard violations.isEmpty, let input = decoded else { throw Parameters.invalid(violations) }
    switch try await self.doors.rename(.init(body: Name_(name: input.name)), caller: caller, context: context) {
    case .noContent: return .done
    case .refused(let refusal): throw ProblemDetails(refusal)
    }
  }

}
