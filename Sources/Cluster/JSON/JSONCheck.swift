/// Passes a JSON text (RFC 8259) once: is it well-formed, and how many elements has each array and object?
///
/// Without recursion: a message's nesting costs heap, not stack.
struct JSONCheck {
  /// The number of elements of each array, and of members of each object, in the order in which they open.
  /// MessagePack says it before the elements.
  private(set) var counts: [UInt32] = []
  private var position = 0
  /// The containers that are open: an index into `counts`, and whether it is an object.
  private var open: [(index: Int, isObject: Bool)] = []
  private let maxDepth: Int
  private let isCounting: Bool

  init(_ bytes: Span<UInt8>, maxDepth: Int, isCounting: Bool) throws(ClusterError) {
    self.maxDepth = maxDepth
    self.isCounting = isCounting
    repeat {
      try scalarOrOpening(bytes)
      try closings(bytes)
    } while !open.isEmpty
    whitespace(bytes)
    guard position == bytes.count else { throw fault("something follows the value") }
  }

  private func fault(_ what: String) -> ClusterError { .malformed("JSON, byte \(position): \(what)") }

  private mutating func whitespace(_ bytes: Span<UInt8>) {
    while position < bytes.count, bytes[position].isJSONWhitespace { position += 1 }
  }

  private mutating func take(_ byte: UInt8, _ bytes: Span<UInt8>) -> Bool {
    guard position < bytes.count, bytes[position] == byte else { return false }
    position += 1
    return true
  }

  // Passes scalars whole, and of containers what stands before their first element.
  private mutating func scalarOrOpening(_ bytes: Span<UInt8>) throws(ClusterError) {
    while true {
      whitespace(bytes)
      guard position < bytes.count else { throw fault("a value is missing") }
      switch bytes[position] {
      case UInt8(ascii: "{"):
        guard try opens(bytes, isObject: true) else { return }
        try key(bytes)
      case UInt8(ascii: "["):
        guard try opens(bytes, isObject: false) else { return }
      case UInt8(ascii: "\""): return try string(bytes)
      case UInt8(ascii: "t"): return try literal("true", bytes)
      case UInt8(ascii: "f"): return try literal("false", bytes)
      case UInt8(ascii: "n"): return try literal("null", bytes)
      default: return try number(bytes)
      }
    }
  }

  // Opens a container. False if it is empty, and so closed already.
  private mutating func opens(_ bytes: Span<UInt8>, isObject: Bool) throws(ClusterError) -> Bool {
    position += 1
    if isCounting { counts.append(0) }
    whitespace(bytes)
    if take(UInt8(ascii: isObject ? "}" : "]"), bytes) { return false }
    guard open.count < maxDepth else { throw ClusterError(.tooLarge, "JSON nested deeper than \(maxDepth)") }
    open.append((counts.count - 1, isObject))
    if isCounting { counts[counts.count - 1] = 1 }
    return true
  }

  // After a value: passes what ends here, up to the comma and the key before the next value.
  private mutating func closings(_ bytes: Span<UInt8>) throws(ClusterError) {
    while let (index, isObject) = open.last {
      whitespace(bytes)
      if take(UInt8(ascii: ","), bytes) {
        if isCounting { counts[index] += 1 }
        if isObject {
          whitespace(bytes)
          try key(bytes)
        }
        return
      }
      guard take(UInt8(ascii: isObject ? "}" : "]"), bytes) else { throw fault("a comma or the end is missing") }
      open.removeLast()
    }
  }

  private mutating func key(_ bytes: Span<UInt8>) throws(ClusterError) {
    guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else { throw fault("a name is missing") }
    try string(bytes)
    whitespace(bytes)
    guard take(UInt8(ascii: ":"), bytes) else { throw fault("a colon is missing") }
  }

  private mutating func string(_ bytes: Span<UInt8>) throws(ClusterError) {
    position += 1
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      switch byte {
      case UInt8(ascii: "\""): return
      case UInt8(ascii: "\\"): try escape(bytes)
      case 0..<0x20: throw fault("a control character in a string")
      default: continue
      }
    }
    throw fault("a string does not end")
  }

  private mutating func escape(_ bytes: Span<UInt8>) throws(ClusterError) {
    guard position < bytes.count else { throw fault("a string does not end") }
    let byte = bytes[position]
    position += 1
    switch byte {
    case UInt8(ascii: "u"):
      guard position + 4 <= bytes.count, (0..<4).allSatisfy({ bytes[position + $0].hexadecimalValue != nil }) else {
        throw fault("not an escape")
      }
      position += 4
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
      UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
      return
    default: throw fault("not an escape")
    }
  }

  private mutating func literal(_ literal: StaticString, _ bytes: Span<UInt8>) throws(ClusterError) {
    for offset in 0..<literal.utf8CodeUnitCount {
      guard take(literal.utf8Start[offset], bytes) else { throw fault("not a value") }
    }
  }

  private mutating func number(_ bytes: Span<UInt8>) throws(ClusterError) {
    _ = take(UInt8(ascii: "-"), bytes)
    if !take(UInt8(ascii: "0"), bytes) { try digits(bytes) }
    if take(UInt8(ascii: "."), bytes) { try digits(bytes) }
    if take(UInt8(ascii: "e"), bytes) || take(UInt8(ascii: "E"), bytes) {
      if !take(UInt8(ascii: "+"), bytes) { _ = take(UInt8(ascii: "-"), bytes) }
      try digits(bytes)
    }
  }

  private mutating func digits(_ bytes: Span<UInt8>) throws(ClusterError) {
    let start = position
    while position < bytes.count, bytes[position].isDigit { position += 1 }
    guard position > start else { throw fault("not a value") }
  }
}

extension UInt8 {
  var isJSONWhitespace: Bool { self == 0x20 || self == 0x0A || self == 0x0D || self == 0x09 }
  var isDigit: Bool { UInt8(ascii: "0")...UInt8(ascii: "9") ~= self }
  var hexadecimalValue: UInt16? {
    switch self {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt16(self - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt16(self - UInt8(ascii: "a") + 10)
    case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt16(self - UInt8(ascii: "A") + 10)
    default: nil
    }
  }
}
