import NIOCore

/// Finds the answers in the bytes of an HTTP/1.1 connection (RFC 9112 §6). Only what a load generator needs of a head
/// is looked at, so that the generator's own share of the cores stays small: the status, and Content-Length. An
/// answer with another framing is an error, never a guess.
struct ResponseFramer {
  struct Response {
    var status: Int
    var body: ByteBuffer
  }

  enum FramingError: Error, Equatable {
    case malformedHead
    case headTooLong
    /// Neither a Content-Length nor a status that has no body.
    case unknownLength
  }

  /// A head is no longer than this, in octets.
  static let longestHead = 16_384

  private var buffer = ByteBuffer()
  /// The head that was read, while its body is not whole.
  private var head: (status: Int, length: Int)?

  /// Whether nothing is left of an answer.
  var isEmpty: Bool { buffer.readableBytes == 0 && head == nil }

  mutating func append(_ bytes: ByteBuffer) {
    if buffer.readableBytes == 0 {
      buffer = bytes
    } else {
      buffer.writeImmutableBuffer(bytes)
    }
  }

  /// The next whole answer, or nil until there is one.
  mutating func next() throws(FramingError) -> Response? {
    if head == nil { head = try readHead() }
    guard let head, let body = buffer.readSlice(length: head.length) else { return nil }
    self.head = nil
    return Response(status: head.status, body: body)
  }

  private mutating func readHead() throws(FramingError) -> (status: Int, length: Int)? {
    let view = buffer.readableBytesView
    let found: HeadBytes? = view.withContiguousStorageIfAvailable { HeadBytes($0) } ?? nil
    guard let found else {
      if buffer.readableBytes > Self.longestHead { throw .headTooLong }
      return nil
    }
    guard let status = found.status else { throw .malformedHead }
    buffer.moveReaderIndex(forwardBy: found.size)
    // RFC 9110 §6.4.1: these never have a body, whatever their header says.
    if status == 204 || status == 304 { return (status, 0) }
    guard let length = found.contentLength else { throw .unknownLength }
    return (status, length)
  }
}

/// A whole head in the bytes at hand.
private struct HeadBytes {
  /// With the empty line that ends it.
  private(set) var size = 0
  private(set) var status: Int?
  private(set) var contentLength: Int?

  /// - Returns: nil until the empty line is there.
  init?(_ bytes: UnsafeBufferPointer<UInt8>) {
    let (return_, newline) = (UInt8(ascii: "\r"), UInt8(ascii: "\n"))
    var lineStart = 0
    var index = 0
    while index + 1 < bytes.count {
      guard bytes[index] == return_, bytes[index + 1] == newline else {
        index += 1
        continue
      }
      if index == lineStart {
        size = index + 2
        return
      }
      read(line: UnsafeBufferPointer(rebasing: bytes[lineStart..<index]), isFirst: lineStart == 0)
      index += 2
      lineStart = index
    }
    return nil
  }

  private mutating func read(line: UnsafeBufferPointer<UInt8>, isFirst: Bool) {
    if isFirst {
      // HTTP/1.1 200 …
      guard line.count >= 12, line.starts(with: "HTTP/1.1 ".utf8) else { return }
      status = decimal(line[9..<12])
    } else if line.first.map({ $0 | 0x20 }) == UInt8(ascii: "c") {
      let name = "content-length:"
      guard line.count > name.utf8.count, zip(line, name.utf8).allSatisfy({ $0 | 0x20 == $1 | 0x20 }) else { return }
      contentLength = decimal(line[name.utf8.count...].drop { $0 == UInt8(ascii: " ") })
    }
  }
}

/// The number that these digits write; nil if anything else is among them, or nothing, or more than 15 digits.
func decimal(_ digits: some Collection<UInt8>) -> Int? {
  guard !digits.isEmpty, digits.count <= 15 else { return nil }
  var value = 0
  for digit in digits {
    guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
    value = value * 10 + Int(digit - UInt8(ascii: "0"))
  }
  return value
}
