/// A text as JSON has it: code points. Swift's own equality takes canonically equivalent texts for the same, JSON Schema
/// does not (JSON Schema Core §4.2.2).
public struct JSONText: Hashable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
  public let string: String

  public init(_ string: String) { self.string = string }

  public init(stringLiteral value: String) { self.init(value) }

  public var description: String { string }

  public static func == (one: JSONText, other: JSONText) -> Bool {
    one.string.utf8.elementsEqual(other.string.utf8)
  }

  public func hash(into hasher: inout Hasher) {
    var string = string
    string.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    hasher.combine(UInt8(0xFF))
  }
}
