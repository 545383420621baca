import CMalloc
import Glibc

/// The process's memory.
enum Memory {
  /// Lets malloc put what is freed together at once. It keeps small pieces apart in lists (mallopt(3), M_MXFAST) and goes
  /// through all of them whenever something of more than a kilobyte is asked for, which each answer does.
  static func keepTogether() { _ = mallopt(M_MXFAST, 0) }

  /// Gives what is freed back to the system until the task is cancelled. By itself malloc keeps all that it can't cut
  /// off an end of one of its heaps.
  static func giveBackFreed() async {
    var freed = FreedMemory()
    var rest = Duration.seconds(2)
    while (try? await Task.sleep(for: rest)) != nil {
      let start = ContinuousClock.now
      freed.giveBackIfMuch()
      // This holds malloc's locks, for 70 ms where 500,000 pieces are free: a thousandth of the time is for it.
      rest = max(.seconds(2), start.duration(to: .now) * 1000)
    }
  }
}

/// What malloc keeps of the memory that is free.
private struct FreedMemory {
  /// Bytes. Less is not worth it.
  private static let threshold = 8 << 20
  /// The least that was over since memory was last given back: programs, stacks, and pieces that fill no page.
  private var least = Self.measure().over

  mutating func giveBackIfMuch() {
    let (over, free) = Self.measure()
    least = min(least, over)
    // What is free may have been given back before: malloc does not tell. What is over is there.
    guard free >= Self.threshold, over - least >= Self.threshold else { return }
    _ = malloc_trim(0)
    least = Self.measure().over
  }

  /// Bytes of the process's memory that malloc has not given out, and bytes that it could give out again.
  private static func measure() -> (over: Int, free: Int) {
    let numbers = mallinfo2()
    return (residentBytes() - Int(numbers.uordblks) - Int(numbers.hblkhd), Int(numbers.fordblks))
  }

  private static func residentBytes() -> Int {
    guard let file = fopen("/proc/self/statm", "r") else { return 0 }
    defer { fclose(file) }
    var text = [CChar](repeating: 0, count: 128)
    guard fgets(&text, 128, file) != nil else { return 0 }
    // In pages: the size, what is resident, and more (proc(5)).
    let fields = text.split(separator: CChar(UInt8(ascii: " ")))
    return fields.count > 1 ? Int(strtol(Array(fields[1]) + [0], nil, 10)) * Int(getpagesize()) : 0
  }
}
