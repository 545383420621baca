import NIOCore
import ProtocolRuntime

/// Sends an answer's body piece by piece, each when the client has taken enough of those before it. On the connection's
/// event loop only.
final class OutgoingBody {
  private enum OutgoingError: Error {
    /// The stream has another length than its head told.
    case length
    /// The client is gone.
    case closed
  }

  private let connection: HTTPConnection
  private let length: Int?
  private let isChunked: Bool
  /// Bytes of the body that were sent.
  private(set) var count = 0

  /// - Parameters:
  ///   - length: what the head tells, in bytes.
  ///   - isChunked: whether its pieces are chunks (RFC 9112 §7.1).
  init(connection: HTTPConnection, length: Int?, isChunked: Bool) {
    self.connection = connection
    self.length = length
    self.isChunked = isChunked
  }

  /// Sends all of it and ends the answer, or the connection where that is impossible.
  func send(_ stream: BodyStream) async {
    do {
      for try await piece in stream where piece.readableBytes > 0 {
        if let length, count + piece.readableBytes > length { throw OutgoingError.length }
        try await writable()
        send(piece)
      }
      if let length, count < length { throw OutgoingError.length }
      if isChunked { connection.sendPiece(ByteBuffer(string: "0\r\n\r\n")) }
      connection.endStream()
    } catch {
      connection.abortStream()
    }
  }

  private func send(_ piece: ByteBuffer) {
    count += piece.readableBytes
    if isChunked {
      connection.sendPiece(ByteBuffer(string: String(piece.readableBytes, radix: 16) + "\r\n"))
      connection.sendPiece(piece)
      connection.sendPiece(ByteBuffer(string: "\r\n"))
    } else {
      connection.sendPiece(piece)
    }
  }

  private func writable() async throws {
    while true {
      let isWritable: Bool? = await withCheckedContinuation { continuation in
        let answer = connection.takesPiece { continuation.resume(returning: false) }
        if answer != false { continuation.resume(returning: answer) }
      }
      switch isWritable {
      case true?: return
      case false?: continue
      case nil: throw OutgoingError.closed
      }
    }
  }
}
