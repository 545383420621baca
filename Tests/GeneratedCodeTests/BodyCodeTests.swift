import GoldenProtocol
import NIOCore
import ProtocolRuntime
import Testing

/// Bodies that are read as they come: bytes and forms.
@Suite struct BodyCodeTests {
  private func read(
    _ body: String, contentType: String = "multipart/form-data; boundary=b", pieces: Int = .max
  ) async throws -> [String] {
    let request = Request(
      contentType: contentType, body: .stream(BodyStream(Pieces(bytes: Array(body.utf8), size: pieces))),
      context: RequestContext(requestID: "r", address: "::1"))
    var found: [String] = []
    for try await part in try request.formBody(Operations.AddScan.BodyPart.self) {
      switch part {
      case .scans(let file): found.append("scan \(file.filename ?? "-") \(file.contentType ?? "-")")
      case .data(let bytes):
        // However the bytes were cut: one entry a file.
        if found.last?.hasPrefix("data ") == true {
          found[found.count - 1] += String(buffer: bytes)
        } else {
          found.append("data " + String(buffer: bytes))
        }
      case .name(let name): found.append("name \(name)")
      case .kind(let kind): found.append("kind \(kind.rawValue)")
      case .weight(let weight): found.append("weight \(weight)")
      }
    }
    return found
  }

  private func part(_ name: String, _ value: String, _ more: String = "") -> String {
    "--b\r\nContent-Disposition: form-data; name=\"\(name)\"\(more)\r\n\r\n\(value)\r\n"
  }

  private func file(_ value: String) -> String {
    part("scans", value, "; filename=\"a.png\"\r\nContent-Type: image/png")
  }

  @Test(arguments: [Int.max, 1, 7, 64])
  func formsAreReadAsTheyCome(_ size: Int) async throws {
    let body =
      part("name", "lamp") + file("\r\n--xytes\r\n") + part("kind", "big") + file("") + part("weight", "3")
      + "--b--\r\n"
    let expected = [
      "name lamp", "scan a.png image/png", "data \r\n--xytes\r\n", "kind big", "scan a.png image/png", "weight 3",
    ]
    #expect(try await read(body, pieces: size) == expected)
  }

  @Test(arguments: [
    (["name=lamp", "scans=x", "colour=red"], "/colour additionalProperties"),
    (["scans=x", "name=Lamp"], "/name pattern"), (["scans=x", "name="], "/name minLength /name pattern"),
    (["name=lamp", "scans=x", "name=lamp"], "/name maxItems"),
    (["name=lamp", "scans=1", "scans=2", "scans=3", "scans=4"], "/scans maxItems"),
    (["name=lamp", "scans=x", "weight=1001"], "/weight maximum"), (["weight=1.5"], "/weight type"),
    (["kind=huge"], "/kind enum"), (["kind=big"], "/scans required /name required"),
  ])
  func whatBreaksTheSchemaIsNamed(_ fields: [String], _ expected: String) async throws {
    let body = fields.map { field in
      let parts = field.split(separator: "=", omittingEmptySubsequences: false).map(String.init)
      return part(parts[0], parts[1])
    }
    let problem = await #expect(throws: ProblemDetails.self) { try await read(body.joined() + "--b--\r\n") }
    #expect(problem?.code == "validation_failed")
    #expect(problem?.errors.map { "\($0.pointer) \($0.keyword)" }.joined(separator: " ") == expected)
  }

  @Test func whatIsTooLongOrNoFormIsRefused() async throws {
    func code(_ body: String, contentType: String = "multipart/form-data; boundary=b") async -> String? {
      await #expect(throws: ProblemDetails.self) { try await read(body, contentType: contentType) }?.code
    }
    #expect(await code(file(String(repeating: "x", count: 1_000_001)) + "--b--\r\n") == "payload_too_large")
    #expect(await code(part("name", String(repeating: "x", count: 81)) + "--b--\r\n") == "payload_too_large")
    #expect(await code(part("name", "lamp")) == "malformed_body")
    #expect(await code("") == "malformed_body")
    #expect(await code("{}", contentType: "application/json") == "unsupported_media_type")
    #expect(await code("{}", contentType: "multipart/form-data") == "unsupported_media_type")
  }

  @Test(arguments: [("image/png", true), ("IMAGE/webp; q=1", true), ("text/plain", false), ("imagex/png", false)])
  func bytesHaveTheirMediaType(_ contentType: String, _ isTaken: Bool) async {
    let request = Request(
      contentType: contentType, body: .stream(BodyStream(Pieces(bytes: [1], size: 1))),
      context: RequestContext(requestID: "r", address: "::1"))
    #expect(((try? request.streamBody("image/*")) != nil) == isTaken)
  }
}

/// Bytes in pieces of one size.
struct Pieces: AsyncSequence, Sendable {
  typealias Element = ByteBuffer
  typealias Failure = any Error

  let bytes: [UInt8]
  let size: Int

  func makeAsyncIterator() -> AsyncIterator { AsyncIterator(rest: bytes[...], size: size) }

  struct AsyncIterator: AsyncIteratorProtocol {
    var rest: ArraySlice<UInt8>
    let size: Int

    mutating func next() async throws -> ByteBuffer? {
      guard !rest.isEmpty else { return nil }
      defer { rest = rest.dropFirst(size) }
      return ByteBuffer(bytes: rest.prefix(size))
    }
  }
}
