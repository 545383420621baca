import NIOCore

/// A durable event's place in the order of its stream: what `x-stream` says of it.
public struct LogPosition: Sendable, Hashable {
  /// The one whose stream it is.
  public var key: UUID
  /// Counts the stream's changes, from 1.
  public var rev: Int
  /// The rev that the stream had told before, at least 0 and below `rev`.
  public var prev: Int

  public init(key: UUID, rev: Int, prev: Int) {
    self.key = key
    self.rev = rev
    self.prev = prev
  }

  /// Reads three fields of a payload that another node has encoded, and nothing else of it: see ``JSONSkimmer``.
  ///
  /// - Parameters:
  ///   - payload: the JSON of the event's argument.
  ///   - key: a JSON Pointer, like the others.
  ///   - prev: nil for a stream in which each event follows the rev before its own.
  /// - Returns: nil where one is missing or out of bounds.
  public init?(skimming payload: ByteBuffer, key: StaticString, rev: StaticString, prev: StaticString?) {
    let fields = JSONSkimmer(payload)
    guard let key = fields.uuid(at: key), let rev = fields.integer(at: rev), rev > 0 else { return nil }
    if let prev {
      guard let prev = fields.integer(at: prev), prev < rev else { return nil }
      self.init(key: key, rev: rev, prev: prev)
    } else {
      self.init(key: key, rev: rev, prev: rev - 1)
    }
  }
}
