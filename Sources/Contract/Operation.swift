import JSONSchema

/// A REST operation, and what each of its answers owes.
public struct Operation: Sendable {
  public struct Header: Sendable {
    public let name: String
    public let isRequired: Bool
    let schema: SchemaID?
    /// Whether its text is that of a number or a boolean.
    let isText: Bool
  }

  public struct Answer: Sendable {
    public let status: Int
    public let headers: [Header]
    /// By media type, such as `application/json` or `image/*`; empty where there is no content.
    public let content: [String: SchemaID?]
    /// Where a problem says one: the codes that it may say.
    public let codes: [String]
    /// As it stands in the document.
    public let node: JSONValue
  }

  public struct Parameter: Sendable {
    public let name: String
    /// `path`, `query`, `header` or `cookie`.
    public let location: String
    public let isRequired: Bool
    public let place: SchemaPlace
    public let node: JSONValue
  }

  /// The schema of a request's body in JSON.
  public struct Body: Sendable {
    public let place: SchemaPlace
    /// Of its media type, by name.
    public let examples: JSONObject?
  }

  public let id: String
  /// In capitals.
  public let method: String
  /// `/api/chats/{chatId}`
  public let path: String
  public let answers: [Int: Answer]
  public let parameters: [Parameter]
  /// Nil where there is none, or none in JSON.
  public let body: Body?
  /// As it stands in the document.
  public let node: JSONValue
  let segments: [Segment]

  enum Segment: Sendable, Equatable {
    case literal(String)
    case parameter
  }

  /// All codes that it may answer with.
  public var codes: Set<String> { Set(answers.values.flatMap(\.codes)) }

  static func segments(of path: String) -> [Segment] {
    path.split(separator: "/", omittingEmptySubsequences: false).dropFirst().map { part in
      part.hasPrefix("{") && part.hasSuffix("}") ? .parameter : .literal(String(part))
    }
  }

  /// Whether a path, percent-encoded, is one of this operation's.
  func matches(_ parts: [Substring]) -> Bool {
    parts.count == segments.count
      && zip(parts, segments).allSatisfy { part, segment in
        switch segment {
        case .literal(let text): text == part
        case .parameter: !part.isEmpty
        }
      }
  }

  /// Where two paths match, that with the earlier literal is meant (OpenAPI 3.1, Paths Object: concrete before templated).
  func isMoreConcrete(than other: Operation) -> Bool {
    for (one, another) in zip(segments, other.segments) where one != another { return one != .parameter }
    return false
  }
}

/// An event of either side.
public struct Event: Sendable {
  /// `send_message`
  public let name: String
  /// The operation's name in the document.
  public let id: String
  /// From clients.
  public let isReceived: Bool
  let payload: SchemaID
  /// The schema of its payload.
  public let place: SchemaPlace
  /// Of the acknowledgement: each of its messages.
  let replies: [SchemaID]
  /// That a refusal may say.
  public let codes: Set<String>
  /// As they stand in the document: the operation, its message, the messages of its acknowledgement.
  public let node: JSONValue
  public let message: JSONValue
  public let replyMessages: [JSONValue]
}
