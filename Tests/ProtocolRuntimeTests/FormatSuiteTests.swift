import Foundation
import Testing

@testable import ProtocolRuntime

/// The JSON Schema Test Suite's cases of the formats that are asserted. It is not part of the project: where the
/// folder is absent (a clone by itself), there is nothing to run.
private let suite = URL(filePath: #filePath).deletingLastPathComponent()
  .appending(path: "../../../shared/data/json-schema-test-suite/format").standardizedFileURL

private let formats: [(file: String, format: TextFormat)] = [
  ("date-time", .dateTime), ("date", .date), ("email", .email), ("hostname", .hostname), ("ipv4", .ipv4),
  ("ipv6", .ipv6), ("uri", .uri), ("uuid", .uuid),
]

@Test(.enabled(if: FileManager.default.fileExists(atPath: suite.path), "the JSON Schema Test Suite is not here"))
func formatsAgreeWithTheSuite() throws {
  for (file, format) in formats {
    let data = try Data(contentsOf: suite.appending(path: "\(file).json"))
    let groups = try #require(JSONSerialization.jsonObject(with: data) as? [[String: Any]])
    for group in groups {
      for test in try #require(group["tests"] as? [[String: Any]]) {
        guard let text = test["data"] as? String, let isValid = test["valid"] as? Bool else { continue }
        let name = "\(file): \(test["description"] ?? ""): \(text)"
        #expect(format.accepts(text) == isValid, "\(name)")
      }
    }
  }
}
