import Bytes

/// A place in a list of messages, and the moment that it was read at: in another history the seqs are others'.
struct MarkedCursor: Equatable {
  let cursor: MessageCursor
  let mark: HistoryMark

  init(cursor: MessageCursor, mark: HistoryMark) {
    self.cursor = cursor
    self.mark = mark
  }

  init?(_ text: String) {
    guard let mark = HistoryMark(text.prefix(HistoryMark.length)),
      let cursor = MessageCursor(String(text.dropFirst(HistoryMark.length)))
    else { return nil }
    self.init(cursor: cursor, mark: mark)
  }

  var text: String { mark.text + cursor.text }
}

/// Where a list of messages goes on, and in which direction: `b120` and `a100`, in base64url.
enum MessageCursor: Equatable {
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
