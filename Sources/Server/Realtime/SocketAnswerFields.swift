import NIOHTTP1
import Synchronization

/// The header fields that answers under `/socket.io/` have in common with all others of this server.
final class SocketAnswerFields: Sendable {
  private static let fixed = HTTPHeaders(
    lines: String(buffer: ResponseHead.fixedFields) + "Cache-Control: no-store\r\n")

  private let randomness = Mutex(WeakRandomness(seed: .random(in: .min ... .max)))

  func fields(to request: HTTPRequestHead, _ status: HTTPResponseStatus) -> HTTPHeaders {
    // What tells a browser how to treat content has nothing to say of a WebSocket.
    var fields = status == .switchingProtocols ? HTTPHeaders() : Self.fixed
    let requestID =
      RequestID.accept(request.headers.first(name: "x-request-id"))
      ?? randomness.withLock { RequestID.make(using: &$0) }
    fields.add(name: "X-Request-Id", value: requestID)
    return fields
  }
}

extension HTTPHeaders {
  /// Cuts fields, each with its line's end.
  fileprivate init(lines: String) {
    self.init()
    for line in lines.split(separator: "\r\n") {
      guard let colon = line.firstIndex(of: ":") else { continue }
      self.add(name: String(line[..<colon]), value: line[line.index(after: colon)...].drop { $0 == " " }.description)
    }
  }
}
