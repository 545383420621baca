import NIOCore

/// The content of an answer that is no JSON of a schema: bytes as they are.
public struct Content: Sendable {
  public var body: ByteBuffer
  /// What stands for these bytes and no others, with its quotes (RFC 9110 §8.8.3): who has them need not get them again.
  public var entityTag: String?

  public init(_ body: ByteBuffer, entityTag: String? = nil) {
    self.body = body
    self.entityTag = entityTag
  }
}
