import Foundation
import NIOCore
import ProtocolRuntime
import Synchronization

@testable import letschat

/// Operations whose bodies come and go piece by piece, under /streams/.
enum StreamOperations {
  struct Failure: Error {}

  /// Pieces that /streams/endless has made.
  static let made = Atomic(0)
  /// What /streams/gated waits for.
  static let gate = Gate()
  /// What /streams/file serves.
  static let digits = "0123456789"

  static func route(method: String, path: String) -> HTTPRoute {
    switch (method, path) {
    case ("POST", "/streams/echo"): taking { Response(stream: $0, length: nil) }
    case ("POST", "/streams/count"): taking { text("\(try await count($0))") }
    case ("POST", "/streams/gated"):
      taking { body in
        await gate.wait()
        return text("\(try await count(body))")
      }
    case ("POST", "/streams/form"):
      giving(OperationTraits(body: .stream("multipart/form-data"), bodyLimit: 1 << 20)) { request in
        var words: [String] = []
        for try await field in try request.formBody(Field.self) { words.append("\(field.text.utf8.count)") }
        return text(words.joined(separator: " "))
      }
    case ("POST", "/streams/early"): taking { _ in text("enough") }
    case ("GET", "/streams/endless"):
      giving { _ in Response(stream: BodyStream(Pieces { _ in made.add(1, ordering: .relaxed) }), length: nil) }
    case ("GET", "/streams/known"): giving { _ in Response(stream: BodyStream(Pieces(limit: 3)), length: 3000) }
    case ("GET", "/streams/unknown"): giving { _ in Response(stream: BodyStream(Pieces(limit: 3)), length: nil) }
    case ("GET", "/streams/short"): giving { _ in Response(stream: BodyStream(Pieces(limit: 3)), length: 3001) }
    case ("GET", "/streams/long"): giving { _ in Response(stream: BodyStream(Pieces(limit: 3)), length: 2500) }
    case ("GET", "/streams/broken"):
      giving { _ in Response(stream: BodyStream(Pieces { if $0 == 2 { throw Failure() } }), length: nil) }
    case ("GET", "/streams/file"), ("HEAD", "/streams/file"):
      giving(OperationTraits(acceptsRanges: true, cacheControl: "private, max-age=60")) { _ in try file() }
    case ("GET", "/streams/page"):
      giving { _ in Response(status: 200, contentType: "text/html; charset=utf-8", body: ByteBuffer(string: "<p>")) }
    default: .notFound
    }
  }

  private static func taking(_ operation: @escaping @Sendable (BodyStream) async throws -> Response) -> HTTPRoute {
    giving(OperationTraits(body: .stream("*/*"), bodyLimit: 64 << 20)) { request in
      guard case .stream(let body) = request.body else { preconditionFailure("it is streamed") }
      return try await operation(body)
    }
  }

  private static func giving(
    _ traits: OperationTraits = OperationTraits(), _ operation: @escaping @Sendable (Request) async throws -> Response
  ) -> HTTPRoute {
    .operation(traits) { request in
      do {
        return try await operation(request)
      } catch {
        return Response.problem(
          ProblemDetails(error), requestID: request.context.requestID, catalog: EchoApplication().problems)
      }
    }
  }

  private static func count(_ body: BodyStream) async throws -> Int {
    var count = 0
    for try await piece in body { count += piece.readableBytes }
    return count
  }

  private static func text(_ text: String) -> Response {
    Response(status: 200, contentType: "text/plain", body: ByteBuffer(string: text))
  }

  /// A file that has no name any more when it is served.
  private static func file() throws -> Response {
    let path = NSTemporaryDirectory() + UUID.v7().description
    try Data(digits.utf8).write(to: URL(fileURLWithPath: path))
    defer { try? FileManager.default.removeItem(atPath: path) }
    let file = try FileContent(path: path)
    return Response(
      status: 200, contentType: "text/plain",
      content: Content(.file(file, 0..<file.length), entityTag: "\"digits\"", mediaType: "text/x-digits"))
  }

  /// Of a form that has texts only.
  private struct Field: FormPart {
    static let fields = [FormField("text", isRequired: true, isFile: false, maxItems: 50, limit: 100_000)]

    let text: String

    static func data(_ bytes: ByteBuffer) -> Field { Field(text: "") }
    static func text(_ field: Int, _ value: String, _ parameters: inout Parameters) -> Field? { Field(text: value) }
    static func file(_ field: Int, _ file: FormFile) -> Field { Field(text: "") }
  }

  /// Pieces of 1,000 bytes.
  private struct Pieces: AsyncSequence, Sendable {
    typealias Element = ByteBuffer
    typealias Failure = any Error

    var limit = Int.max
    /// Runs before each.
    var before: @Sendable (Int) throws -> Void = { _ in }

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(pieces: self) }

    struct AsyncIterator: AsyncIteratorProtocol {
      let pieces: Pieces
      var count = 0

      mutating func next() async throws -> ByteBuffer? {
        guard count < pieces.limit else { return nil }
        try pieces.before(count)
        count += 1
        return ByteBuffer(repeating: UInt8(ascii: "x"), count: 1000)
      }
    }
  }
}

extension Response {
  fileprivate init(stream: BodyStream, length: Int?) {
    self.init(status: 200, contentType: "text/plain")
    body = .stream(stream, length: length)
  }
}

/// Opens once.
final class Gate: Sendable {
  private struct State {
    var isOpen = false
    var waiting: [CheckedContinuation<Void, Never>] = []
  }

  private let state = Mutex(State())

  func wait() async {
    await withCheckedContinuation { continuation in
      let isOpen = state.withLock { state in
        if !state.isOpen { state.waiting.append(continuation) }
        return state.isOpen
      }
      if isOpen { continuation.resume() }
    }
  }

  func open() {
    let waiting = state.withLock { state in
      state.isOpen = true
      defer { state.waiting = [] }
      return state.waiting
    }
    for continuation in waiting { continuation.resume() }
  }
}
