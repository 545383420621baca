import LimitsProtocol
import NIOCore
import ProtocolRuntime
import Synchronization
import Testing

/// What the generator makes of limits, with a clock that stands still until it is moved.
@Suite struct LimitsCodeTests {
  private final class World: Sendable {
    let now = Mutex<UInt64>(1_000_000_000_000)
    let ada = UUID.v7()
    let grace = UUID.v7()

    func api(scale: Double = 1, nodes: (any RateLimiter.Nodes)? = nil) -> API<Doors, Nobody, Tokens> {
      API(
        doors: Doors(), policies: Nobody(), authenticator: Tokens(callers: ["ada": ada, "grace": grace]),
        limiter: RateLimiter(rateLimits, scale: scale, nodes: nodes) { self.now.withLock { $0 } },
        onFault: { error, _ in Issue.record(error) })
    }

    func wait(seconds: Int) { now.withLock { $0 += UInt64(seconds) * 1_000_000_000 } }
  }

  private struct Nobody: AccessPolicies {}

  private struct Tokens: Authenticator {
    let callers: [String: UUID]

    func authenticate(_ accessToken: String) async throws -> Caller? {
      callers[accessToken].map { Caller(userID: $0, sessionID: $0) }
    }
  }

  private struct Doors: DoorsHandlers, DoorsEventHandlers {
    func getTime(_ input: Operations.GetTime.Input, context: RequestContext) async throws
      -> Operations.GetTime.Output
    { .noContent }
    func getMe(_ input: Operations.GetMe.Input, caller: Caller, context: RequestContext) async throws
      -> Operations.GetMe.Output
    { .noContent }
    func rename(_ input: Operations.Rename.Input, caller: Caller, context: RequestContext) async throws
      -> Operations.Rename.Output
    { .noContent }
    func login(_ input: Operations.Login.Input, context: RequestContext) async throws -> Operations.Login.Output {
      .noContent
    }
    func register(_ input: Operations.Register.Input, context: RequestContext) async throws
      -> Operations.Register.Output
    { .noContent }
    func ring(caller: Caller, context: RequestContext) async throws -> Events.Ring.Output { .done }
    func knock(caller: Caller, context: RequestContext) async throws -> Events.Knock.Output { .done }
    func call(_ input: Name_, caller: Caller, context: RequestContext) async throws -> Events.Call.Output { .done }
  }

  private let world = World()

  private func ask(
    _ api: API<Doors, Nobody, Tokens>, _ operation: OperationID, _ token: String? = nil, body: String = "",
    from address: String = "192.0.2.1"
  ) async -> Response {
    // No operation here has a parameter in its path.
    guard let segments = PathSegments("/", limit: 1) else { return Response(status: 0) }
    return await api.respond(
      to: Request(
        contentType: "application/json", authorization: token.map { "Bearer \($0)" },
        body: .whole(ByteBuffer(string: body)), context: RequestContext(requestID: "r", address: address)),
      operation: operation, segments: segments)
  }

  private func login(_ api: API<Doors, Nobody, Tokens>, _ name: String, from address: String) async -> Int {
    await ask(api, .login, body: #"{"who":{"name":"\#(name)"},"password":"x"}"#, from: address).status
  }

  private func tell(
    _ api: API<Doors, Nobody, Tokens>, _ event: String, _ user: UUID, payload: String = ""
  ) async -> Acknowledgement {
    await api.receive(
      event: event, payload: ByteBuffer(string: payload), caller: Caller(userID: user, sessionID: user),
      context: RequestContext(requestID: "r", address: "192.0.2.1"))
  }

  // MARK: - Requests

  @Test func `an address without a token has the document's limit, over all operations`() async {
    let api = world.api()
    for _ in 0..<3 { #expect(await ask(api, .getTime).status == 204) }
    // Without a valid token.
    #expect(await ask(api, .getMe).status == 401)
    #expect(await ask(api, .getMe, "eve").status == 401)
    for operation in [OperationID.getTime, .getMe] {
      let refused = await ask(api, operation)
      #expect(refused.status == 429)
      #expect(refused.problemCode == "too_many_requests")
      #expect(refused.retryAfter == 12)
    }
    #expect(await ask(api, .getTime, from: "192.0.2.2").status == 204)
    #expect(await ask(api, .getMe, "ada").status == 204)
    world.wait(seconds: 12)
    #expect(await ask(api, .getTime).status == 204)
    #expect(await ask(api, .getTime).status == 429)
  }

  @Test func `a head that is refused for its token counts, too`() async {
    let api = world.api()
    let context = RequestContext(requestID: "r", address: "192.0.2.1")
    for _ in 0..<5 { #expect(api.refuse(ProblemDetails("unauthorized", "No."), context: context).status == 401) }
    #expect(api.refuse(ProblemDetails("unauthorized", "No."), context: context).status == 429)
    #expect(api.refuse(ProblemDetails("not_acceptable", "No."), context: context).status == 406)
    #expect(await ask(api, .getTime).status == 429)
  }

  @Test func `a user has its own limit, wherever it comes from`() async {
    let api = world.api()
    for address in ["192.0.2.1", "192.0.2.2", "::1", "2001:db8::1"] {
      #expect(await ask(api, .getMe, "ada", from: address).status == 204)
    }
    #expect(await ask(api, .getMe, "ada", from: "192.0.2.3").status == 429)
    #expect(await ask(api, .getMe, "grace", from: "192.0.2.3").status == 204)
  }

  @Test func `an operation's own limit takes the place of the document's`() async {
    let api = world.api()
    for _ in 0..<2 { #expect(await ask(api, .rename, "ada", body: #"{"name":"a"}"#).status == 204) }
    let refused = await ask(api, .rename, "ada", body: "{")
    #expect(refused.status == 429, "before the body is decoded")
    #expect(refused.retryAfter == 1)
    #expect(await ask(api, .getMe, "ada").rateLimit?.remaining == 3)
  }

  @Test func `an account counts together with the address, when the body has been decoded`() async {
    let api = world.api()
    for _ in 0..<2 { #expect(await ask(api, .login, body: #"{"who":{"name":"ada"}}"#).status == 422) }
    for name in ["ada", "Ada", "ADA"] { #expect(await login(api, name, from: "192.0.2.1") == 204) }
    world.wait(seconds: 12)
    #expect(await login(api, "ada", from: "192.0.2.1") == 429)
    #expect(await login(api, "ada", from: "192.0.2.2") == 204)
    #expect(await login(api, "grace", from: "2001:db8::1") == 204)
    #expect(await login(api, "grace", from: "192.0.2.1") == 429, "the address's own")
  }

  @Test func `IPv6 addresses of one line are one, and an IPv4 address may be written as IPv6`() async {
    let api = world.api()
    for host in 1...5 { #expect(await ask(api, .getTime, from: "2001:db8:0:1::\(host)").status == 204) }
    #expect(await ask(api, .getTime, from: "2001:db8:0:1:ffff::").status == 429)
    #expect(await ask(api, .getTime, from: "2001:db8:0:2::1").status == 204)
    for _ in 0..<5 { _ = await ask(api, .getTime, from: "198.51.100.7") }
    #expect(await ask(api, .getTime, from: "::ffff:198.51.100.7").status == 429)
  }

  @Test func `answers say what is left of the limit that is the nearest`() async {
    let api = world.api()
    let first = await ask(api, .getMe, "ada").rateLimit
    #expect(first?.policy.field == #""user";q=4;w=60"#)
    #expect(first?.remaining == 3 && first?.reset == 15)
    let login = await ask(api, .login, body: #"{"who":{"name":"ada"},"password":"x"}"#).rateLimit
    #expect(login?.policy.field == #""login/ip+account";q=3;w=60"#)
    #expect(login?.remaining == 2)
    #expect(await ask(api, .getMe).rateLimit?.policy.name == #""ip""#)
    for _ in 0..<2 { #expect(await ask(api, .getTime).status == 204) }
    let last = await ask(api, .login, body: #"{"who":{"name":"ben"},"password":"x"}"#).rateLimit
    #expect(last?.policy.name == #""ip""#, "the account has more")
    #expect(last?.remaining == 0)
  }

  @Test func `a scale multiplies the limits, and none turns them off`() async {
    let half = world.api(scale: 0.5)
    for _ in 0..<2 { #expect(await ask(half, .getMe, "ada").status == 204) }
    #expect(await ask(half, .getMe, "ada").retryAfter == 30)
    let off = world.api(scale: 0)
    for _ in 0..<100 {
      let answer = await ask(off, .getMe, "ada")
      #expect(answer.status == 204 && answer.rateLimit == nil)
    }
  }

  // MARK: - Events

  @Test func `events of a user have a limit of their own, with bursts`() async {
    let api = world.api()
    for event in ["ring", "ring", "nothing"] { #expect(await tell(api, event, world.ada).code != "too_many_requests") }
    let refused = await tell(api, "ring", world.ada)
    #expect(refused.code == "too_many_requests")
    #expect(String(buffer: refused.json).contains(#""retry_after":1"#))
    #expect(await tell(api, "nothing", world.ada).code == "too_many_requests")
    #expect(await tell(api, "ring", world.grace).isOK)
    #expect(await ask(api, .getMe, "ada").status == 204)
    world.wait(seconds: 1)
    for isOK in [true, true, false] { #expect(await tell(api, "ring", world.ada).isOK == isOK) }
  }

  @Test func `an event's own limit takes the place of the document's, also that of another door`() async {
    let api = world.api()
    for isOK in [true, false] { #expect(await tell(api, "knock", world.ada).isOK == isOK) }
    #expect(await tell(api, "rename", world.ada, payload: #"{"name":"a"}"#).isOK)
    #expect(await tell(api, "rename", world.ada, payload: "{").code == "too_many_requests")
    #expect(await tell(api, "call", world.ada, payload: "{}").code == "validation_failed")
    for isOK in [true, true] { #expect(await tell(api, "call", world.ada, payload: #"{"name":"b"}"#).isOK == isOK) }
    world.wait(seconds: 1)
    #expect(await tell(api, "call", world.ada, payload: #"{"name":"b"}"#).code == "too_many_requests")
    #expect(await tell(api, "call", world.ada, payload: #"{"name":"c"}"#).isOK)
  }
}
