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

  @Test(arguments: [
    ("a=1", "1"), ("b=2&a=1", "1"), ("&&a=1&", "1"), ("a", ""), ("a=", ""), ("a=b=c", "b=c"), ("a=%C3%A9+z%2B", "é z+"),
    ("%61=1", "1"), ("a=%zz", "\u{0}"), ("%zz=1&a=2", "2"),
  ])
  func `a query is read as a form writes it`(query: String, value: String) {
    var parameters = Parameters(query: query)
    #expect(parameters.string("a") == value)
    #expect(parameters.violations.isEmpty)
  }

  @Test(arguments: [nil, "", "&", "=1", "A=1", "b=a=1", "%zz=1"])
  func `what is not in a query`(query: String?) {
    var parameters = Parameters(query: query)
    #expect(parameters.string("a") == nil)
  }

  @Test func `a query has no end of parameters`() {
    var parameters = Parameters(query: String(repeating: "b=1&", count: 63) + "a=1&b=2&a=3&a=4")
    #expect(parameters.string("a") == "1")
    parameters = Parameters(query: String(repeating: "b=1&", count: 64) + "a=1&b=2")
    #expect(parameters.string("a") == "1&b=2")
  }
}
