/// What can't be found out for now, though nothing is wrong.
struct NotChecked: Error, CustomStringConvertible {
  let description: String

  init(_ reason: String) { description = reason }
}
