import NIOCore

/// What an event or an acknowledgement carries: a JSON array, and the binary values that it refers to.
public struct Arguments: Sendable, Equatable {
  /// A JSON array in UTF-8; of an event, its name comes first: `["new_message",{…}]`. Where a binary value belongs,
  /// `{"_placeholder":true,"num":n}` stands for the n-th attachment.
  ///
  /// What comes from a client is well-formed, at most 1,024 levels deep. What the application sends is not checked.
  public var json: ByteBuffer
  /// The binary values; at most 10 from a client. An application's are not counted, but the official clients take no
  /// more than 10 either.
  public var attachments: [ByteBuffer]

  public init(_ json: ByteBuffer, attachments: [ByteBuffer] = []) {
    self.json = json
    self.attachments = attachments
  }

  var bytes: Int { self.attachments.reduce(self.json.readableBytes) { $0 + $1.readableBytes } }
}
