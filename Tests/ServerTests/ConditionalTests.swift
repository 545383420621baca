import Testing

@testable import letschat

/// Conditional and range requests (RFC 9110 §13 and §14), which the server answers for every operation.
@Suite(.serialized, .timeLimit(.minutes(1)))
struct ConditionalTests {
  private func ask(_ client: RawClient, _ fields: String, method: String = "GET") throws -> RawClient.Answer {
    try client.send("\(method) /document HTTP/1.1\r\nHost: x\r\n\(fields)\r\n")
    return try client.answer(hasBody: method != "HEAD")
  }

  @Test func `who has the content does not get it again`() async throws {
    try await withServer { port, _ in
      let client = try RawClient(port: port)
      let first = try ask(client, "")
      #expect(first.status == 200)
      #expect(first.body == "0123456789")
      #expect(first.fields["etag"] == "\"digits\"")
      #expect(first.fields["cache-control"] == "no-cache")
      #expect(first.fields["accept-ranges"] == "bytes")
      for known in ["\"digits\"", "W/\"digits\"", "\"a,b\" , \"digits\"", "*", "\"a\"\r\nIf-None-Match: \"digits\""] {
        for method in ["GET", "HEAD"] {
          let again = try ask(client, "If-None-Match: \(known)\r\n", method: method)
          #expect(again.status == 304, "\(known)")
          #expect(again.body.isEmpty)
          #expect(again.fields["etag"] == "\"digits\"")
          #expect(again.fields["content-type"] == nil)
        }
      }
      for other in ["\"digit\"", "digits", "", "W/*", "\"xdigits\"", "\"unended"] {
        #expect(try ask(client, "If-None-Match: \(other)\r\n").status == 200, "\(other)")
      }
    }
  }

  @Test(arguments: [
    ("bytes=0-3", "0123", "bytes 0-3/10"), ("bytes=4-", "456789", "bytes 4-9/10"), ("Bytes=-3", "789", "bytes 7-9/10"),
    ("bytes=8-100", "89", "bytes 8-9/10"), ("bytes=-100", "0123456789", "bytes 0-9/10"),
    ("bytes=9-99999999999999999999", "9", "bytes 9-9/10"),
  ])
  func `a part of the content`(range: String, body: String, contentRange: String) async throws {
    try await withServer { port, _ in
      let client = try RawClient(port: port)
      for condition in ["", "If-Range: \"digits\"\r\n"] {
        let answer = try ask(client, "Range: \(range)\r\n\(condition)")
        #expect(answer.status == 206)
        #expect(answer.body == body)
        #expect(answer.fields["content-range"] == contentRange)
        #expect(answer.fields["etag"] == "\"digits\"")
      }
      // Of another content, the whole.
      #expect(try ask(client, "Range: \(range)\r\nIf-Range: \"letters\"\r\n").status == 200)
      #expect(try ask(client, "Range: \(range)\r\n", method: "HEAD").status == 200)
    }
  }

  @Test func `ranges that are none are ignored, those behind the end are not`() async throws {
    try await withServer { port, _ in
      let client = try RawClient(port: port)
      for range in [
        "bytes=", "bytes=-", "bytes=4-3", "bytes=a-b", "bytes=0-1,3-4", "lines=0-1", "bytes=+1-2", "bytes= 0-1",
      ] {
        #expect(try ask(client, "Range: \(range)\r\n").body == "0123456789", "\(range)")
      }
      for range in ["bytes=10-", "bytes=99999999999999999999-", "bytes=-0"] {
        let answer = try ask(client, "Range: \(range)\r\n")
        #expect(answer.status == 416, "\(range)")
        #expect(answer.fields["content-range"] == "bytes */10")
      }
    }
  }
}
