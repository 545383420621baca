import NIOCore
import ProtocolRuntime

/// What nodes of this server tell each other beside events: a word, and what it is about.
enum NodeNotice: Equatable {
  /// The channel of all notices.
  static let channel = "letschat-nodes"

  case sessionEnded(UUID)
  /// What this node published was lost: compare heads.
  case look

  init?(_ bytes: ByteBuffer) {
    let words = String(buffer: bytes).split(separator: " ")
    switch (words.first, words.count) {
    case ("look", 1): self = .look
    case ("session-ended", 2):
      guard let session = UUID(String(words[1])) else { return nil }
      self = .sessionEnded(session)
    default: return nil
    }
  }

  var bytes: ByteBuffer {
    switch self {
    case .sessionEnded(let session): ByteBuffer(string: "session-ended \(session)")
    case .look: ByteBuffer(string: "look")
    }
  }
}
