import CMalloc

/// The process's memory.
enum Memory {
  /// Gives back to the system what was freed. It takes milliseconds and holds malloc's locks: not for an event loop.
  static func giveBack() { _ = malloc_trim(0) }
}
