import NIOCore

/// What is played with bytes that somebody made up: by libFuzzer, and by the Swift tests with what is known
/// (SeedTests). A crash is a finding, and so is a ``Finding``.
enum Target: String, CaseIterable {
  /// A client's bytes on a WebSocket, up to whole messages.
  case webSocket = "websocket"
  /// The body of a POST.
  case payload
  /// Engine.IO packets into both state machines, with the application's decisions between them.
  case session
  /// The `auth` of a client that wants its state back, private ids and offsets.
  case recovery
  /// The head of an HTTP request, for Engine.IO and for the API.
  case head
  /// The path, the query and a header parameter of an operation.
  case parameters
  /// The JSON of a body, by the generated types.
  case json
  /// JSON by the decoders of what specs seldom say: choices, whole schemas, odd names.
  case decoders
  /// The payload of a durable event that another node has encoded.
  case position
  /// The body of a form.
  case multipart
  /// JSON, UTF-8, base64url and percent-encoding, byte by byte.
  case bytes
  /// What another node, or somebody else's program, has published in Redis.
  case cluster
  /// A folder of specs, through the whole compiler.
  case spec
  /// An OpenAPI document of others, through the same.
  case foreign

  /// - Throws: ``Finding`` where something does not hold.
  func play(_ bytes: ByteBuffer) throws {
    switch self {
    case .webSocket: try WebSocketTarget.play(bytes)
    case .payload: try PayloadTarget.play(bytes)
    case .session: try SessionTarget.play(bytes)
    case .recovery: try RecoveryTarget.play(bytes)
    case .head: try HeadTarget.play(bytes)
    case .parameters: try ParametersTarget.play(bytes)
    case .json: try JSONTarget.play(bytes)
    case .decoders: try DecoderTarget.play(bytes)
    case .position: try PositionTarget.play(bytes)
    case .multipart: try MultipartTarget.play(bytes)
    case .bytes: try BytesTarget.play(bytes)
    case .cluster: try ClusterTarget.play(bytes)
    case .spec: try SpecTarget.play(bytes)
    case .foreign: try ForeignSpecTarget.play(bytes)
    }
  }
}

/// Something does not hold.
struct Finding: Error, CustomStringConvertible {
  let description: String
}

func check(
  _ condition: @autoclosure () throws -> Bool, _ what: String = "", line: UInt = #line, file: StaticString = #fileID
) throws {
  if try !condition() { throw Finding(description: "\(file):\(line) \(what)") }
}
