// Generated from the spec. Do not edit: change the YAML.
import NIOCore
import ProtocolRuntime

enum Patterns {
  static let pattern1 = Pattern(
    source: "^[a-z]+$",
    ranges: [(97, 122, 1)], classCount: 2,
    transitions: [65535, 1, 65535, 1],
    accepting: [false, true])
  static let pattern2 = Pattern(
    source: "^[^\\u0000]*$",
    ranges: [(0, 0, 1)], classCount: 2,
    transitions: [0, 65535],
    accepting: [true])
  static let pattern3 = Pattern(
    source: "^[a-z_]+$",
    ranges: [(95, 95, 1), (97, 122, 1)], classCount: 2,
    transitions: [65535, 1, 65535, 1],
    accepting: [false, true])
}

