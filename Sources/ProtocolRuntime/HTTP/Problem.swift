import NIOCore

/// One way in which a request breaks its schema.
public struct Violation: Sendable, Equatable {
  /// A JSON Pointer (RFC 6901) into the body, or `/NAME` for a parameter.
  public let pointer: String
  /// The JSON Schema keyword that does not hold: `maxLength`.
  public let keyword: String
  /// What is wrong, for a person.
  public let message: String

  public init(pointer: String, keyword: String, message: String) {
    self.pointer = pointer
    self.keyword = keyword
    self.message = message
  }
}

/// A stable code; the generator makes one enumeration an operation from `x-codes`.
public protocol ProblemCode: RawRepresentable<String>, CaseIterable, Hashable, Sendable {}

/// A handler's refusal: one of its operation's codes, and why.
public struct Refusal<Code: ProblemCode>: Sendable {
  public var code: Code
  /// What is wrong and what to do, for a person.
  public var detail: String
  public var errors: [Violation]
  /// Seconds, for the Retry-After header (RFC 9110 §10.2.3).
  public var retryAfter: Int?

  public init(_ code: Code, _ detail: String, errors: [Violation] = [], retryAfter: Int? = nil) {
    self.code = code
    self.detail = detail
    self.errors = errors
    self.retryAfter = retryAfter
  }
}

/// Thrown by handlers while something that they need is away: answered with 503 `unavailable`.
public struct UnavailableError: Error {
  /// Seconds, for the Retry-After header.
  public var retryAfter: Int
  /// What is away, for a person.
  public var detail: String

  public init(_ detail: String, retryAfter: Int = 1) {
    self.detail = detail
    self.retryAfter = retryAfter
  }
}

/// What a spec's `x-problems` says of each code. The generator makes it, so that status and title stand in the spec only.
public struct ProblemCatalog: Sendable {
  public struct Entry: Sendable {
    public let status: Int
    public let title: String

    public init(status: Int, title: String) {
      self.status = status
      self.title = title
    }
  }

  private let entries: [String: Entry]

  public init(_ entries: [String: Entry]) {
    self.entries = entries
  }

  /// The entry of a code; a code that the spec does not know is a mistake of ours and gets status 500.
  public subscript(code: String) -> Entry {
    entries[code] ?? Entry(status: 500, title: "Internal error")
  }
}

/// Problem details (RFC 9457) with our members `code`, `request_id`, `retry_after` and `errors`. Status and title are the catalog's.
///
/// It is an error too, so that the steps before a handler can end a request with it.
public struct ProblemDetails: Error, Sendable {
  public var code: String
  public var detail: String
  public var errors: [Violation]
  /// Seconds, for the Retry-After header and the member `retry_after`, which an acknowledgement has in its place.
  public var retryAfter: Int?

  public init(_ code: String, _ detail: String, errors: [Violation] = [], retryAfter: Int? = nil) {
    self.code = code
    self.detail = detail
    self.errors = errors
    self.retryAfter = retryAfter
  }

  public init<Code>(_ refusal: Refusal<Code>) {
    self.init(refusal.code.rawValue, refusal.detail, errors: refusal.errors, retryAfter: refusal.retryAfter)
  }

  /// What a thrown error becomes: itself, 503 for an `UnavailableError`, 500 for a fault of ours.
  public init(_ error: any Error) {
    switch error {
    case let problem as ProblemDetails:
      self = problem
    case let error as UnavailableError:
      self.init("unavailable", error.detail, retryAfter: error.retryAfter)
    default:
      self.init("internal_error", "The server made a mistake. It is in its log under the request's id.")
    }
  }

  public func encode(into writer: inout JSONWriter, requestID: String, catalog: ProblemCatalog) {
    let entry = catalog[code]
    writer.raw("{\"type\":\"/problems/")
    writer.unquoted(code)
    writer.raw("\",\"title\":")
    writer.string(entry.title)
    writer.raw(",\"status\":")
    writer.integer(entry.status)
    writer.raw(",\"detail\":")
    writer.string(detail)
    writer.raw(",\"code\":")
    writer.string(code)
    writer.raw(",\"request_id\":")
    writer.string(requestID)
    if let retryAfter {
      writer.raw(",\"retry_after\":")
      writer.integer(retryAfter)
    }
    if !errors.isEmpty {
      writer.raw(",\"errors\":[")
      for (index, error) in errors.enumerated() {
        if index > 0 { writer.raw(",") }
        writer.raw("{\"pointer\":")
        writer.string(error.pointer)
        writer.raw(",\"keyword\":")
        writer.string(error.keyword)
        writer.raw(",\"message\":")
        writer.string(error.message)
        writer.raw("}")
      }
      writer.raw("]")
    }
    writer.raw("}")
  }
}
