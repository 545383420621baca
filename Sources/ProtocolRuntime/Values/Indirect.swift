/// A value that is kept elsewhere, so that a type can contain itself.
public indirect enum Indirect<Value: Sendable & Hashable>: Sendable, Hashable {
  case kept(Value)

  public init(_ value: Value) { self = .kept(value) }

  public var value: Value {
    switch self {
    case .kept(let value): value
    }
  }
}
