/// A property that may be left out and may be null, where the two mean different things: nil in Swift is "left out".
public enum Nullable<Wrapped: Sendable & Hashable>: Sendable, Hashable {
  case null
  case value(Wrapped)
}
