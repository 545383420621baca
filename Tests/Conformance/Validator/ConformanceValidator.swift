import Foundation
import Generated
import NIOCore
import ProtocolRuntime

/// Reads from stdin what a server said, and checks it with the validators that are generated from the specs.
///
/// A line is `kind TAB name TAB status TAB base64 of the JSON`. Kinds: `operation` (name: the operation's id), `event`
/// (the event's name), `acknowledgement` (the event's name, and the JSON of `data`), `problem` (anything).
/// A line for each violation comes out: the input's number, the name, what is wrong; at the end `N checked`. The exit
/// status is 1 if there was a violation.
@main
struct ConformanceValidator {
  static func main() {
    var checked = 0
    var found = 0
    while let line = readLine() {
      checked += 1
      for complaint in complaints(about: line) {
        found += 1
        print("\(checked)\t\(complaint)")
      }
    }
    print("\(checked) checked")
    exit(found == 0 ? 0 : 1)
  }

  static func complaints(about line: String) -> [String] {
    let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
    guard fields.count == 4, let status = Int(fields[2]), let data = Data(base64Encoded: fields[3]) else {
      return ["?\tthe line is none of kind, name, status and base64: \(line.prefix(100))"]
    }
    let name = fields[1]
    do {
      guard let violations = try violations(fields[0], name, status, ByteBuffer(bytes: data)) else {
        return ["\(name)\tthe spec has no \(fields[0]) \(name) \(status)"]
      }
      return violations.map { "\(name) \(status)\t\($0.pointer) \($0.keyword): \($0.message)" }
    } catch {
      return ["\(name) \(status)\tnot JSON: \(error)"]
    }
  }

  private static func violations(
    _ kind: String, _ name: String, _ status: Int, _ json: ByteBuffer
  ) throws -> [Violation]? {
    switch kind {
    case "operation":
      return try Validators.response(operation: name, status: status, body: json)
    case "event":
      return try Validators.event(name, payload: json)
    case "acknowledgement":
      return try Validators.acknowledgement(event: name, data: json)
    case "problem":
      var violations: [Violation] = []
      _ = try Problem.decode(json: json, violations: &violations)
      return violations
    default:
      return nil
    }
  }
}
