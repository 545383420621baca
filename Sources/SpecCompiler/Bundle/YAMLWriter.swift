/// Writes a document as YAML that versions 1.1 and 1.2 read alike, for people: block style, texts of several lines as
/// literal blocks, long ones folded. The same nodes always give the same bytes, and are read from them again.
struct YAMLWriter {
  /// Deeper values are written as JSON, which is YAML, too: so indentation can't be most of a document.
  private static let blockDepth = 32
  /// Of a line with folded text, in characters.
  private static let width = 120
  /// Longer keys need the mark '?' before them; the standard allows 1,024 characters without it (YAML 1.2.2 §7.4).
  private static let keyLimit = 128

  private var output = ""
  /// The same few are written again and again.
  private var keys: [String: String] = [:]

  static func write(_ root: Node) -> String {
    var writer = YAMLWriter()
    switch root.content {
    case .mapping(let entries) where !entries.isEmpty: writer.write(entries, depth: 0)
    case .sequence(let items) where !items.isEmpty: writer.write(items, depth: 0)
    default: writer.writeScalar(root, depth: 0)
    }
    return writer.output
  }

  private mutating func indent(_ depth: Int) {
    output += String(repeating: "  ", count: depth)
  }

  private mutating func write(_ entries: [Node.Entry], depth: Int, isFirstIndented: Bool = false) {
    for (index, entry) in entries.enumerated() {
      if index > 0 || !isFirstIndented { indent(depth) }
      if entry.key.utf8.count > Self.keyLimit {
        output += "? \(YAMLText.quoted(entry.key))\n"
        indent(depth)
      } else {
        output += written(key: entry.key)
      }
      output += ":"
      writeValue(entry.value, depth: depth + 1)
    }
  }

  private mutating func written(key: String) -> String {
    if let text = keys[key] { return text }
    let text = YAMLText.oneLine(key)
    keys[key] = text
    return text
  }

  private mutating func write(_ items: [Node], depth: Int, isFirstIndented: Bool = false) {
    for (index, item) in items.enumerated() {
      if index > 0 || !isFirstIndented { indent(depth) }
      output += "-"
      switch item.content {
      case .mapping(let entries) where !entries.isEmpty && depth < Self.blockDepth:
        output += " "
        write(entries, depth: depth + 1, isFirstIndented: true)
      case .sequence(let items) where !items.isEmpty && depth < Self.blockDepth:
        output += " "
        write(items, depth: depth + 1, isFirstIndented: true)
      default:
        writeValue(item, depth: depth + 1)
      }
    }
  }

  /// What follows a key's ':' or an item's '-', and the end of its line.
  private mutating func writeValue(_ node: Node, depth: Int) {
    switch node.content {
    case .mapping(let entries) where !entries.isEmpty && depth < Self.blockDepth:
      output += "\n"
      write(entries, depth: depth)
    case .sequence(let items) where !items.isEmpty && depth < Self.blockDepth:
      output += "\n"
      write(items, depth: depth)
    default:
      output += " "
      writeScalar(node, depth: depth)
    }
  }

  /// A scalar, or what is written like one, and the end of its line.
  private mutating func writeScalar(_ node: Node, depth: Int) {
    if let text = node.string, let block = block(text, depth: depth) {
      output += block
    } else {
      writeFlow(node)
      output += "\n"
    }
  }

  private mutating func writeFlow(_ node: Node, isWithin: Bool = false) {
    switch node.content {
    case .null: output += "null"
    case .boolean(let value): output += value ? "true" : "false"
    case .integer(let value): output += String(value)
    case .number(let value): output += OlderYAML.decimal(value)
    case .string(let text): output += isWithin ? YAMLText.quoted(text) : YAMLText.oneLine(text)
    case .sequence(let items):
      output += "["
      for (index, item) in items.enumerated() {
        if index > 0 { output += ", " }
        writeFlow(item, isWithin: true)
      }
      output += "]"
    case .mapping(let entries):
      output += "{"
      for (index, entry) in entries.enumerated() {
        if index > 0 { output += ", " }
        output += (entry.key.utf8.count > Self.keyLimit ? "? " : "") + "\(YAMLText.quoted(entry.key)): "
        writeFlow(entry.value, isWithin: true)
      }
      output += "}"
    }
  }

  // MARK: - Blocks

  /// A text as a block scalar with its lines (YAML 1.2.2 §8.1); nil for one that is better on one line. All of this
  /// counts code points: a blank with an accent on it is a blank for YAML.
  private func block(_ text: String, depth: Int) -> String? {
    let scalars = text.unicodeScalars
    guard let first = scalars.first, first != " ", first != "\n", YAMLText.isPlainlySeen(text) else { return nil }
    let indentation = String(repeating: "  ", count: max(depth, 1))
    let width = Self.width - indentation.count
    guard scalars.contains("\n") else {
      guard scalars.count > width - 20, scalars.last != " " else { return nil }
      return ">-\n" + Self.folded(scalars, width: width).map { "\(indentation)\($0)\n" }.joined()
    }
    var lines = scalars.split(separator: "\n", omittingEmptySubsequences: false)
    let ends = lines.last?.isEmpty == true
    if ends { lines.removeLast() }
    // What several line ends at its end mean is told by '+', which few know.
    guard lines.last?.isEmpty == false else { return nil }
    return (ends ? "|\n" : "|-\n") + lines.map { $0.isEmpty ? "\n" : "\(indentation)\(String($0))\n" }.joined()
  }

  /// The lines of a text that is folded: each break stands for one blank between two characters that are none, since a
  /// line that begins with a blank is not folded.
  private static func folded(_ text: String.UnicodeScalarView, width: Int) -> [String] {
    var lines: [String.UnicodeScalarView] = []
    var line = String.UnicodeScalarView()
    var length = 0
    for (index, word) in text.split(separator: " ", omittingEmptySubsequences: false).enumerated() {
      if index > 0, length + 1 + word.count > width, !word.isEmpty, line.last != " " {
        lines.append(line)
        (line, length) = (String.UnicodeScalarView(word), word.count)
        continue
      }
      if index > 0 { line.append(" ") }
      line.append(contentsOf: word)
      length += word.count + (index > 0 ? 1 : 0)
    }
    return (lines + [line]).map { String($0) }
  }
}
