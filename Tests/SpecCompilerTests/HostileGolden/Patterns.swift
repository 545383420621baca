// Generated from the spec. Do not edit: change the YAML.
import NIOCore
import ProtocolRuntime

enum Patterns {
  static let pattern1 = Pattern(
    source: "^[^\u{2028}\u{202e}\u{0}]|\r\n|h$",
    ranges: [(0, 0, 1), (10, 10, 2), (13, 13, 3), (104, 104, 4), (8232, 8232, 1), (8238, 8238, 1)], classCount: 5,
    transitions: [1, 2, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 3, 4, 2, 2, 1, 3, 4, 2, 2, 2, 3, 4],
    accepting: [false, true, false, false, true])
}

