import Glibc
import NIOCore
import NIOPosix

/// A regular file that is open for reading for as long as something refers to it, also when its name is gone meanwhile.
public final class FileContent: Sendable {
  /// Bytes of one piece of a stream.
  static let pieceSize = 64 << 10

  private let descriptor: CInt
  /// Bytes, when it was opened.
  public let length: Int

  /// Opens a file. It may block for as long as the disk does: not on an event loop.
  ///
  /// - Throws: `FileError` where it can't be opened, or is no regular file.
  public init(path: String) throws {
    descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
    guard descriptor >= 0 else { throw FileError(operation: "open", code: errno) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw FileError(operation: "read", code: EINVAL)
    }
    length = status.st_size
  }

  deinit { close(descriptor) }

  /// The bytes of a range, read on NIO's threads for blocking work, a piece at a time.
  ///
  /// - Throws: `FileError` while it is read, also where the file is shorter by now.
  public func stream(_ range: Range<Int>) -> BodyStream { BodyStream(Pieces(file: self, range: range)) }

  private struct Pieces: AsyncSequence, Sendable {
    typealias Element = ByteBuffer
    typealias Failure = any Error

    let file: FileContent
    let range: Range<Int>

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(file: file, rest: range) }

    struct AsyncIterator: AsyncIteratorProtocol {
      let file: FileContent
      var rest: Range<Int>

      mutating func next() async throws -> ByteBuffer? {
        guard !rest.isEmpty else { return nil }
        let file = file
        let offset = rest.lowerBound
        let count = Swift.min(rest.count, FileContent.pieceSize)
        let piece = try await NIOSingletons.posixBlockingThreadPool.runIfActive {
          try file.read(count, at: offset)
        }
        rest = offset + piece.readableBytes..<rest.upperBound
        return piece
      }
    }
  }

  private func read(_ count: Int, at offset: Int) throws -> ByteBuffer {
    var buffer = ByteBufferAllocator().buffer(capacity: count)
    let taken = try buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: count) { target in
      while true {
        let result = pread(descriptor, target.baseAddress, count, off_t(offset))
        if result > 0 { return result }
        guard result < 0, errno == EINTR else { throw FileError(operation: "read", code: result < 0 ? errno : ENODATA) }
      }
    }
    return taken > 0 ? buffer : ByteBuffer()
  }
}

/// Why a file could not be opened or read.
public struct FileError: Error, CustomStringConvertible {
  /// `open` or `read`.
  public let operation: String
  /// An errno.
  public let code: CInt

  public var description: String { "\(operation) failed: \(String(cString: strerror(code)))" }
}
