import COpenSSL
import ProtocolRuntime

/// What the original body of an idempotent request is remembered by: the first 64 bits of SHA-256 over its parts.
///
/// 64 bits are enough: who finds two bodies with one hash has found a way to repeat a request of one's own.
struct BodyHash {
  private var bytes: [UInt8] = []

  /// Adds a part; its length goes before it, so that parts don't run into each other. Nil is not the empty text.
  mutating func add(_ part: String?) {
    guard let part else {
      bytes.append(0)
      return
    }
    bytes.append(1)
    withUnsafeBytes(of: UInt32(part.utf8.count).bigEndian) { bytes.append(contentsOf: $0) }
    bytes.append(contentsOf: part.utf8)
  }

  /// The hash as PostgreSQL's bigint.
  var value: Int {
    var digest = [UInt8](repeating: 0, count: Int(SHA256_DIGEST_LENGTH))
    SHA256(bytes, bytes.count, &digest)
    return Int(bitPattern: digest.prefix(8).reduce(UInt(0)) { $0 << 8 | UInt($1) })
  }

  static func of(_ parts: [String?]) -> Int {
    var hash = BodyHash()
    for part in parts { hash.add(part) }
    return hash.value
  }
}
