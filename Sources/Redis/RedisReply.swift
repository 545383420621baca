import CHiredis
import NIOCore

/// What Redis answers (RESP2).
public enum RedisReply: Sendable, Hashable {
  /// A string of any bytes.
  case bytes(ByteBuffer)
  /// A short text: `OK`, `PONG`.
  case status(String)
  case integer(Int64)
  case null
  case array([RedisReply])
  /// An error inside of an array: what a script or a transaction says of one of its commands. Elsewhere it is thrown.
  case error(RedisError)

  /// The text of a string or status.
  public var string: String? {
    switch self {
    case .bytes(let bytes): String(buffer: bytes)
    case .status(let text): text
    default: nil
    }
  }

  /// The number, also when it is a string's text.
  public var integer: Int64? {
    if case .integer(let number) = self { return number }
    return string.flatMap { Int64($0) }
  }

  public var array: [RedisReply]? {
    if case .array(let elements) = self { return elements }
    return nil
  }
}

extension RedisReply {
  /// Copies what hiredis read. It nests at most nine levels, so this recursion ends.
  init(_ reply: UnsafePointer<redisReply>) throws(RedisError) {
    let fields = reply.pointee
    switch fields.type {
    case REDIS_REPLY_STRING: self = .bytes(ByteBuffer(bytes: RedisReply.contents(fields)))
    case REDIS_REPLY_STATUS: self = .status(String(decoding: RedisReply.contents(fields), as: UTF8.self))
    case REDIS_REPLY_INTEGER: self = .integer(fields.integer)
    case REDIS_REPLY_NIL: self = .null
    case REDIS_REPLY_ERROR:
      self = .error(RedisError(.command, String(decoding: RedisReply.contents(fields), as: UTF8.self)))
    case REDIS_REPLY_ARRAY:
      var elements: [RedisReply] = []
      elements.reserveCapacity(fields.elements)
      for index in 0..<fields.elements {
        guard let element = fields.element[index] else {
          throw RedisError(.protocolViolation, "an array with a hole")
        }
        elements.append(try RedisReply(element))
      }
      self = .array(elements)
    default: throw RedisError(.protocolViolation, "a reply of type \(fields.type)")
    }
  }

  private static func contents(_ reply: redisReply) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(start: reply.str, count: reply.len)
  }
}
