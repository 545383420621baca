import NIOCore

/// Deadlines that all lie the same time ahead, so that the order of arming is the order of expiry.
///
/// A doubly linked list in an array by slot: arming, cancelling and expiring cost a few stores, whatever the
/// number of connections, and 16 bytes for each. Nothing stale stays behind, so no client can make it grow.
struct DeadlineQueue {
  private struct Link {
    var previous = none
    var next = none
    /// In nanoseconds; 0: not armed.
    var deadline: UInt64 = 0
  }

  private static let none = UInt32.max

  let delay: TimeAmount
  private var links: [Link] = []
  private var first = none
  private var last = none

  init(delay: TimeAmount) {
    self.delay = delay
  }

  /// The earliest deadline.
  var next: NIODeadline? {
    self.first == Self.none ? nil : .uptimeNanoseconds(self.links[Int(self.first)].deadline)
  }

  /// Sets the slot's deadline to `delay` from now, whether or not it had one.
  mutating func arm(_ slot: UInt32, now: NIODeadline) {
    self.arm(slot, at: now + self.delay)
  }

  /// Sets the slot's deadline to one that was set elsewhere, at most `delay` ahead. It is put into its place from the
  /// end: O(the slots that were armed since).
  mutating func arm(_ slot: UInt32, at deadline: NIODeadline) {
    while self.links.count <= Int(slot) { self.links.append(Link()) }
    self.cancel(slot)
    let deadline = max(1, deadline.uptimeNanoseconds)
    var previous = self.last
    while previous != Self.none, self.links[Int(previous)].deadline > deadline {
      previous = self.links[Int(previous)].previous
    }
    let next = previous == Self.none ? self.first : self.links[Int(previous)].next
    self.links[Int(slot)] = Link(previous: previous, next: next, deadline: deadline)
    if previous == Self.none { self.first = slot } else { self.links[Int(previous)].next = slot }
    if next == Self.none { self.last = slot } else { self.links[Int(next)].previous = slot }
  }

  /// The slot's deadline, if it is armed.
  func deadline(of slot: UInt32) -> NIODeadline? {
    guard Int(slot) < self.links.count, self.links[Int(slot)].deadline != 0 else { return nil }
    return .uptimeNanoseconds(self.links[Int(slot)].deadline)
  }

  mutating func cancel(_ slot: UInt32) {
    guard Int(slot) < self.links.count, self.links[Int(slot)].deadline != 0 else { return }
    let link = self.links[Int(slot)]
    if link.previous == Self.none { self.first = link.next } else { self.links[Int(link.previous)].next = link.next }
    if link.next == Self.none { self.last = link.previous } else { self.links[Int(link.next)].previous = link.previous }
    self.links[Int(slot)] = Link()
  }

  /// Takes off a slot whose deadline has come.
  mutating func popExpired(now: NIODeadline) -> UInt32? {
    guard let next = self.next, next <= now else { return nil }
    let slot = self.first
    self.cancel(slot)
    return slot
  }
}
