/// How far somebody is in each stream that it was told anything of.
public struct KnownPositions: Sendable, Hashable {
  private var numbers: [String: UInt64] = [:]

  public init(_ positions: [StreamPosition] = []) {
    for position in positions { self.insert(position) }
  }

  /// Of two positions in a stream the later counts.
  public mutating func insert(_ position: StreamPosition) {
    self.numbers[position.stream] = max(self.numbers[position.stream] ?? 0, position.number)
  }

  /// Whether what has this position is known. What has none is not.
  public func has(_ position: StreamPosition?) -> Bool {
    guard let position, let number = self.numbers[position.stream] else { return false }
    return position.number <= number
  }

  /// In no order.
  public var all: [StreamPosition] { self.numbers.map { StreamPosition(stream: $0, number: $1) } }
}
