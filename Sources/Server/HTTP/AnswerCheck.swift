import NIOCore
import ProtocolRuntime

/// Sees every answer when it is sent. It can't change one any more.
protocol AnswerCheck: Sendable {
  /// On the connection's event loop.
  func look(at answer: AnswerInFlight)
}

/// An answer, as its bytes are.
struct AnswerInFlight {
  /// Empty for what never became a request.
  let method: String
  /// Percent-encoded, without the query.
  let path: String
  let status: Int
  /// The code of a problem.
  let code: String?
  /// The status line and the header fields.
  let head: ByteBuffer
  /// Nil for what is sent piece by piece, or not at all.
  let body: ByteBuffer?

  init(_ exchange: HTTPExchange, _ response: Response, head: ByteBuffer, body: ByteBuffer?) {
    method = exchange.method
    path = exchange.target.path
    status = response.status
    code = response.problemCode
    self.head = head
    self.body = body
  }

  /// The header fields as they are sent.
  var fields: [(name: String, value: String)] {
    String(buffer: head).split(separator: "\r\n").dropFirst().compactMap { line in
      let parts = line.split(separator: ": ", maxSplits: 1, omittingEmptySubsequences: false)
      return parts.count == 2 ? (String(parts[0]), String(parts[1])) : nil
    }
  }
}
