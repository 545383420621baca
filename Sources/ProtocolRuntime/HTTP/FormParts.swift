import NIOCore

/// A field of a form (multipart/form-data), as the spec has it.
public struct FormField: Sendable {
  public var name: StaticString
  public var isRequired: Bool
  /// Its content goes through as it comes; that of any other is collected and checked.
  public var isFile: Bool
  /// How often it may be there.
  public var maxItems: Int
  /// Bytes of each.
  public var limit: Int

  public init(_ name: StaticString, isRequired: Bool, isFile: Bool, maxItems: Int = 1, limit: Int) {
    self.name = name
    self.isRequired = isRequired
    self.isFile = isFile
    self.maxItems = maxItems
    self.limit = limit
  }
}

/// What a file of a form says of itself.
public struct FormFile: Sendable, Equatable {
  /// As the client has it: not to be used as a path.
  public var filename: String?
  /// As the client says it, which proves nothing.
  public var contentType: String?
}

/// A part of a form. The generator makes an enumeration an operation, with a case for each field.
public protocol FormPart: Sendable {
  static var fields: [FormField] { get }
  /// More of the file that came last.
  static func data(_ bytes: ByteBuffer) -> Self
  /// The part of a field whose content has been collected.
  ///
  /// - Parameter parameters: is told what breaks the field's schema; the result is nil then.
  static func text(_ field: Int, _ value: String, _ parameters: inout Parameters) -> Self?
  /// The beginning of a file.
  static func file(_ field: Int, _ file: FormFile) -> Self
}

/// A form's parts as they come, each checked by the spec: a field's value when it is whole, a file's head and then what
/// is in it, piece by piece.
///
/// Reading throws `ProblemDetails`: `malformed_body`, `payload_too_large`, and `validation_failed` for what breaks the
/// schema, at the end also for what is missing. A handler lets them pass.
public struct FormParts<Part: FormPart>: AsyncSequence, Sendable {
  public typealias Element = Part
  public typealias Failure = any Error

  private let body: BodyStream
  private let contentType: String?

  init(_ body: BodyStream, contentType: String?) {
    self.body = body
    self.contentType = contentType
  }

  public func makeAsyncIterator() -> AsyncIterator {
    AsyncIterator(stream: body, body: body.makeAsyncIterator(), form: Form(contentType: contentType))
  }

  public struct AsyncIterator: AsyncIteratorProtocol {
    fileprivate let stream: BodyStream
    fileprivate var body: BodyStream.AsyncIterator
    fileprivate var form: Form<Part>

    public mutating func next() async throws -> Part? {
      while true {
        if let part = form.parts.popFirst() { return part }
        if form.isEnded { return nil }
        guard let bytes = try await body.next() else {
          try form.finish()
          continue
        }
        let before = form.collected
        try form.read(bytes)
        stream.keep(form.collected - before)
      }
    }
  }
}

/// The pure part: bytes in, parts out.
private struct Form<Part: FormPart> {
  var parts = CircularBuffer<Part>()
  private(set) var isEnded = false

  private let contentType: String?
  private var parser: MultipartParser?
  private var counts = [Int](repeating: 0, count: Part.fields.count)
  /// The field whose part comes in, its bytes so far, and what has been collected of it.
  private var field: Int?
  private var size = 0
  private var text = ByteBuffer()

  /// Bytes of the field that comes in.
  var collected: Int { text.readableBytes }

  init(contentType: String?) { self.contentType = contentType }

  mutating func read(_ bytes: ByteBuffer) throws(ProblemDetails) {
    var parser = try currentParser()
    let events = try parser.read(bytes)
    self.parser = parser
    for event in events {
      switch event {
      case .part(let head):
        try endPart()
        try begin(head)
      case .data(let data): try add(data)
      case .end: try endPart()
      }
    }
  }

  private func currentParser() throws(ProblemDetails) -> MultipartParser {
    if let parser { return parser }
    // One more than there may be, so that the part that is too many is named.
    return try MultipartParser(contentType: contentType, partLimit: Part.fields.reduce(1) { $0 + $1.maxItems })
  }

  mutating func finish() throws(ProblemDetails) {
    try currentParser().finish()
    isEnded = true
    let missing = zip(Part.fields, counts).filter { $0.isRequired && $1 == 0 }
    guard missing.isEmpty else {
      throw Parameters.invalid(
        missing.map { Violation(pointer: "/\($0.0.name)", keyword: "required", message: "is required") })
    }
  }

  private mutating func begin(_ head: MultipartParser.PartHead) throws(ProblemDetails) {
    guard let index = Part.fields.firstIndex(where: { $0.name.description == head.name }) else {
      throw Parameters.invalid([
        Violation(
          pointer: "/\(head.name.prefix(100))", keyword: "additionalProperties", message: "is not known here")
      ])
    }
    counts[index] += 1
    guard counts[index] <= Part.fields[index].maxItems else {
      throw Parameters.invalid([
        Violation(
          pointer: "/\(head.name)", keyword: "maxItems",
          message: "must be there at most \(Part.fields[index].maxItems) times")
      ])
    }
    field = index
    size = 0
    if Part.fields[index].isFile {
      parts.append(Part.file(index, FormFile(filename: head.filename, contentType: head.contentType)))
    }
  }

  private mutating func add(_ data: ByteBuffer) throws(ProblemDetails) {
    guard let field else { return }
    size += data.readableBytes
    let limit = Part.fields[field].limit
    guard size <= limit else {
      throw ProblemDetails("payload_too_large", "\(Part.fields[field].name) may have \(limit) bytes.")
    }
    if Part.fields[field].isFile { parts.append(Part.data(data)) } else { text.writeImmutableBuffer(data) }
  }

  private mutating func endPart() throws(ProblemDetails) {
    guard let field else { return }
    self.field = nil
    guard !Part.fields[field].isFile else { return }
    defer { text.clear() }
    guard let value = String(validating: text.readableBytesView, as: UTF8.self) else {
      throw ProblemDetails("malformed_body", "\(Part.fields[field].name) is not UTF-8.")
    }
    var parameters = Parameters(query: nil)
    guard let part = Part.text(field, value, &parameters) else { throw Parameters.invalid(parameters.violations) }
    parts.append(part)
  }
}
