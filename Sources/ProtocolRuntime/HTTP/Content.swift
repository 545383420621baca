import NIOCore

/// The content of an answer that is no JSON of a schema: bytes as they are.
public struct Content: Sendable {
  public var body: ResponseBody
  /// What stands for these bytes and no others, with its quotes (RFC 9110 §8.8.3): who has them need not get them again.
  public var entityTag: String?
  /// Where the spec says no single one (`image/*`); it is written as it is, so it must be one.
  public var mediaType: String?
  /// Fields of this answer, such as Content-Disposition.
  public var fields: [Response.Field] = []

  public init(_ body: ResponseBody, entityTag: String? = nil, mediaType: String? = nil) {
    self.body = body
    self.entityTag = entityTag
    self.mediaType = mediaType
  }

  public init(_ bytes: ByteBuffer, entityTag: String? = nil) {
    self.init(.bytes(bytes), entityTag: entityTag)
  }
}
