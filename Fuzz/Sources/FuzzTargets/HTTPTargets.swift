import GoldenProtocol
import NIOCore
import NIOHTTP1
import ProtocolRuntime

@testable import SocketIO

enum HeadTarget {
  private static let configuration = SocketIOServer.Configuration()

  /// The request line, then fields, a line each.
  static func play(_ bytes: ByteBuffer) throws {
    guard let text = bytes.getString(at: 0, length: bytes.readableBytes), bytes.isUTF8 else { return }
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let words = lines[0].split(separator: " ", maxSplits: 1)
    guard words.count == 2 else { return }
    var head = HTTPRequestHead(version: .http1_1, method: HTTPMethod(rawValue: String(words[0])), uri: String(words[1]))
    for line in lines.dropFirst() {
      let parts = line.split(separator: ":", maxSplits: 1)
      // NIOHTTP1 refuses other names while it reads.
      guard parts.count == 2, parts[0].utf8.allSatisfy({ $0 < 0x80 }) else { continue }
      head.headers.add(name: String(parts[0]), value: String(parts[1]))
    }
    try engineIO(head)
    try api(head)
  }

  private static func engineIO(_ head: HTTPRequestHead) throws {
    guard head.uri.utf8.starts(with: configuration.path.utf8) else { return }
    let request = EngineIORequest(head.withoutBlankEnds, configuration: configuration)
    switch request {
    case .webSocket(let sid?), .poll(let sid), .post(let sid), .badPost(let sid), .misfit(let sid):
      try check(head.uri.utf8.firstRange(of: "sid=".utf8) != nil, "\(sid) was named")
      try check(head.uri.utf8.firstRange(of: "transport=".utf8) != nil)
    default: break
    }
    if request == .openPolling { try check(head.method == .GET) }
  }

  /// What the head alone is refused for is one of three things, and nothing of it is a fault.
  private static func api(_ head: HTTPRequestHead) throws {
    let request = Request(
      contentType: head.headers.first(name: "content-type"), accept: head.headers.first(name: "accept"),
      authorization: head.headers.first(name: "authorization"), context: RequestContext(requestID: "r", address: "::1"))
    for operation in OperationID.allCases {
      do throws(ProblemDetails) {
        try request.checkHead(operation.traits)
        if operation.traits.needsCaller {
          try Self.mustBe(request.authorization?.lowercased().hasPrefix("bearer") == true)
        }
      } catch {
        guard ["not_acceptable", "unauthorized", "unsupported_media_type"].contains(error.code) else {
          throw Finding(description: "\(operation): \(error)")
        }
      }
    }
  }

  private static func mustBe(_ condition: Bool) throws(ProblemDetails) {
    if !condition { throw ProblemDetails("let in without a token", "") }
  }
}

enum ParametersTarget {
  /// Lines: method and path, the query, a header parameter's value.
  static func play(_ bytes: ByteBuffer) throws {
    guard bytes.isUTF8 else { return }
    let lines = String(buffer: bytes).split(separator: "\n", maxSplits: 2, omittingEmptySubsequences: false)
    let words = lines[0].split(separator: " ", maxSplits: 1).map(String.init)
    if words.count == 2 { try route(words[0], words[1]) }
    try read(query: lines.count > 1 ? String(lines[1]) : nil, field: lines.count > 2 ? String(lines[2]) : nil)
  }

  private static func route(_ method: String, _ path: String) throws {
    guard case .operation(_, let segments) = Route.match(method: method, path: path) else { return }
    // More than are kept as places: each is decoded by itself.
    guard let decoded = PathSegments(path, limit: 17) else { throw Finding(description: "a route of no path") }
    try check(segments.count == decoded.count)
    for index in 0..<decoded.count { try check(String(segments[index]) == String(decoded[index])) }
    try check("api" ~= segments[0])
  }

  private static func read(query: String?, field: String?) throws {
    var parameters = Parameters(query: query)
    if let depth = parameters.integer("depth", minimum: -5, maximum: 10, multipleOf: 5) {
      try check([-5, 0, 5, 10].contains(depth))
      try check(query?.contains("depth=") == true || query?.contains("%") == true)
    }
    if let text = parameters.string("q", required: true, minLength: 1, maxLength: 8) {
      try check((1...8).contains(text.unicodeScalars.count))
    }
    if let id = parameters.uuid("id") { try check(UUID(id.description) == id) }
    if let time = parameters.timestamp("at") { try check(Timestamp(time.description) == time) }
    if let kind = parameters.enumeration("kind", ThingKind.self) { try check(ThingKind.allCases.contains(kind)) }
    let request = Request(
      fields: field.map { ["x-pixel-ratio": $0] } ?? [:], context: RequestContext(requestID: "r", address: "::1"))
    if let text = parameters.header("X-Pixel-Ratio", of: request, required: true) {
      let ratio = parameters.pathInteger("X-Pixel-Ratio", text, minimum: 1, maximum: 4)
      if let ratio { try check((1...4).contains(ratio)) }
    }
    try lists(query, field)
    try objects(query, field)
    try check(parameters.violations.count <= JSONReader.maxViolations)
    for violation in parameters.violations { try check(violation.pointer.hasPrefix("/")) }
  }
}

extension ParametersTarget {
  /// Lists of the query in both ways, the same text as a cookie, and as JSON.
  private static func lists(_ query: String?, _ field: String?) throws {
    try reads(query) { parameters in
      parameters.array("q", required: true, minItems: 1, maxItems: 3, areUnique: true) { $0.pathString("q", $1) }
    } holds: {
      (1...3).contains($0.count) && Set($0).count == $0.count
    }
    for separator: StaticString in [",", " ", "|"] {
      try reads(query) { parameters in
        parameters.array("q", required: true, separatedBy: separator, maxItems: 4) {
          $0.pathInteger("q", $1, minimum: 0)
        }
      } holds: {
        $0.count <= 4 && $0.allSatisfy { $0 >= 0 }
      }
    }
    let request = Request(
      fields: field.map { ["cookie": $0] } ?? [:], context: RequestContext(requestID: "r", address: "::1"))
    try reads(query) {
      $0.cookie("depth", of: request, required: true)
    } holds: {
      !$0.contains(";") && field?.contains("depth=\($0)") == true
    }
    guard let field else { return }
    try reads(query) { parameters in
      parameters.decoded("q", field) { (reader) throws(JSONSyntaxError) in try reader.json() }
    } holds: { value in
      switch value {
      case .string(let text): text.utf8.elementsEqual(field.utf8)
      case .array, .object: false
      default: true
      }
    }
    try reads(query) { parameters in
      parameters.decoded("q", field) { (reader) throws(JSONSyntaxError) in try reader.integer(minimum: 1, maximum: 9) }
    } holds: {
      (1...9).contains($0)
    }
  }

  /// Objects of the query in both ways, the field in the other two, and as JSON.
  private static func objects(_ query: String?, _ field: String?) throws {
    let properties = [
      ParameterProperty("a"), ParameterProperty("b", isBare: true), ParameterProperty("c", isList: true),
    ]
    typealias Read = Parameters.Reader<JSONValue>
    let any: Read = { (reader) throws(JSONSyntaxError) in try reader.json() }
    func isObject(_ value: JSONValue) -> Bool {
      guard case .object(let members) = value, !members.isEmpty else { return false }
      for (name, member) in members {
        switch (name, member) {
        case ("c", .array(let items)): if items.isEmpty { return false }
        case ("c", _), (_, .array), (_, .object): return false
        case ("b", _), (_, .string): continue
        default: return false
        }
      }
      return true
    }
    try reads(query) {
      $0.bracketed("q", required: true, properties, any)
    } holds: {
      isObject($0)
    }
    try reads(query) {
      $0.exploded("q", required: true, properties, any)
    } holds: {
      isObject($0)
    }
    guard let field else { return }
    for isAssigned in [false, true] {
      try reads(query) {
        $0.object("q", field, isAssigned: isAssigned, properties, any)
      } holds: {
        isObject($0) || field.isEmpty
      }
    }
    try reads(query) {
      $0.json("q", field, any)
    } holds: { value in
      var writer = JSONWriter(capacity: field.utf8.count)
      value.encode(into: &writer)
      var again = Parameters(query: nil)
      return again.json("q", String(buffer: writer.finish()), any) == value
    }
  }

  /// There is a value that holds, or a reason why there is none.
  private static func reads<Value>(
    _ query: String?, _ read: (inout Parameters) -> Value?, holds: (Value) -> Bool, line: UInt = #line
  ) throws {
    var parameters = Parameters(query: query)
    guard let value = read(&parameters) else {
      return try check(!parameters.violations.isEmpty, "neither a value nor a reason", line: line)
    }
    try check(parameters.violations.isEmpty && holds(value), "\(value)", line: line)
  }
}

enum MultipartTarget {
  /// The content type, and below it the body.
  static func play(_ bytes: ByteBuffer) throws {
    guard let end = bytes.readableBytesView.firstIndex(of: UInt8(ascii: "\n")) else { return }
    let type = String(decoding: bytes.readableBytesView[..<end], as: UTF8.self)
    let body = Array(bytes.readableBytesView[(end + 1)...])
    let whole = events(type, [body[...]])
    try check(whole == events(type, body.indices.map { body[$0...$0] }), "it says the same however it is cut")
    if whole?.last == .end { try check(body.count > 4) }
  }

  /// With the data of a part put together; nil for a body that is refused.
  private static func events(_ type: String, _ pieces: [ArraySlice<UInt8>]) -> [MultipartParser.Event]? {
    do {
      var parser = try MultipartParser(contentType: type, partLimit: 4)
      var events: [MultipartParser.Event] = []
      for piece in pieces {
        for event in try parser.read(ByteBuffer(bytes: piece)) {
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
    } catch {
      return nil
    }
  }
}
