import Bytes
import ProtocolRuntime

/// The person that a page of people begins behind: the text that was found, and the id, in base64url.
struct UserCursor: ListPlace {
  let word: String
  let id: UUID

  init(word: String, id: UUID) {
    self.word = word
    self.id = id
  }

  /// Nil for what no list has given, and for what PostgreSQL does not take for text.
  init?(_ text: String) {
    guard let bytes = Base64URL.decode(text), bytes.count > 36, bytes.count <= 36 + 4 * 64, !bytes.contains(0),
      let id = bytes.withUnsafeBytes({ UUID(ascii: UnsafeRawBufferPointer(rebasing: $0[..<36])) }),
      let word = String(validating: bytes[36...], as: UTF8.self)
    else { return nil }
    self.init(word: word, id: id)
  }

  var text: String { Base64URL.encode((id.description + word).utf8) }
}
