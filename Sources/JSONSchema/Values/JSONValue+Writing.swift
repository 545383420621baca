extension JSONValue {
  /// The value as JSON text in UTF-8: numbers with all of their digits, members in their order.
  public var encoded: [UInt8] {
    var bytes: [UInt8] = []
    write(into: &bytes)
    return bytes
  }

  private func write(into bytes: inout [UInt8]) {
    switch self {
    case .null: bytes += "null".utf8
    case .bool(let bool): bytes += (bool ? "true" : "false").utf8
    case .number(let number): bytes += number.description.utf8
    case .string(let text): Self.write(text.string, into: &bytes)
    case .array(let array):
      bytes.append(UInt8(ascii: "["))
      for (place, item) in array.items.enumerated() {
        if place > 0 { bytes.append(UInt8(ascii: ",")) }
        item.write(into: &bytes)
      }
      bytes.append(UInt8(ascii: "]"))
    case .object(let object):
      bytes.append(UInt8(ascii: "{"))
      for (place, member) in object.members.enumerated() {
        if place > 0 { bytes.append(UInt8(ascii: ",")) }
        Self.write(member.name.string, into: &bytes)
        bytes.append(UInt8(ascii: ":"))
        member.value.write(into: &bytes)
      }
      bytes.append(UInt8(ascii: "}"))
    }
  }

  private static func write(_ text: String, into bytes: inout [UInt8]) {
    let digits = Array("0123456789abcdef".utf8)
    bytes.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
      case 0..<0x20: bytes += Array("\\u00".utf8) + [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      default: bytes.append(byte)
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }
}

extension DecimalNumber: CustomStringConvertible {
  /// Zeros that are written out before an exponent is.
  private static let maxZeros = 30

  public var description: String {
    let text = String(decoding: digits.map { $0 + UInt8(ascii: "0") }, as: UTF8.self)
    let sign = isNegative ? "-" : ""
    if isZero { return "0" }
    if (0...Self.maxZeros).contains(exponent) { return sign + text + String(repeating: "0", count: exponent) }
    let whole = digits.count + exponent
    if exponent < 0, whole > 0 { return sign + text.prefix(whole) + "." + text.dropFirst(whole) }
    if exponent < 0, whole > -Self.maxZeros { return sign + "0." + String(repeating: "0", count: -whole) + text }
    return "\(sign)\(text)e\(exponent)"
  }
}

extension JSONValue {
  /// The value with a member of an object in place of the older one, or at the end; every other value stays.
  public func with(_ name: String, _ value: JSONValue?) -> JSONValue {
    guard case .object(let object) = self else { return self }
    let name = JSONText(name)
    var members = object.members.map { ($0.name, $0.value) }
    if let place = members.firstIndex(where: { $0.0 == name }) {
      if let value { members[place].1 = value } else { members.remove(at: place) }
    } else if let value {
      members.append((name, value))
    }
    return JSONObject(members.map { (name: $0.0, value: $0.1) }).map(JSONValue.object) ?? self
  }
}
