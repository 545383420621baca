import NIOCore

/// Takes a body of multipart/form-data apart (RFC 7578, RFC 2046 §5.1) as it comes: bytes in, what they say out, with no
/// more kept than a part's header fields and a delimiter that is cut in two.
public struct MultipartParser: Sendable {
  /// What a part says of itself.
  public struct PartHead: Sendable, Equatable {
    /// Of the form's field.
    public var name: String
    /// As the client has it: not to be used as a path.
    public var filename: String?
    /// As the client says it; nil is text/plain (RFC 7578 §4.4).
    public var contentType: String?
  }

  public enum Event: Sendable, Equatable {
    /// A part begins. The one before it has ended.
    case part(PartHead)
    /// More of the part.
    case data(ByteBuffer)
    /// The last part has ended; what follows is ignored.
    case end
  }

  private enum State {
    /// Before the first delimiter, where nothing is said.
    case preamble
    /// Behind a delimiter: the end of its line, or of all.
    case delimited
    case fields
    case data
    case ended
  }

  /// Bytes that a part's fields may have, and the preamble.
  public static let fieldLimit = 8 << 10

  private let delimiter: [UInt8]
  private let partLimit: Int
  private var state = State.preamble
  private var parts = 0
  /// What can't be judged yet.
  private var pending: ByteBuffer
  /// How many bytes of it are known not to end a part's fields, and how many the preamble had.
  private var searched = 0
  private var skipped = 0

  /// - Parameters:
  ///   - contentType: of the body, with its `boundary`.
  ///   - partLimit: how many parts there may be.
  /// - Throws: `ProblemDetails` `unsupported_media_type`, also for a boundary that is none.
  public init(contentType: String?, partLimit: Int) throws(ProblemDetails) {
    guard let boundary = contentType.flatMap(Self.boundary) else {
      throw ProblemDetails(
        "unsupported_media_type", "Send the body with `Content-Type: multipart/form-data; boundary=…`.")
    }
    delimiter = Array("\r\n--\(boundary)".utf8)
    self.partLimit = partLimit
    // The first delimiter may stand at the very beginning, as if a line had ended before it.
    pending = ByteBuffer(string: "\r\n")
  }

  /// Reads on.
  ///
  /// - Throws: `ProblemDetails` `malformed_body`; the parser is of no more use then.
  public mutating func read(_ bytes: ByteBuffer) throws(ProblemDetails) -> [Event] {
    guard state != .ended else { return [] }
    pending.writeImmutableBuffer(bytes)
    var events: [Event] = []
    while try step(&events) {}
    // What is left is little, while the events may keep the rest alive.
    if pending.readerIndex > 0 { pending = ByteBuffer(bytes: pending.readableBytesView) }
    return events
  }

  /// The body has come whole.
  ///
  /// - Throws: `ProblemDetails` `malformed_body` if it ends within a part.
  public func finish() throws(ProblemDetails) {
    guard state == .ended else { throw Self.malformed("it ends before its last delimiter") }
  }

  // MARK: - Steps

  /// - Returns: whether there may be more to read.
  private mutating func step(_ events: inout [Event]) throws(ProblemDetails) -> Bool {
    switch state {
    case .preamble:
      if let index = indexOfDelimiter() {
        pending.moveReaderIndex(forwardBy: index + delimiter.count)
        state = .delimited
        return true
      }
      let count = max(pending.readableBytes - delimiter.count + 1, 0)
      pending.moveReaderIndex(forwardBy: count)
      skipped += count
      guard skipped <= Self.fieldLimit else { throw Self.malformed("it does not begin with its boundary") }
      return false
    case .delimited: return try readDelimiterEnd(&events)
    case .fields: return try readFields(&events)
    case .data:
      let index = indexOfDelimiter()
      // The end of what has come may be the beginning of a delimiter.
      let count = index ?? max(pending.readableBytes - delimiter.count + 1, 0)
      if count > 0, let data = pending.readSlice(length: count) { events.append(.data(data)) }
      guard index != nil else { return false }
      pending.moveReaderIndex(forwardBy: delimiter.count)
      state = .delimited
      return true
    case .ended: return false
    }
  }

  private mutating func readDelimiterEnd(_ events: inout [Event]) throws(ProblemDetails) -> Bool {
    let bytes = pending.readableBytesView
    guard bytes.count >= 2 else { return false }
    if bytes.starts(with: "--".utf8) {
      state = .ended
      pending.clear()
      events.append(.end)
      return false
    }
    // RFC 2046 §5.1.1: transports may have padded the line.
    let rest = bytes.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
    // However it is cut.
    guard rest.startIndex - bytes.startIndex <= 100 else { throw Self.malformed("a delimiter's line does not end") }
    guard rest.count >= 2 else { return false }
    guard rest.starts(with: "\r\n".utf8) else { throw Self.malformed("a delimiter's line does not end") }
    // The line's end stays: where there are no fields, it is the empty line's.
    pending.moveReaderIndex(to: rest.startIndex)
    parts += 1
    guard parts <= partLimit else { throw Self.malformed("it has more than \(partLimit) parts") }
    state = .fields
    return true
  }

  private mutating func readFields(_ events: inout [Event]) throws(ProblemDetails) -> Bool {
    let bytes = pending.readableBytesView
    let emptyLine = Array("\r\n\r\n".utf8)
    guard let end = Self.index(of: emptyLine, in: bytes.prefix(Self.fieldLimit), from: searched) else {
      guard bytes.count < Self.fieldLimit else { throw Self.malformed("the fields of a part are too long") }
      searched = max(bytes.count - emptyLine.count + 1, 0)
      return false
    }
    searched = 0
    let text = String(decoding: bytes.prefix(end), as: UTF8.self)
    pending.moveReaderIndex(forwardBy: end + emptyLine.count)
    events.append(.part(try Self.head(text)))
    state = .data
    return true
  }

  // MARK: - Fields

  private static func head(_ text: String) throws(ProblemDetails) -> PartHead {
    var head: PartHead?
    var contentType: String?
    for line in text.split(separator: "\r\n") {
      guard let colon = line.firstIndex(of: ":") else { throw malformed("a part has a field without a colon") }
      let value = line[line.index(after: colon)...].trimmingWhitespace()
      switch line[..<colon].lowercased() {
      case "content-disposition":
        let (kind, parameters) = Self.parameters(String(value))
        guard kind == "form-data", let name = parameters["name"] else {
          throw malformed("a part's Content-Disposition is `form-data; name=…`")
        }
        head = PartHead(name: name, filename: parameters["filename"])
      case "content-type": contentType = String(value)
      default: break
      }
    }
    guard var head else { throw malformed("a part has no Content-Disposition") }
    head.contentType = contentType
    return head
  }

  /// The boundary of a Content-Type: 1 to 70 characters of RFC 2046 §5.1.1.
  private static func boundary(_ contentType: String) -> String? {
    let (type, parameters) = Self.parameters(contentType)
    guard type == "multipart/form-data", let boundary = parameters["boundary"], (1...70).contains(boundary.utf8.count),
      boundary.utf8.last != UInt8(ascii: " ")
    else { return nil }
    let marks = "'()+_,-./:=? ".utf8
    let isValid = boundary.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
        UInt8(ascii: "A")...UInt8(ascii: "Z"):
        true
      default: marks.contains(byte)
      }
    }
    return isValid ? boundary : nil
  }

  /// What stands before the first semicolon, in lower case, and the parameters behind it, the first of each name.
  private static func parameters(_ value: String) -> (String, [String: String]) {
    var rest = value[...]
    let kind = rest.prefix { $0 != ";" }
    rest = rest[kind.endIndex...]
    var parameters: [String: String] = [:]
    while rest.first == ";" {
      rest = rest.dropFirst()
      let name = rest.prefix { $0 != "=" && $0 != ";" }
      rest = rest[name.endIndex...]
      guard rest.first == "=" else { continue }
      rest = rest.dropFirst()
      while let first = rest.first, first == " " || first == "\t" { rest = rest.dropFirst() }
      let text: String
      if rest.first == "\"" {
        text = quoted(&rest)
        rest = rest.drop { $0 != ";" }
      } else {
        let token = rest.prefix { $0 != ";" }
        rest = rest[token.endIndex...]
        text = String(token.trimmingWhitespace())
      }
      let key = name.trimmingWhitespace().lowercased()
      if parameters[key] == nil { parameters[key] = text }
    }
    return (kind.trimmingWhitespace().lowercased(), parameters)
  }

  /// A quoted string. Only quotes and backslashes are escaped by a backslash: browsers leave it as it is before all else.
  private static func quoted(_ rest: inout Substring) -> String {
    rest = rest.dropFirst()
    var text = ""
    while let character = rest.popFirst(), character != "\"" {
      if character == "\\", let next = rest.first, next == "\"" || next == "\\" {
        text.append(next)
        rest = rest.dropFirst()
      } else {
        text.append(character)
      }
    }
    return text
  }

  // MARK: - Searching

  private func indexOfDelimiter() -> Int? { Self.index(of: delimiter, in: pending.readableBytesView) }

  /// How many bytes stand before the first `wanted`, which begins with a carriage return.
  private static func index(of wanted: [UInt8], in bytes: ByteBufferView, from first: Int = 0) -> Int? {
    let found: Int?? = bytes.withContiguousStorageIfAvailable { bytes in
      var start = first
      while bytes.count - start >= wanted.count {
        guard let found = bytes[start...].firstIndex(of: UInt8(ascii: "\r")), bytes.count - found >= wanted.count else {
          return nil
        }
        if bytes[found..<found + wanted.count].elementsEqual(wanted) { return found }
        start = found + 1
      }
      return nil
    }
    return found ?? nil
  }

  private static func malformed(_ what: String) -> ProblemDetails {
    ProblemDetails("malformed_body", "The body is no multipart/form-data: \(what).")
  }
}
