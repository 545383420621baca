/// What was verified, and what came of it.
public struct Report: Sendable {
  public enum Outcome: Sendable, Equatable {
    case passed
    /// A line for each thing that is wrong.
    case failed([String])
    case notChecked(String)

    /// - Parameter faults: empty where it passed; each is told once.
    static func of(_ faults: [String]) -> Outcome {
      var met: Set<String> = []
      return faults.isEmpty ? .passed : .failed(faults.filter { met.insert($0).inserted })
    }
  }

  public struct Check: Sendable {
    public let name: String
    public let outcome: Outcome
  }

  /// Of one check that are told.
  private static let maxLines = 20

  public private(set) var checks: [Check] = []

  mutating func add(_ name: String, _ outcome: Outcome) {
    checks.append(Check(name: name, outcome: outcome))
  }

  /// - Parameter faults: empty where it passed.
  mutating func add(_ name: String, faults: [String]) { add(name, .of(faults)) }

  public var hasFailed: Bool {
    checks.contains { if case .failed = $0.outcome { true } else { false } }
  }

  /// A line for each check, with what is wrong below it, and the counts at the end.
  public var lines: [String] {
    var counts = (passed: 0, failed: 0, notChecked: 0)
    var lines: [String] = []
    for check in checks {
      switch check.outcome {
      case .passed:
        counts.passed += 1
        lines.append("passed       \(check.name)")
      case .failed(let faults):
        counts.failed += 1
        lines.append("failed       \(check.name)")
        lines += faults.prefix(Self.maxLines).map { "             \($0)" }
        if faults.count > Self.maxLines { lines.append("             and \(faults.count - Self.maxLines) more") }
      case .notChecked(let reason):
        counts.notChecked += 1
        lines.append("not checked  \(check.name): \(reason)")
      }
    }
    return lines + ["\(counts.passed) passed, \(counts.failed) failed, \(counts.notChecked) not checked"]
  }
}
