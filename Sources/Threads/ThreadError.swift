import Glibc

/// The system has no thread, or no descriptor, left.
package struct ThreadError: Error, Sendable, CustomStringConvertible {
  package let description: String

  // Called right after the call that failed: `code` is its errno.
  init(_ what: String, code: Int32) {
    description = "\(what): \(String(cString: strerror(code)))"
  }
}
