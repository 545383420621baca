import NIOCore

/// Where a load goes. Only this machine's own loopback addresses are taken: a load generator that could be pointed
/// elsewhere by a slip of the hand is a weapon.
public struct LoopbackAddress: Sendable {
  /// The address as the Host header wants it, such as `127.0.0.1:3000`.
  public let authority: String
  let socketAddress: SocketAddress

  /// - Parameter text: `127.x.y.z:PORT` or `[::1]:PORT`; nil for anything else, names included.
  public init?(_ text: String) {
    guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]),
      (1...65535).contains(port)
    else { return nil }
    var host = String(text[..<colon])
    if host == "[::1]" { host = "::1" }
    guard text.hasPrefix("[::1]:") || host.hasPrefix("127."),
      let address = try? SocketAddress(ipAddress: host, port: port)
    else { return nil }
    self.authority = text
    self.socketAddress = address
  }
}
