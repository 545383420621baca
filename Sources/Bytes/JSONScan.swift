/// A strict scan of JSON (RFC 8259), without a tree and without recursion: what a client nests costs one bit a level, on
/// the stack. Whether strings are UTF-8 is not looked at.
public struct JSONScan {
  /// Deeper than any payload that is meant well, and a bound for those who decode it recursively.
  public static let maxDepth = 1024

  /// The next byte to look at; after a refusal, about where it was.
  public private(set) var position: Int
  /// Whether the value was refused for its depth alone.
  public private(set) var isTooDeep = false
  private let maxDepth: Int
  private var counter: ElementCounter?

  /// - Parameters:
  ///   - position: where to begin.
  ///   - maxDepth: the containers that may be open at a time, at most ``maxDepth``.
  ///   - isCounting: whether ``counts`` is wanted.
  public init(at position: Int = 0, maxDepth: Int = Self.maxDepth, isCounting: Bool = false) {
    self.position = position
    self.maxDepth = min(maxDepth, Self.maxDepth)
    counter = isCounting ? ElementCounter() : nil
  }

  /// The number of elements of each array, and of members of each object, in the order in which they open: what other
  /// encodings say before the elements.
  public var counts: [UInt32] { counter?.counts ?? [] }

  /// Passes one value that is all there is but for white space.
  ///
  /// - Returns: Whether it was so.
  public mutating func whole(_ bytes: Span<UInt8>) -> Bool {
    guard value(bytes) != nil else { return false }
    whitespace(bytes)
    return position == bytes.count
  }

  /// Passes one value with the white space before it.
  ///
  /// - Returns: The value's bytes, or nil if there is no well-formed value here.
  public mutating func value(_ bytes: Span<UInt8>) -> Range<Int>? {
    whitespace(bytes)
    let start = position
    var nesting = Nesting()
    repeat {
      guard scalarOrOpening(bytes, &nesting), closings(bytes, &nesting) else { return nil }
    } while !nesting.isEmpty
    return start..<position
  }

  /// Passes a string, quotes included.
  public mutating func string(_ bytes: Span<UInt8>) -> Range<Int>? {
    let start = position
    guard take(UInt8(ascii: "\""), bytes) else { return nil }
    position += bytes.withUnsafeBytes { JSONString.plainCount(in: UnsafeRawBufferPointer(rebasing: $0[position...])) }
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      switch byte {
      case UInt8(ascii: "\""): return start..<position
      case UInt8(ascii: "\\"): guard escape(bytes) else { return nil }
      case 0..<0x20: return nil
      default: continue
      }
    }
    return nil
  }

  public mutating func whitespace(_ bytes: Span<UInt8>) {
    while position < bytes.count, bytes[position].isJSONWhitespace { position += 1 }
  }

  /// Passes this byte if it is the next one.
  public mutating func take(_ byte: UInt8, _ bytes: Span<UInt8>) -> Bool {
    guard position < bytes.count, bytes[position] == byte else { return false }
    position += 1
    return true
  }

  // MARK: - Values

  /// Passes scalars whole, and of objects and arrays what stands before their first element.
  private mutating func scalarOrOpening(_ bytes: Span<UInt8>, _ nesting: inout Nesting) -> Bool {
    while true {
      whitespace(bytes)
      guard position < bytes.count else { return false }
      switch bytes[position] {
      case UInt8(ascii: "{"):
        position += 1
        whitespace(bytes)
        counter?.open()
        if take(UInt8(ascii: "}"), bytes) { return true }
        guard push(&nesting, isObject: true), key(bytes) else { return false }
      case UInt8(ascii: "["):
        position += 1
        whitespace(bytes)
        counter?.open()
        if take(UInt8(ascii: "]"), bytes) { return true }
        guard push(&nesting, isObject: false) else { return false }
      case UInt8(ascii: "\""): return string(bytes) != nil
      case UInt8(ascii: "t"): return literal("true", bytes)
      case UInt8(ascii: "f"): return literal("false", bytes)
      case UInt8(ascii: "n"): return literal("null", bytes)
      default: return number(bytes)
      }
    }
  }

  /// After a value: passes what ends here, up to the comma and the key before the next value.
  private mutating func closings(_ bytes: Span<UInt8>, _ nesting: inout Nesting) -> Bool {
    while !nesting.isEmpty {
      whitespace(bytes)
      guard position < bytes.count else { return false }
      let byte = bytes[position]
      position += 1
      switch (byte, nesting.isInObject) {
      case (UInt8(ascii: ","), true):
        counter?.count()
        whitespace(bytes)
        return key(bytes)
      case (UInt8(ascii: ","), false):
        counter?.count()
        return true
      case (UInt8(ascii: "}"), true), (UInt8(ascii: "]"), false):
        counter?.close()
        nesting.pop()
      default: return false
      }
    }
    return true
  }

  private mutating func push(_ nesting: inout Nesting, isObject: Bool) -> Bool {
    guard nesting.depth < maxDepth else {
      isTooDeep = true
      return false
    }
    nesting.push(isObject: isObject)
    counter?.begin()
    return true
  }

  private mutating func key(_ bytes: Span<UInt8>) -> Bool {
    guard string(bytes) != nil else { return false }
    whitespace(bytes)
    return take(UInt8(ascii: ":"), bytes)
  }

  private mutating func literal(_ literal: StaticString, _ bytes: Span<UInt8>) -> Bool {
    for offset in 0..<literal.utf8CodeUnitCount {
      guard take(literal.utf8Start[offset], bytes) else { return false }
    }
    return true
  }

  private mutating func number(_ bytes: Span<UInt8>) -> Bool {
    _ = take(UInt8(ascii: "-"), bytes)
    if !take(UInt8(ascii: "0"), bytes) {
      guard digits(bytes) else { return false }
    }
    if take(UInt8(ascii: "."), bytes) {
      guard digits(bytes) else { return false }
    }
    if take(UInt8(ascii: "e"), bytes) || take(UInt8(ascii: "E"), bytes) {
      if !take(UInt8(ascii: "+"), bytes) { _ = take(UInt8(ascii: "-"), bytes) }
      guard digits(bytes) else { return false }
    }
    return true
  }

  private mutating func digits(_ bytes: Span<UInt8>) -> Bool {
    let start = position
    while position < bytes.count, bytes[position].isDecimalDigit { position += 1 }
    return position > start
  }

  private mutating func escape(_ bytes: Span<UInt8>) -> Bool {
    guard position < bytes.count else { return false }
    let byte = bytes[position]
    position += 1
    guard byte == UInt8(ascii: "u") else { return JSONString.unescaped(byte) != nil }
    guard position + 4 <= bytes.count else { return false }
    for offset in 0..<4 where bytes[position + offset].hexadecimalValue == nil { return false }
    position += 4
    return true
  }
}

/// Which of the open brackets are objects': a stack of bits.
private struct Nesting {
  private var words = InlineArray<16, UInt64>(repeating: 0)
  private(set) var depth = 0

  var isEmpty: Bool { depth == 0 }
  var isInObject: Bool {
    let top = depth - 1
    return words[top >> 6] >> UInt64(top & 63) & 1 == 1
  }

  /// There are less than ``JSONScan/maxDepth``.
  mutating func push(isObject: Bool) {
    let bit: UInt64 = 1 << UInt64(depth & 63)
    if isObject { words[depth >> 6] |= bit } else { words[depth >> 6] &= ~bit }
    depth += 1
  }

  mutating func pop() { depth -= 1 }
}

/// Counts the elements of containers.
private struct ElementCounter {
  private(set) var counts: [UInt32] = []
  /// The open containers that have elements: indices into `counts`.
  private var stack: [Int] = []

  /// A container begins, perhaps without an element.
  mutating func open() { counts.append(0) }

  /// It has a first element.
  mutating func begin() {
    stack.append(counts.count - 1)
    counts[counts.count - 1] = 1
  }

  /// The innermost open container has one more.
  mutating func count() {
    if let index = stack.last { counts[index] += 1 }
  }

  mutating func close() { stack.removeLast() }
}
