import NIOCore

/// A body piece by piece, for one reader. Who makes the pieces is held back while they are not taken: reading on is what
/// asks for more.
public struct BodyStream: AsyncSequence, Sendable {
  public typealias Element = ByteBuffer
  public typealias Failure = any Error

  private let pieces: any AsyncSequence<ByteBuffer, any Error> & Sendable
  private let kept: @Sendable (Int) -> Void

  /// - Parameter kept: is told how many bytes of the body its reader keeps, more or less than before, until there are no
  ///   more pieces.
  public init(
    _ pieces: some AsyncSequence<ByteBuffer, any Error> & Sendable, kept: @escaping @Sendable (Int) -> Void = { _ in }
  ) {
    self.pieces = pieces
    self.kept = kept
  }

  /// Tells that so many bytes more are kept by who reads, to be judged with what comes later.
  func keep(_ bytes: Int) {
    if bytes != 0 { kept(bytes) }
  }

  public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(base: pieces.makeAsyncIterator()) }

  public struct AsyncIterator: AsyncIteratorProtocol {
    fileprivate var base: any AsyncIteratorProtocol<ByteBuffer, any Error>

    public mutating func next() async throws -> ByteBuffer? { try await next(isolation: #isolation) }

    public mutating func next(isolation actor: isolated (any Actor)?) async throws -> ByteBuffer? {
      try await base.next(isolation: actor)
    }
  }
}

/// The body of a request.
public enum RequestBody: Sendable {
  /// It has come.
  case whole(ByteBuffer)
  /// It comes: what an operation with ``OperationTraits/Body/stream(_:)`` gets. Reading throws ``ProblemDetails`` for a
  /// body that is too long, too slow or ends early; a handler lets it pass.
  case stream(BodyStream)
}

/// The body of an answer.
public enum ResponseBody: Sendable {
  case bytes(ByteBuffer)
  /// Piece by piece, as the client takes it. Where its length is known, in bytes, it is told (Content-Length); an answer
  /// that then has another one ends the connection, as one does whose stream throws.
  case stream(BodyStream, length: Int?)
  /// Bytes of a file, read as the client takes them.
  case file(FileContent, Range<Int>)

  /// Bytes, where it is known.
  public var length: Int? {
    switch self {
    case .bytes(let bytes): bytes.readableBytes
    case .stream(_, let length): length
    case .file(_, let range): range.count
    }
  }

  /// A part of the same; nil where only the whole can be had.
  ///
  /// - Parameter range: within the body's length.
  public func part(_ range: Range<Int>) -> ResponseBody? {
    switch self {
    case .bytes(let bytes):
      bytes.getSlice(at: bytes.readerIndex + range.lowerBound, length: range.count).map { .bytes($0) }
    case .stream: nil
    case .file(let file, let whole):
      .file(file, whole.lowerBound + range.lowerBound..<whole.lowerBound + range.upperBound)
    }
  }
}
