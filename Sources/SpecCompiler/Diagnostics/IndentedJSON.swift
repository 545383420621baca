/// A JSON document that the compiler writes for people and tools (RFC 8259), on several lines.
indirect enum IndentedJSON {
  case string(String)
  case integer(Int)
  case array([IndentedJSON])
  /// Members keep their order.
  case object([(String, IndentedJSON)])

  /// On several lines, indented by two blanks a level. What is not seen, or turns the direction of writing, is escaped.
  var text: String {
    var output = ""
    write(to: &output, indentation: "\n")
    return output
  }

  private func write(to output: inout String, indentation: String) {
    let inner = indentation + "  "
    switch self {
    case .string(let text): output += Self.escaped(text)
    case .integer(let value): output += String(value)
    case .array(let items) where items.isEmpty: output += "[]"
    case .array(let items):
      output += "["
      for (index, item) in items.enumerated() {
        output += index > 0 ? "," + inner : inner
        item.write(to: &output, indentation: inner)
      }
      output += indentation + "]"
    case .object(let members):
      output += "{"
      for (index, (name, value)) in members.enumerated() {
        output += (index > 0 ? "," + inner : inner) + Self.escaped(name) + ": "
        value.write(to: &output, indentation: inner)
      }
      output += (members.isEmpty ? "" : indentation) + "}"
    }
  }

  private static func escaped(_ text: String) -> String {
    let plain = jsonString(text)
    guard plain.unicodeScalars.contains(where: \.endsOrDisguises) else { return plain }
    return plain.unicodeScalars.reduce(into: "") { result, scalar in
      guard scalar.endsOrDisguises else { return result.unicodeScalars.append(scalar) }
      for unit in String(scalar).utf16 {
        let digits = String(unit, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      }
    }
  }
}
