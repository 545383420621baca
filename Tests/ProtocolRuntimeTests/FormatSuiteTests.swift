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

/// Host names that the suite refuses and we take: A-labels that break IDNA's rules for the code points that they encode
/// (RFC 5892), which would need its tables. We check letters, digits and hyphens. The test fails when one is refused.
private let unchecked: Set<String> = [
  "xn--X", "xn--07jt112bpxg.xn--9t4b11yi5a", "xn--hello-txk", "xn--hello-zed",
  "xn--hello-6bf", "xn--chb89f", "xn--07jceefgh4c", "xn--al-0ea",
  "xn--l-fda", "xn--la-0ea", "xn--l-gda", "xn--S-jib3p",
  "xn--wva3j", "xn--A-2hc5h", "xn--5db1e", "xn--A-2hc8h",
  "xn--5db3e", "xn--defabc-k64e", "xn--vek", "xn--ngb6iyr",
  "xn--11b2er09f", "xn--02b508i", "XN--aa---o47jg78q",
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
        if !(file == "hostname" && unchecked.contains(text)) {
          #expect(format.accepts(text) == isValid, "\(name)")
        } else {
          #expect(format.accepts(text) != isValid, "listed as an exception, but passes: \(name)")
        }
      }
    }
  }
}
