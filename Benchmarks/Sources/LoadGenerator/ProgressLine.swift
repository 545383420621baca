import Glibc

/// A line on standard error that says each second how far a load is.
public struct ProgressLine {
  private let isShown: Bool
  private let begun = MonotonicClock.now()
  private var next: UInt64
  private var width = 0

  /// - Parameter isShown: nil: if standard error is a terminal.
  public init(isShown: Bool? = nil) {
    self.isShown = isShown ?? (isatty(2) == 1)
    next = begun + second
  }

  /// When the line may change again, on ``MonotonicClock``.
  var due: UInt64 { isShown ? next : .max }

  mutating func show(_ text: @autoclosure () -> String, now: UInt64) {
    guard now >= due else { return }
    next = now + second
    let line = "\((now - begun) / second) s: \(text())"
    // What is left of a longer line is wiped.
    write("\r\(line)\(String(repeating: " ", count: max(0, width - line.utf8.count)))")
    width = line.utf8.count
  }

  /// Leaves the line as it is.
  public mutating func finish() {
    if width > 0 { write("\n") }
    width = 0
  }

  private func write(_ text: String) {
    // Nothing depends on whether somebody can see it.
    _ = Array(text.utf8).withUnsafeBytes { Glibc.write(2, $0.baseAddress, $0.count) }
  }
}
