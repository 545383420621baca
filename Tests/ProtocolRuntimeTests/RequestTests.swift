import NIOCore
import Testing

@testable import ProtocolRuntime

struct RequestTests {
  private func accepts(_ accept: String?) -> Bool {
    let request = Request(accept: accept, context: RequestContext(requestID: "1", address: "::1"))
    return (try? request.requireAcceptable("application/json")) != nil
  }

  /// RFC 9110 §12.5.1: the most specific range that fits counts, and an empty list says nothing.
  @Test(arguments: [
    nil, "", " ", " , ,", "*/*", "application/json", "Application/JSON", "application/*", "text/html, */*;q=0.1",
    "application/json;q=0.001", "application/json; charset=utf-8", "*/*;q=0, application/json",
    "application/*;q=0, application/json;q=0.5", "text/html;q=0, application/json", "application/json;q=nonsense",
  ])
  func `what takes JSON`(accept: String?) {
    #expect(accepts(accept))
  }

  @Test(arguments: [
    "text/html", "application/json;q=0", "application/json; q=0.000", "application/json;q=0, */*",
    "application/json ; Q=0 , application/*", "*/*, application/*;q=0", "application/jsonx", "application",
  ])
  func `what does not`(accept: String) {
    #expect(!accepts(accept))
  }

  @Test func `a token may stand behind several blanks`() async throws {
    struct Book: Authenticator {
      func authenticate(_ accessToken: String) async throws -> Caller? {
        accessToken == "x" ? Caller(userID: UUID(high: 0, low: 1), sessionID: UUID(high: 0, low: 2)) : nil
      }
    }
    for (field, isKnown) in [("Bearer x", true), ("bearer   x", true), ("Bearer", false), ("Basic x", false)] {
      let request = Request(authorization: field, context: RequestContext(requestID: "1", address: "::1"))
      let caller = try? await request.authenticated(by: Book())
      #expect((caller != nil) == isKnown, "\(field)")
    }
  }
}
