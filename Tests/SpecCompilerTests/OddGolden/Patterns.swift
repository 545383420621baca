// Generated from the spec. Do not edit: change the YAML.
import NIOCore
import ProtocolRuntime

enum Patterns {
  static let pattern1 = Pattern(
    source: "^[^x]*$",
    ranges: [(120, 120, 1)], classCount: 2,
    transitions: [0, 65535],
    accepting: [true])
  static let pattern2 = Pattern(
    source: "^[a-z]+$",
    ranges: [(97, 122, 1)], classCount: 2,
    transitions: [65535, 1, 65535, 1],
    accepting: [false, true])
  static let pattern3 = Pattern(
    source: "^[a-c]*$",
    ranges: [(97, 99, 1)], classCount: 2,
    transitions: [65535, 0],
    accepting: [true])
}

