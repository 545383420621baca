import Bytes

/// Where a list of messages goes on, and in which direction: `b120` and `a100`, in base64url.
enum MessageCursor: ListPlace {
  /// Newest first, below this seq and, where the list has such a bound, above the other.
  case before(Int, after: Int)
  /// Oldest first, above this seq.
  case after(Int)

  init?(_ text: String) {
    guard let bytes = Base64URL.decode(text), let kind = bytes.first else { return nil }
    let numbers = String(decoding: bytes.dropFirst(), as: UTF8.self).split(
      separator: ",", omittingEmptySubsequences: false
    )
    .map { Int($0) }
    switch (kind, numbers.count) {
    case (UInt8(ascii: "b"), 2):
      guard let seq = numbers[0], let bound = numbers[1], seq >= 0, bound >= 0 else { return nil }
      self = .before(seq, after: bound)
    case (UInt8(ascii: "a"), 1):
      guard let seq = numbers[0], seq >= 0 else { return nil }
      self = .after(seq)
    default: return nil
    }
  }

  var text: String {
    switch self {
    case .before(let seq, let bound): Base64URL.encode("b\(seq),\(bound)".utf8)
    case .after(let seq): Base64URL.encode("a\(seq)".utf8)
    }
  }
}
