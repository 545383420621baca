import COpenSSL

/// A SHA-256 sized authentication code: 32 bytes.
struct Digest: Sendable {
  /// The bytes in memory order, eight a word.
  var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)

  /// Whether both are the same. Takes the same time wherever they differ, so that a forger learns nothing from it.
  func matches(_ other: Digest) -> Bool {
    let difference =
      (words.0 ^ other.words.0) | (words.1 ^ other.words.1) | (words.2 ^ other.words.2) | (words.3 ^ other.words.3)
    return difference == 0
  }

  func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
    try withUnsafeBytes(of: words, body)
  }
}

/// libcrypto could not do what it never fails to do with valid arguments: out of memory, or no SHA-256 provider.
struct CryptographyError: Error, CustomStringConvertible {
  let operation: StaticString
  var description: String { "libcrypto failed in \(operation)" }
}

/// A key for HMAC-SHA-256 (RFC 2104), set up once, so that a code costs a copy of the prepared state and the hashing.
///
/// `@unchecked Sendable`: `prepared` is written in `init` only. Afterwards it is only the source of
/// `EVP_MAC_CTX_dup`, which takes it as const and counts references to the shared algorithm atomically.
final class HMACKey: @unchecked Sendable {
  private let prepared: OpaquePointer

  init(_ key: some Collection<UInt8>) throws {
    guard let algorithm = EVP_MAC_fetch(nil, "HMAC", nil) else { throw CryptographyError(operation: "EVP_MAC_fetch") }
    defer { EVP_MAC_free(algorithm) }
    guard let context = EVP_MAC_CTX_new(algorithm) else { throw CryptographyError(operation: "EVP_MAC_CTX_new") }
    let started = Array(key).withUnsafeBufferPointer { key in
      // The digest's name is only read, though the parameter's type does not say so.
      var name = Array("SHA256".utf8CString)
      return name.withUnsafeMutableBufferPointer { name in
        let parameters = [OSSL_PARAM_construct_utf8_string("digest", name.baseAddress, 0), OSSL_PARAM_construct_end()]
        return EVP_MAC_init(context, key.baseAddress, key.count, parameters)
      }
    }
    guard started == 1 else {
      EVP_MAC_CTX_free(context)
      throw CryptographyError(operation: "EVP_MAC_init")
    }
    prepared = context
  }

  deinit { EVP_MAC_CTX_free(prepared) }

  /// A key of its own for one purpose, so that a code made for one is never good for another.
  convenience init(secret: some Collection<UInt8>, label: String) throws {
    let root = try HMACKey(secret)
    let derived = try Array(label.utf8).withUnsafeBytes { try root.code(for: $0) }
    try self.init(derived.withBytes { Array($0) })
  }

  func code(for message: UnsafeRawBufferPointer) throws -> Digest {
    guard let context = EVP_MAC_CTX_dup(prepared) else { throw CryptographyError(operation: "EVP_MAC_CTX_dup") }
    defer { EVP_MAC_CTX_free(context) }
    var digest = Digest()
    let done = withUnsafeMutableBytes(of: &digest.words) { output in
      var length = 0
      let bytes = output.assumingMemoryBound(to: UInt8.self)
      return EVP_MAC_update(context, message.assumingMemoryBound(to: UInt8.self).baseAddress, message.count) == 1
        && EVP_MAC_final(context, bytes.baseAddress, &length, bytes.count) == 1
        && length == bytes.count
    }
    guard done else { throw CryptographyError(operation: "EVP_MAC_final") }
    return digest
  }
}
