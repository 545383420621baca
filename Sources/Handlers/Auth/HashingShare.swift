import Glibc
import ProtocolRuntime

/// On whose account a password is hashed.
struct HashingShare: Equatable, Sendable {
  /// An IPv4 address, or the first 64 bits of an IPv6 one: a subscriber has all the others of these.
  let address: String
  /// Whoever the password is said to be of: a user, or a name that nobody may have.
  let account: String
  /// Whether this user came in from this address before: such logins have a share of their own.
  let isFamiliar: Bool

  /// - Parameters:
  ///   - address: the client's, as text; what is no IP address is a share as it is.
  ///   - account: what the client calls the account.
  init(address: String, account: String, isFamiliar: Bool = false) {
    self.address = Self.network(of: address)
    self.account = account
    self.isFamiliar = isFamiliar
  }

  static func network(of address: String) -> String {
    var bytes = in6_addr()
    // A zone names an interface of this machine.
    guard inet_pton(AF_INET6, String(address.prefix { $0 != "%" }), &bytes) == 1 else { return address }
    return withUnsafeBytes(of: bytes) { bytes in
      // RFC 4291 §2.5.5.2: ::ffff:192.0.2.1 is an IPv4 address.
      if bytes.prefix(10).allSatisfy({ $0 == 0 }), bytes[10] == 0xFF, bytes[11] == 0xFF {
        return bytes.suffix(4).map(String.init).joined(separator: ".")
      }
      return bytes.prefix(8).map { String($0, radix: 16) }.joined(separator: ":") + "/64"
    }
  }
}
