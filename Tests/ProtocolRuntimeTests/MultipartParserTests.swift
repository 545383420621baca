import NIOCore
import Testing

@testable import ProtocolRuntime

/// RFC 7578, whose bodies are those of RFC 2046 §5.1.
struct MultipartParserTests {
  private static let type = "multipart/form-data; boundary=\"a b\""

  private static let body = [
    "--a b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a \\\"b\\\".txt\"\r\nContent-Type: text/plain\r\n\r\n",
    "line\r\n--a c\r\n--a\r\n\r", "\r\n--a b \t\r\ncontent-disposition:form-data;name=x\r\nX-Other: y\r\n\r\n", "",
    "\r\n--a b--\r\nwhatever follows\r\n--a b\r\n",
  ].joined()

  private static let elevenParts =
    String(repeating: "--a b\r\nContent-Disposition: form-data; name=x\r\n\r\n\r\n", count: 11) + "--a b--"

  /// The events of a body that comes in pieces, with the data of a part put together.
  private func events(_ pieces: [String], type: String = type, partLimit: Int = 10) throws -> [MultipartParser.Event] {
    var parser = try MultipartParser(contentType: type, partLimit: partLimit)
    var events: [MultipartParser.Event] = []
    for piece in pieces {
      for event in try parser.read(ByteBuffer(string: piece)) {
        if case .data(let more) = event, case .data(var before)? = events.last {
          before.writeImmutableBuffer(more)
          events[events.count - 1] = .data(before)
        } else {
          events.append(event)
        }
      }
    }
    try parser.finish()
    return events
  }

  @Test func `a body says the same however it is cut`() throws {
    let expected: [MultipartParser.Event] = [
      .part(.init(name: "file", filename: "a \"b\".txt", contentType: "text/plain")),
      .data(ByteBuffer(string: "line\r\n--a c\r\n--a\r\n\r")), .part(.init(name: "x")), .end,
    ]
    #expect(try events([Self.body]) == expected)
    let bytes = Array(Self.body.utf8)
    for cut in 1..<bytes.count {
      let pieces = [bytes[..<cut], bytes[cut...]].map { String(decoding: $0, as: UTF8.self) }
      #expect(try events(pieces) == expected, "cut at \(cut)")
    }
    #expect(try events(bytes.map { String(decoding: [$0], as: UTF8.self) }) == expected)
  }

  @Test func `nothing is kept of what was read`() throws {
    var parser = try MultipartParser(contentType: Self.type, partLimit: 1)
    _ = try parser.read(ByteBuffer(string: "--a b\r\nContent-Disposition: form-data; name=x\r\n\r\n"))
    for _ in 0..<20 {
      let events = try parser.read(ByteBuffer(repeating: UInt8(ascii: "\r"), count: 2000))
      guard case .data(let data)? = events.first, events.count == 1 else { throw ProblemDetails("x", "no data") }
      #expect(data.readableBytes > 1900)
    }
  }

  @Test(arguments: [
    "", "--a b", "--a b--", "--a c\r\n\r\n\r\n--a c--", "--a b\r\n\r\nx\r\n--a b--", "--a bx\r\n",
    "--a b\r\nContent-Disposition: attachment; name=x\r\n\r\n\r\n--a b--",
    "--a b\r\nContent-Disposition: form-data\r\n\r\n\r\n--a b--", "--a b\r\nnonsense\r\n\r\n\r\n--a b--",
    "--a b\r\nContent-Disposition: form-data; name=x\r\n\r\nnever ends",
    "--a b\r\nA: \(String(repeating: "x", count: 9000))", String(repeating: "x", count: 9000),
    "--a b\(String(repeating: " ", count: 200))",
    Self.elevenParts,
  ])
  func `what is no form`(body: String) {
    // A form without a part is one (`--a b--`), if an odd one.
    if body == "--a b--" {
      #expect(throws: Never.self) { try events([body]) }
    } else {
      #expect(throws: ProblemDetails.self) { try events([body]) }
      #expect(throws: ProblemDetails.self) { try events(body.map { "\($0)" }) }
    }
  }

  @Test(
    arguments: [
      nil, "", "multipart/form-data", "multipart/mixed; boundary=a", "multipart/form-data; boundary=",
      "multipart/form-data; boundary=\"a \"", "multipart/form-data; boundary=ä", "multipart/form-data; boundary=a\rb",
      "multipart/form-data; boundary=\(String(repeating: "a", count: 71))",
    ] as [String?])
  func `what is no boundary`(type: String?) {
    #expect(throws: ProblemDetails.self) { try MultipartParser(contentType: type, partLimit: 1) }
  }

  @Test(arguments: [
    "multipart/form-data; boundary=x1", "Multipart/Form-Data;charset=utf-8; Boundary = \"x1\" ",
    "multipart/form-data; a=\"; boundary=y\"; boundary=x1; boundary=z",
  ])
  func `boundaries in every form`(type: String) throws {
    #expect(try events(["--x1--"], type: type) == [.end])
  }
}
