import CAllocations
import Foundation
import Generated
import GeneratedDocuments
import NIOCore
import ProtocolRuntime

/// Does what it is told on standard input, a line each, and answers with the CPU time that it took in nanoseconds and
/// the blocks that it asked malloc for: `CODEC WORK FILE COUNT` or `route METHOD PATH COUNT`. `routes` lists all paths.
@main enum CodecPeer {
  struct Failure: Error {
    let what: String
  }

  static func main() throws {
    while let line = readLine() {
      let words = line.split(separator: " ").map(String.init)
      if words == ["routes"] {
        print(try routes().joined(separator: " "))
      } else if words.count == 4, let count = Int(words[3]) {
        let work = words[0] == "route" ? route(words[1], words[2]) : try codec(words[0], words[1], words[2])
        try work()
        let (time, blocks) = (cpuTime(), allocations_of_thread())
        for _ in 0..<count { try work() }
        print(cpuTime() - time, allocations_of_thread() - blocks)
      } else {
        throw Failure(what: line)
      }
      fflush(nil)
    }
  }

  private static func cpuTime() -> Int {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return time.tv_sec * 1_000_000_000 + time.tv_nsec
  }

  private static func codec(_ codec: String, _ work: String, _ path: String) throws -> () throws -> Void {
    let bytes = try Data(contentsOf: URL(filePath: path))
    let isPage = path.hasSuffix("page.json")
    return switch codec {
    case "generated":
      isPage ? try generated(MessageList.self, work, bytes) : try generated(Generated.Message.self, work, bytes)
    case "foundation":
      isPage ? try foundation(PlainPage.self, work, bytes) : try foundation(PlainMessage.self, work, bytes)
    default: throw Failure(what: codec)
    }
  }

  private static func generated<Value: JSONDecodable & JSONEncodable>(
    _ type: Value.Type, _ work: String, _ bytes: Data
  ) throws -> () throws -> Void {
    let buffer = ByteBuffer(bytes: bytes)
    @Sendable func decode() throws -> Value {
      var violations: [Violation] = []
      guard let value = try Value.decode(json: buffer, violations: &violations), violations.isEmpty else {
        throw Failure(what: "\(violations)")
      }
      return value
    }
    if work == "decode" { return { _ = try decode() } }
    let value = try decode()
    let count = bytes.count
    return {
      var writer = JSONWriter(capacity: 512)
      value.encode(into: &writer)
      guard writer.finish().readableBytes == count else { throw Failure(what: "another text") }
    }
  }

  private static func foundation<Value: Codable>(
    _ type: Value.Type, _ work: String, _ bytes: Data
  ) throws -> () throws -> Void {
    let decoder = JSONDecoder()
    if work == "decode" { return { _ = try decoder.decode(Value.self, from: bytes) } }
    let value = try decoder.decode(Value.self, from: bytes)
    let encoder = JSONEncoder()
    encoder.outputFormatting = .withoutEscapingSlashes
    let count = bytes.count
    return { guard try encoder.encode(value).count == count else { throw Failure(what: "another text") } }
  }

  private static func route(_ method: String, _ path: String) -> () throws -> Void {
    {
      guard case .operation = Route.match(method: method, path: path) else { throw Failure(what: path) }
    }
  }

  /// Method and path of each operation, by the document that is served.
  private static func routes() throws -> [String] {
    let id = "019cadc7-84e0-7d15-a90f-08a575024650"
    guard case .bytes(let bytes) = specDocuments.openapiJSON.body,
      let document = try JSONSerialization.jsonObject(with: Data(bytes.readableBytesView)) as? [String: Any],
      let base = (document["servers"] as? [[String: Any]])?.first?["url"] as? String,
      let paths = document["paths"] as? [String: [String: Any]]
    else { throw Failure(what: "the document has no server or no paths") }
    var routes: [String] = []
    for (path, item) in paths {
      let whole = base + path.replacing(/\{[^}]*\}/) { _ in id }
      for method in ["get", "put", "post", "patch", "delete"] where item[method] != nil {
        routes.append("\(method.uppercased()):\(whole)")
      }
    }
    return routes.sorted()
  }
}
