import CThreads
import Glibc

/// Wakes a thread that waits in poll(2): an eventfd.
package final class WakeUp: Sendable {
  package let descriptor: Int32

  package init() throws(ThreadError) {
    descriptor = eventfd(0, Int32(EFD_NONBLOCK | EFD_CLOEXEC))
    guard descriptor >= 0 else { throw ThreadError("no eventfd", code: errno) }
  }

  deinit { close(descriptor) }

  /// Wakes the thread, now or when it next waits. Any thread may call it.
  package func signal() { _ = eventfd_write(descriptor, 1) }

  /// Forgets the signals so far.
  package func clear() {
    var count: eventfd_t = 0
    _ = eventfd_read(descriptor, &count)
  }

  /// Waits for a signal, or for events on `other`, until the deadline. Returns the events seen on `other`.
  /// A wait may end early without an event: callers look at their state again.
  package func wait(
    watching other: Int32 = -1, for events: Int32 = POLLIN, until deadline: ContinuousClock.Instant? = nil
  ) -> Int32 {
    var descriptors = (
      pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0), pollfd(fd: other, events: Int16(events), revents: 0)
    )
    withUnsafeMutableBytes(of: &descriptors) { bytes in
      // poll(2) skips a negative descriptor.
      _ = poll(bytes.bindMemory(to: pollfd.self).baseAddress, 2, deadline.map(WakeUp.milliseconds(until:)) ?? -1)
    }
    if descriptors.0.revents != 0 { clear() }
    return Int32(descriptors.1.revents)
  }

  /// The time left in milliseconds, rounded up so that a wait does not end just before it is due.
  package static func milliseconds(until deadline: ContinuousClock.Instant) -> Int32 {
    let left = deadline - .now
    guard left > .zero else { return 0 }
    let (seconds, attoseconds) = left.components
    return Int32(clamping: seconds * 1_000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
  }
}
