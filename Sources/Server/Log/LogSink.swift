import Glibc
import NIOConcurrencyHelpers
import NIOCore

/// Where all log lines of the process come together: a bounded buffer that a thread of its own writes to a descriptor,
/// so that no event loop ever waits for the reader of a pipe, and many lines share one system call.
final class LogSink: Sendable {
  /// Bytes that may wait. Beyond it lines are dropped, and their number is told: a blocked log must not eat the memory.
  static let capacity = 4 << 20

  private struct State {
    var pending = ByteBuffer()
    var dropped = 0
    var isClosed = false
  }

  private let descriptor: CInt
  private let state = NIOLockedValueBox(State())
  /// The condition's value says whether the writer has something to do.
  private let work = ConditionLock(value: false)
  private let writer: NIOLockedValueBox<pthread_t?> = NIOLockedValueBox(nil)

  /// - Parameter descriptor: written to, never closed.
  init(descriptor: CInt) {
    self.descriptor = descriptor
    let unmanaged = Unmanaged.passRetained(self)
    var thread = pthread_t()
    let failure = pthread_create(
      &thread, nil,
      { argument in
        guard let argument else { return nil }
        Unmanaged<LogSink>.fromOpaque(argument).takeRetainedValue().run()
        return nil
      }, unmanaged.toOpaque())
    if failure == 0 {
      writer.withLockedValue { $0 = thread }
    } else {
      // Without a thread lines are written where they are made.
      unmanaged.release()
      state.withLockedValue { $0.isClosed = true }
    }
  }

  /// Takes whole lines, each with its line feed.
  func write(_ lines: ByteBuffer) {
    let isDirect = state.withLockedValue { state in
      if state.isClosed { return true }
      if state.pending.readableBytes + lines.readableBytes > Self.capacity {
        state.dropped += 1
      } else {
        state.pending.writeImmutableBuffer(lines)
      }
      return false
    }
    if isDirect { Self.write(lines, to: descriptor) } else { wake() }
  }

  /// Writes what is left and ends the thread. Lines that come later are written at once.
  func close() {
    state.withLockedValue { $0.isClosed = true }
    wake()
    let thread = writer.withLockedValue { writer in
      defer { writer = nil }
      return writer
    }
    if let thread { pthread_join(thread, nil) }
  }

  private func wake() {
    work.lock()
    work.unlock(withValue: true)
  }

  private func run() {
    while true {
      work.lock(whenValue: true)
      work.unlock(withValue: false)
      let (lines, dropped, isClosed) = state.withLockedValue { state in
        defer {
          state.pending = ByteBuffer()
          state.dropped = 0
        }
        return (state.pending, state.dropped, state.isClosed)
      }
      Self.write(lines, to: descriptor)
      if dropped > 0 {
        let notice = "{\"level\":\"warning\",\"label\":\"log\",\"message\":\"lines dropped\",\"count\":\(dropped)}\n"
        Self.write(ByteBuffer(string: notice), to: descriptor)
      }
      if isClosed { return }
    }
  }

  private static func write(_ lines: ByteBuffer, to descriptor: CInt) {
    lines.withUnsafeReadableBytes { bytes in
      var offset = 0
      while offset < bytes.count, let base = bytes.baseAddress {
        let count = Glibc.write(descriptor, base + offset, bytes.count - offset)
        if count < 0 {
          // Nobody to tell: the log itself is gone.
          guard errno == EINTR else { return }
          continue
        }
        offset += count
      }
    }
  }
}
