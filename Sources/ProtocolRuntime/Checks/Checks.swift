#if NUMBERED_CHECKS
  import Synchronization

  /// What generated checks ask before they check, in a build that numbers them: which one of them is off.
  public enum Checks {
    /// What is done to the one check that is not as the spec has it.
    public enum Change: Sendable, Equatable {
      case off
      /// A bound is so much more.
      case shifted(Int)
    }

    private struct State {
      var changed: (number: Int, change: Change)?
      var met: Set<Int> = []
    }

    private static let state = Mutex(State())

    /// Changes one check, and no other any more; nil changes none.
    public static func set(_ changed: (number: Int, change: Change)?) {
      state.withLock { $0.changed = changed }
    }

    /// The checks that were asked since the last time.
    public static func takeMet() -> Set<Int> {
      state.withLock { state in
        defer { state.met = [] }
        return state.met
      }
    }

    /// What is done to a check, which is noted as met.
    private static func change(of number: Int) -> Change? {
      state.withLock { state in
        state.met.insert(number)
        return state.changed?.number == number ? state.changed?.change : nil
      }
    }

    public static func isOn(_ number: Int) -> Bool { change(of: number) == nil }

    public static func least(_ number: Int, _ bound: Int) -> Int { changed(number, bound, off: .min) }

    /// A bound from below of a length or count.
    public static func fewest(_ number: Int, _ bound: Int) -> Int { max(0, changed(number, bound, off: 0)) }

    public static func most(_ number: Int, _ bound: Int) -> Int { changed(number, bound, off: .max) }

    private static func changed(_ number: Int, _ bound: Int, off: Int) -> Int {
      switch change(of: number) {
      case nil: bound
      case .off: off
      case .shifted(let distance): bound + distance
      }
    }

    public static func rule<Value>(_ number: Int, _ value: Value) -> Value? { isOn(number) ? value : nil }

    /// The mask without the property whose check is off; its set bits have the numbers from `first` on.
    public static func required(_ first: Int, _ mask: UInt64) -> UInt64 {
      var required = mask
      var number = first
      for bit in 0..<UInt64(64) where mask >> bit & 1 == 1 {
        if !isOn(number) { required &= ~(1 << bit) }
        number += 1
      }
      return required
    }

    public static func fallback(_ number: Int, _ value: Int) -> Int { isOn(number) ? value : value + 1 }

    public static func fallback(_ number: Int, _ value: Double) -> Double { isOn(number) ? value : value + 1 }

    public static func fallback(_ number: Int, _ value: Bool) -> Bool { isOn(number) == value }

    public static func fallback(_ number: Int, _ value: String) -> String { isOn(number) ? value : value + "?" }

    public static func fallback<Value: CaseIterable & Equatable>(_ number: Int, _ value: Value) -> Value {
      isOn(number) ? value : Value.allCases.first { $0 != value } ?? value
    }
  }
#endif
