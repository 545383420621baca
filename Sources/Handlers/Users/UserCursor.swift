import Bytes

/// The username that a page of people begins after, in base64url.
struct UserCursor: Equatable {
  let username: String

  init(username: String) {
    self.username = username
  }

  init?(_ text: String) {
    guard let bytes = Base64URL.decode(text), (1...32).contains(bytes.count) else { return nil }
    for byte in bytes {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"),
        UInt8(ascii: "."):
        continue
      default: return nil
      }
    }
    username = String(decoding: bytes, as: UTF8.self)
  }

  var text: String { Base64URL.encode(username.utf8) }
}
