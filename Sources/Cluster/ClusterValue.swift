import NIOCore

/// A value of JavaScript that can be sent: JSON, and the binaries that JSON cannot say.
public struct ClusterValue: Sendable, Hashable {
  /// One JSON value (RFC 8259) in UTF-8. Where there are attachments, `{"_placeholder":true,"num":n}` stands for the
  /// n-th (Socket.IO protocol v5, binary events).
  public var json: ByteBuffer
  /// The binaries. When they are empty, such an object is an ordinary one.
  public var attachments: [ByteBuffer]

  public init(json: ByteBuffer, attachments: [ByteBuffer] = []) {
    self.json = json
    self.attachments = attachments
  }

  public init(json: String, attachments: [ByteBuffer] = []) {
    self.init(json: ByteBuffer(string: json), attachments: attachments)
  }
}
