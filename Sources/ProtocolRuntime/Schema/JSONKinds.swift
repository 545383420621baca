/// Kinds of values, as `type` of JSON Schema tells them apart; an integer is a number, too.
public struct JSONKinds: OptionSet, Sendable {
  public let rawValue: UInt8

  public init(rawValue: UInt8) { self.rawValue = rawValue }

  public static let null = JSONKinds(rawValue: 1)
  public static let boolean = JSONKinds(rawValue: 2)
  public static let number = JSONKinds(rawValue: 4)
  public static let string = JSONKinds(rawValue: 8)
  public static let array = JSONKinds(rawValue: 16)
  public static let object = JSONKinds(rawValue: 32)
  public static let any: JSONKinds = [.null, .boolean, .number, .string, .array, .object]

  /// By the first byte of a value; a number's where it is no other.
  init(first byte: UInt8) {
    switch byte {
    case UInt8(ascii: "{"): self = .object
    case UInt8(ascii: "["): self = .array
    case UInt8(ascii: "\""): self = .string
    case UInt8(ascii: "t"), UInt8(ascii: "f"): self = .boolean
    case UInt8(ascii: "n"): self = .null
    default: self = .number
    }
  }
}
