/// A setting that nobody may read by chance: it describes itself as nothing, wherever it is printed, dumped or put into
/// an error's text. Whoever needs it says so, with `revealed`.
struct Secret<Value: Sendable & Equatable>: Sendable, Equatable {
  /// For the place that uses it; never for a text.
  let revealed: Value

  init(_ value: Value) { revealed = value }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  var description: String { "<secret>" }
  var debugDescription: String { description }
  /// Without children: `dump`, and the descriptions of what holds it, look through this.
  var customMirror: Mirror { Mirror(self, children: []) }
}
