import NIOCore
import ProtocolRuntime
import Synchronization

/// The way of a request's body from its connection to the operation that reads it. A few pieces wait here at most, and
/// are counted among what the server holds, as is what the reader keeps; meanwhile the connection is not read.
final class IncomingBody: Sendable {
  private typealias Producer = NIOThrowingAsyncSequenceProducer<
    ByteBuffer, any Error, NIOAsyncSequenceProducerBackPressureStrategies.HighLowWatermark, Reader
  >

  /// Told on any thread.
  private struct Reader: NIOAsyncSequenceProducerDelegate {
    let wantsMore: @Sendable () -> Void
    let hasEnded: @Sendable () -> Void

    func produceMore() { wantsMore() }
    func didTerminate() { hasEnded() }
  }

  /// What waits, or is kept, counted.
  private final class Waiting: Sendable {
    let held: HeldBytes
    let network: String
    private let count = Mutex<Int?>(0)

    init(held: HeldBytes, network: String) {
      self.held = held
      self.network = network
    }

    /// - Returns: false where nobody reads any more.
    @discardableResult
    func add(_ bytes: Int) -> Bool {
      count.withLock { count in
        guard let before = count else { return false }
        count = before + bytes
        held.change(by: bytes, network: network)
        return true
      }
    }

    func take(_ bytes: Int) {
      count.withLock { count in
        guard let before = count else { return }
        count = before - bytes
        held.change(by: -bytes, network: network)
      }
    }

    func end() {
      count.withLock { count in
        if let left = count { held.change(by: -left, network: network) }
        count = nil
      }
    }
  }

  private struct Pieces: AsyncSequence, Sendable {
    typealias Element = ByteBuffer
    typealias Failure = any Error

    let base: Producer
    let waiting: Waiting

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(base: base.makeAsyncIterator(), waiting: waiting) }

    struct AsyncIterator: AsyncIteratorProtocol {
      var base: Producer.AsyncIterator
      let waiting: Waiting

      // NIO's iterator is one of the old kind, which goes where the task likes to run: the same event loop.
      @concurrent mutating func next() async throws -> ByteBuffer? {
        let piece = try await base.next()
        if let piece { waiting.take(piece.readableBytes) }
        return piece
      }
    }
  }

  private let source: Producer.Source
  private let waiting: Waiting
  let stream: BodyStream

  /// - Parameters:
  ///   - network: whose share of what the server may hold it is.
  ///   - wantsMore: it is time to read on. On any thread.
  init(held: HeldBytes, network: String, wantsMore: @escaping @Sendable () -> Void) {
    let waiting = Waiting(held: held, network: network)
    let producer = Producer.makeSequence(
      elementType: ByteBuffer.self, failureType: (any Error).self,
      backPressureStrategy: .init(lowWatermark: 1, highWatermark: 4), finishOnDeinit: true,
      delegate: Reader(wantsMore: wantsMore, hasEnded: waiting.end))
    self.waiting = waiting
    source = producer.source
    stream = BodyStream(Pieces(base: producer.sequence, waiting: waiting)) { waiting.add($0) }
  }

  enum Taken {
    case more
    /// No more for now.
    case enough
    /// Nobody reads it.
    case unread
    /// The server holds too much already.
    case noRoom
  }

  func take(_ piece: ByteBuffer) -> Taken {
    guard waiting.held.hasRoom(for: piece.readableBytes, network: waiting.network) else { return .noRoom }
    guard waiting.add(piece.readableBytes) else { return .unread }
    // A copy: what was read may be a small part of a large buffer.
    switch source.yield(ByteBuffer(bytes: piece.readableBytesView)) {
    case .produceMore: return .more
    case .stopProducing: return .enough
    case .dropped: return .unread
    }
  }

  func finish() { source.finish() }

  func fail(_ error: ProblemDetails) { source.finish(error) }
}
