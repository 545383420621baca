/// A line of a file as it is shown, and where the caret stands below it.
public struct SourceExcerpt: Sendable, Equatable {
  /// On one line, with what is not seen as its number; a long line is cut around the caret.
  public let text: String
  /// How many columns of a terminal are left of the caret.
  public let caret: Int

  /// Of the text, in columns; what is cut off is shown as `…`.
  static let widthLimit = 120
  /// Of the text left of the caret where there is more on both sides.
  private static let leftLimit = 60

  /// Nil where the file has no such place, or the line is empty.
  init?(_ lines: SourceLines, line: Int, column: Int) {
    // Marks have no width, so that columns alone are no bound.
    guard let source = lines.text(line: line, column: column, limit: 2 * Self.widthLimit) else { return nil }
    let left = source.before.map(Piece.init)
    var right = source.after.map(Piece.init)[...]
    if !source.isCut.after { right = right.prefix(1 + (right.lastIndex { !$0.isBlank } ?? -1)) }
    guard left.contains(where: { !$0.isBlank }) || !right.isEmpty else { return nil }
    let rightWidth = right.reduce(0) { $0 + $1.width }
    // A side has what the other one leaves of the width.
    let before = Self.fitting(left.reversed(), max(Self.leftLimit, Self.widthLimit - rightWidth))
    let after = Self.fitting(right, Self.widthLimit - before.width)
    let isCutBefore = source.isCut.before || before.count < left.count
    let isCutAfter = source.isCut.after || after.count < right.count
    let shown = left.suffix(before.count) + right.prefix(after.count)
    text = (isCutBefore ? "…" : "") + shown.map(\.text).joined() + (isCutAfter ? "…" : "")
    caret = before.width + (isCutBefore ? 1 : 0)
  }

  /// How many of the pieces, from the first on, are no wider than the limit together.
  private static func fitting(_ pieces: some Sequence<Piece>, _ limit: Int) -> (count: Int, width: Int) {
    var (count, width) = (0, 0)
    for piece in pieces {
      guard width + piece.width <= limit else { break }
      count += 1
      width += piece.width
    }
    return (count, width)
  }

  /// A code point as it is shown.
  private struct Piece {
    let text: String
    let width: Int

    var isBlank: Bool { text.utf8.allSatisfy { $0 == UInt8(ascii: " ") } }

    init(_ scalar: Unicode.Scalar) {
      let isPlain = (0x20..<0x7F).contains(scalar.value)
      text = isPlain ? String(scalar) : String(scalar).visible
      width = isPlain ? 1 : text.unicodeScalars.reduce(0) { $0 + $1.displayWidth }
    }
  }
}
