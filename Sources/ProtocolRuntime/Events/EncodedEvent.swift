import NIOCore

/// A server event, encoded once for everybody who receives it.
public struct EncodedEvent: Sendable {
  /// `new_message`.
  public let name: String
  /// The Socket.IO event's JSON array: `["new_message",{…}]`.
  public let arguments: ByteBuffer
  /// Whether who can't take it at once may miss it.
  public let isVolatile: Bool

  public init(name: StaticString, payload: some JSONEncodable, isVolatile: Bool = false) {
    self.init(name: name, isVolatile: isVolatile) { payload.encode(into: &$0) }
  }

  /// - Parameter encode: writes the payload, one JSON value.
  public init(name: StaticString, isVolatile: Bool = false, encode: (inout JSONWriter) -> Void) {
    self.name = name.description
    self.isVolatile = isVolatile
    var writer = JSONWriter(capacity: 512)
    writer.raw("[\"")
    writer.raw(name)
    writer.raw("\",")
    encode(&writer)
    writer.raw("]")
    arguments = writer.finish()
  }

  /// An event that was encoded elsewhere.
  public init(name: String, arguments: ByteBuffer) {
    self.name = name
    isVolatile = false
    self.arguments = arguments
  }
}

/// The answer to a client event: `{"ok":true,"data":…}` or `{"ok":false,"error":…}`.
public struct Acknowledgement: Sendable {
  public let isOK: Bool
  /// The code of the problem; nil where `isOK`.
  public let code: String?
  /// One JSON object.
  public let json: ByteBuffer

  /// A success without data.
  public static let done: Acknowledgement = {
    var writer = JSONWriter(capacity: 16)
    writer.raw("{\"ok\":true}")
    return Acknowledgement(isOK: true, code: nil, json: writer.finish())
  }()

  public static func data(_ data: some JSONEncodable) -> Acknowledgement {
    .data { data.encode(into: &$0) }
  }

  public static func data(_ write: (inout JSONWriter) -> Void) -> Acknowledgement {
    var writer = JSONWriter(capacity: 512)
    writer.raw("{\"ok\":true,\"data\":")
    write(&writer)
    writer.raw("}")
    return Acknowledgement(isOK: true, code: nil, json: writer.finish())
  }

  public static func problem(
    _ problem: ProblemDetails, context: RequestContext, catalog: ProblemCatalog
  ) -> Acknowledgement {
    var writer = JSONWriter(capacity: 512)
    writer.raw("{\"ok\":false,\"error\":")
    problem.encode(into: &writer, requestID: context.requestID, catalog: catalog)
    writer.raw("}")
    return Acknowledgement(isOK: false, code: problem.code, json: writer.finish())
  }
}
