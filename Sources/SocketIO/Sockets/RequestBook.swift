import NIOCore

/// The requests of the server that a client has not acknowledged yet.
///
/// Each has a timer of its own: unlike pings there are few, and their times differ.
final class RequestBook {
  struct Pending: Sendable {
    let id: UInt64
    let deadline: NIODeadline
    let complete: @Sendable (Result<Arguments, RequestError>) -> Void
  }

  private var pending: [UInt64: (Pending, Scheduled<Void>)] = [:]
  private(set) var next: UInt64

  init(next: UInt64 = 0) {
    self.next = next
  }

  /// - Returns: The id that the client is to acknowledge.
  func add(
    deadline: NIODeadline, on eventLoop: any EventLoop,
    complete: @escaping @Sendable (Result<Arguments, RequestError>) -> Void
  ) -> UInt64 {
    let id = self.next
    self.next += 1
    self.add(Pending(id: id, deadline: deadline, complete: complete), on: eventLoop)
    return id
  }

  func add(_ request: Pending, on eventLoop: any EventLoop) {
    let timeout = eventLoop.assumeIsolated().scheduleTask(deadline: request.deadline) {
      self.finish(request.id, .failure(RequestError(code: .timeout, message: "no acknowledgement in time")))
    }
    self.pending[request.id] = (request, timeout)
  }

  /// Does nothing for an id that nobody waits for.
  func finish(_ id: UInt64, _ result: Result<Arguments, RequestError>) {
    guard let (request, timeout) = self.pending.removeValue(forKey: id) else { return }
    timeout.cancel()
    request.complete(result)
  }

  func failAll(_ error: RequestError) {
    for id in self.pending.keys.sorted() { self.finish(id, .failure(error)) }
  }

  /// Gives all away to a book on another loop.
  func takeAll() -> [Pending] {
    let requests = self.pending.values.map { request, timeout in
      timeout.cancel()
      return request
    }
    self.pending = [:]
    return requests.sorted { $0.id < $1.id }
  }
}

/// Why a request to a client got no answer.
public struct RequestError: Error, CustomStringConvertible {
  /// Grows: don't switch over it without a default.
  public struct Code: Hashable, Sendable {
    fileprivate enum Wrapped { case timeout, disconnected }
    fileprivate let wrapped: Wrapped

    /// The client did not acknowledge in time. It may still have got the event.
    public static let timeout = Code(wrapped: .timeout)
    /// There is no such socket, or it lost its connection meanwhile.
    public static let disconnected = Code(wrapped: .disconnected)
  }

  public let code: Code
  public let message: String

  public var description: String { "\(self.code.wrapped): \(self.message)" }

  static let noConnection = RequestError(code: .disconnected, message: "the socket has no connection")
}
