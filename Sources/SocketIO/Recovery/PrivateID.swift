import Bytes
import NIOCore

/// What a client must know to have its socket back: the socket's name and 128 random bits, which only that client was
/// told. On the wire 32 characters of base64url. A client that goes to another node keeps it.
struct PrivateID: Hashable {
  let socket: SocketID
  private let high: UInt64
  private let low: UInt64

  init(socket: SocketID) {
    var generator = SystemRandomNumberGenerator()
    self.socket = socket
    self.high = generator.next()
    self.low = generator.next()
  }

  init?(_ text: String) {
    guard let words = Base64URL.decodeWords(text, count: 3) else { return nil }
    self.socket = SocketID(rawValue: words[0])
    self.high = words[1]
    self.low = words[2]
  }

  var text: String { Base64URL.encode(words: [self.socket.rawValue, self.high, self.low]) }
}
