import CThreads
import Glibc

/// A POSIX thread for work that blocks, which must not hold a thread of Swift's cooperative pool or an event loop.
package enum BackgroundThread {
  private final class Box {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }

  /// Starts a detached thread; `name` (at most 15 bytes) shows in `top -H`.
  package static func start(_ name: String, _ body: @escaping @Sendable () -> Void) throws(ThreadError) {
    let box = Unmanaged.passRetained(Box(body))
    var thread = pthread_t()
    let status = pthread_create(&thread, nil, enter, box.toOpaque())
    guard status == 0 else {
      box.release()
      throw ThreadError("no thread can be started", code: status)
    }
    pthread_setname_np(thread, name)
    pthread_detach(thread)
  }

  /// Runs `body` on a thread of its own and waits for what it returns. `failure` says what it means to the caller that
  /// no thread can be started.
  package static func run<Output: Sendable, Failure: Error>(
    _ name: String, orThrow failure: (ThreadError) -> Failure,
    _ body: @escaping @Sendable () throws(Failure) -> Output
  ) async throws(Failure) -> Output {
    try await withUnsafeContinuation { (continuation: UnsafeContinuation<Result<Output, Failure>, Never>) in
      do throws(ThreadError) {
        try start(name) { continuation.resume(returning: Result(catching: body)) }
      } catch {
        continuation.resume(returning: .failure(failure(error)))
      }
    }.get()
  }

  // A free function's pointer: a closure written at top level would belong to the main actor.
  private static let enter: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { argument in
    if let argument { Unmanaged<Box>.fromOpaque(argument).takeRetainedValue().body() }
    return nil
  }
}
