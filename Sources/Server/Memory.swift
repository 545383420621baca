import CMalloc

/// The process's memory.
enum Memory {
  /// Lets malloc put what is freed together at once. It keeps small pieces apart in lists (mallopt(3), M_MXFAST) and goes
  /// through all of them whenever something of more than a kilobyte is asked for, which each answer does.
  static func keepTogether() { _ = mallopt(M_MXFAST, 0) }

  /// Gives back to the system what was freed. It takes milliseconds and holds malloc's locks: not for an event loop.
  static func giveBack() { _ = malloc_trim(0) }
}
