import Bytes
import ProtocolRuntime

/// The chat that a page of chats begins behind: its updated_at and id, in base64url.
struct ChatCursor: ListPlace {
  let updatedAt: Timestamp
  let id: UUID

  init(updatedAt: Timestamp, id: UUID) {
    self.updatedAt = updatedAt
    self.id = id
  }

  init?(_ text: String) {
    guard let bytes = Base64URL.decode(text) else { return nil }
    let parts = String(decoding: bytes, as: UTF8.self).split(separator: ",", omittingEmptySubsequences: false)
    // Years that PostgreSQL has, so that no cursor makes a statement fail.
    guard parts.count == 2, let time = Int64(parts[0]), (0...4_102_444_800_000).contains(time), let id = UUID(parts[1])
    else { return nil }
    self.init(updatedAt: Timestamp(millisecondsSinceEpoch: time), id: id)
  }

  var text: String { Base64URL.encode("\(updatedAt.millisecondsSinceEpoch),\(id)".utf8) }
}
