/// What a loop was called for too early: see ``Switchboard``.
///
/// Every call to all loops has a number, and comes to each loop once. Between a thread's taking of the number and its
/// coming to a loop others may overtake it, so the loop waits for the numbers that are missing.
struct CallOrder {
  /// Called on the loop itself.
  typealias Call = (ConnectionLoop) -> Void

  /// The number of the last call that was carried out, or is being.
  fileprivate(set) var done: UInt64 = 0
  /// Calls to all loops, by their first number.
  fileprivate var early: [UInt64: (last: UInt64, call: Call)] = [:]
  /// Calls to this loop alone, by the number that they come behind.
  fileprivate var behind: [UInt64: [Call]] = [:]
}

extension ConnectionLoop {
  /// The number of the last call to all loops that was carried out here; of a kept packet, if it was one.
  var processed: UInt64 { self.calls.done }

  /// Carries out a call to all loops when its turn has come.
  ///
  /// - Parameter numbers: One, or more for a call that gives some away.
  func carryOut(_ numbers: ClosedRange<UInt64>, _ call: @escaping CallOrder.Call) {
    guard numbers.lowerBound == self.calls.done + 1 else {
      self.calls.early[numbers.lowerBound] = (numbers.upperBound, call)
      return
    }
    self.calls.done = numbers.upperBound
    call(self)
    while !self.calls.early.isEmpty || !self.calls.behind.isEmpty {
      for call in self.calls.behind.removeValue(forKey: self.calls.done) ?? [] { call(self) }
      guard let (last, call) = self.calls.early.removeValue(forKey: self.calls.done + 1) else { return }
      self.calls.done = last
      call(self)
    }
  }

  /// Carries out a call to this loop behind the call to all loops that has this number.
  func carryOut(behind number: UInt64, _ call: @escaping CallOrder.Call) {
    guard number > self.calls.done else { return call(self) }
    self.calls.behind[number, default: []].append(call)
  }

  /// Calls back behind all that was called until now.
  func afterCalls(_ body: @escaping () -> Void) {
    let number = self.switchboard?.lastNumber ?? 0
    self.eventLoop.assumeIsolated().execute { self.carryOut(behind: number) { _ in body() } }
  }
}
