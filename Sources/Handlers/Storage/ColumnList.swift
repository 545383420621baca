import Postgres

/// Columns that a statement selects, in order; in a statement's text they are joined by commas.
struct ColumnList: Sendable, ExpressibleByArrayLiteral, CustomStringConvertible {
  private let expressions: [String]

  init(arrayLiteral expressions: String...) { self.expressions = expressions }

  private init(_ expressions: [String]) { self.expressions = expressions }

  var count: Int { expressions.count }

  /// The columns of a table, by the name that it has in the statement.
  func of(_ table: String) -> ColumnList { ColumnList(expressions.map { "\(table).\($0)" }) }

  /// Names for so many columns of a common table expression, whose own are not unique: `o0, o1, …`.
  var numbered: ColumnList { ColumnList(expressions.indices.map { "o\($0)" }) }

  static func + (first: ColumnList, second: ColumnList) -> ColumnList {
    ColumnList(first.expressions + second.expressions)
  }

  var description: String { expressions.joined(separator: ", ") }
}

/// What is read from columns that belong together. The columns and their reader stand side by side: this is the one
/// place where a column is added.
protocol RowPart {
  /// The first is never NULL, unless there is nothing to read.
  static var columns: ColumnList { get }

  init(_ row: inout RowReader) throws(PostgresError)
}

extension RowReader {
  /// A part that a join may not have found.
  mutating func optional<Part: RowPart>(_ part: Part.Type = Part.self) throws(PostgresError) -> Part? {
    try skipNull(Part.columns.count) ? nil : Part(&self)
  }
}
