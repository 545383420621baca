import CEpoll
import Glibc

/// A system call that failed.
public struct SystemError: Error, CustomStringConvertible {
  public let call: StaticString
  public let code: CInt

  init(_ call: StaticString) {
    self.call = call
    self.code = errno
  }

  public var description: String { "\(call): \(String(cString: strerror(code)))" }
}

/// epoll, level-triggered. Each descriptor has a number by which it is told of.
struct Poller: ~Copyable {
  struct Interest: OptionSet {
    let rawValue: UInt32
    static let reading = Interest(rawValue: EPOLLIN.rawValue)
    static let writing = Interest(rawValue: EPOLLOUT.rawValue)
  }

  private let descriptor: CInt
  private var events = [epoll_event](repeating: epoll_event(), count: 512)

  init() throws {
    descriptor = epoll_create1(0)
    guard descriptor >= 0 else { throw SystemError("epoll_create1") }
  }

  deinit {
    Glibc.close(descriptor)
  }

  /// - Returns: Whether the descriptor can be waited for: a file can't.
  @discardableResult
  func add(_ watched: CInt, number: Int, _ interest: Interest) -> Bool {
    control(EPOLL_CTL_ADD, watched, number, interest)
  }

  func change(_ watched: CInt, number: Int, _ interest: Interest) {
    _ = control(EPOLL_CTL_MOD, watched, number, interest)
  }

  func remove(_ watched: CInt) {
    _ = control(EPOLL_CTL_DEL, watched, 0, [])
  }

  private func control(_ operation: CInt, _ watched: CInt, _ number: Int, _ interest: Interest) -> Bool {
    var event = epoll_event()
    event.events = interest.rawValue
    event.data.u64 = UInt64(number)
    return epoll_ctl(descriptor, operation, watched, &event) == 0
  }

  /// Waits until something is ready or the time has come.
  ///
  /// - Parameter until: On ``MonotonicClock``; to the kernel's timer slack of 50 µs.
  /// - Returns: How many are ready; ``number(ready:)`` says which.
  mutating func wait(until: UInt64) -> Int {
    let now = MonotonicClock.now()
    let rest = until > now ? until - now : 0
    var timeout = timespec(tv_sec: Int(rest / 1_000_000_000), tv_nsec: Int(rest % 1_000_000_000))
    let count = events.withUnsafeMutableBufferPointer {
      epoll_pwait2(descriptor, $0.baseAddress, CInt($0.count), &timeout, nil)
    }
    // A signal may cut the wait short: the caller looks at the clock anyway.
    return max(0, Int(count))
  }

  func number(ready index: Int) -> Int {
    Int(events[index].data.u64)
  }
}
