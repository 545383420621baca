/// A JSON string (RFC 8259 §7) of any text.
func jsonString(_ text: String) -> String {
  let inside = PlainBytes.quotable.replacingOthers(in: text) { scalar in
    switch scalar {
    case "\"": return "\\\""
    case "\\": return "\\\\"
    case "\n": return "\\n"
    case "\r": return "\\r"
    case "\t": return "\\t"
    case "\u{0}"..<" ":
      let digits = String(scalar.value, radix: 16)
      return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    default: return String(scalar)
    }
  }
  return "\"\(inside)\""
}
