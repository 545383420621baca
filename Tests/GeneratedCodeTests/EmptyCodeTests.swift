import EmptyProtocol
import NIOCore
import ProtocolRuntime
import Testing

/// What the generator makes of a spec without operations and events.
@Suite struct EmptyCodeTests {
  private struct Nobody: Authenticator, AccessPolicies {
    func authenticate(_ accessToken: String) async throws -> Caller? { nil }
  }

  @Test func nothingIsFound() async throws {
    guard case .notFound = Route.match(method: "GET", path: "/") else {
      return #expect(Bool(false), "there is a route")
    }
    #expect(OperationID.allCases.isEmpty)
    #expect(OperationID(rawValue: "getThing") == nil)
    #expect(EventStream("thing_touched") == nil)
    #expect(try Validators.event("thing_touched", payload: ByteBuffer()) == nil)
    let api = API(policies: Nobody(), authenticator: Nobody()) { error, _ in Issue.record(error) }
    let answer = await api.receive(
      event: "touch_thing", payload: ByteBuffer(), caller: Caller(userID: .v7(), sessionID: .v7()),
      context: RequestContext(requestID: "r", address: "::1"))
    #expect(answer.code == "not_found")
  }
}
