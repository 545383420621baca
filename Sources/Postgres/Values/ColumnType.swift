/// The type of a column, as PostgreSQL numbers it (its catalog's pg_type.dat).
struct ColumnType: RawRepresentable, Equatable, CustomStringConvertible {
  let rawValue: UInt32

  static let boolean = ColumnType(rawValue: 16)
  static let bytea = ColumnType(rawValue: 17)
  static let name = ColumnType(rawValue: 19)
  static let bigint = ColumnType(rawValue: 20)
  static let smallint = ColumnType(rawValue: 21)
  static let integer = ColumnType(rawValue: 23)
  static let text = ColumnType(rawValue: 25)
  static let json = ColumnType(rawValue: 114)
  static let double = ColumnType(rawValue: 701)
  static let varchar = ColumnType(rawValue: 1043)
  static let timestamptz = ColumnType(rawValue: 1184)
  static let uuid = ColumnType(rawValue: 2950)

  /// The arrays of these: of name, smallint, integer, text, varchar, bigint, uuid.
  var isArray: Bool { [1003, 1005, 1007, 1009, 1015, 1016, 2951].contains(rawValue) }

  var description: String { "type \(rawValue)" }
}
