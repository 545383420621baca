import Synchronization

/// What any number of threads hand to one, without a lock: who pushes waits for nobody, however many push.
///
/// A linked list, the newest first. A push puts its node before the head; the taker takes the whole list, and turns it
/// round. So each thread's elements come in its order, and of two of which one was pushed before the other began, that one
/// comes first. A node that is pushed belongs to the taker, who alone looks into it: no address that a push compares is
/// followed by it, and one that was given out again in between is as good as the old one.
package final class Inbox<Element: Sendable>: Sendable {
  /// What becomes of an element that is pushed.
  package enum Push {
    /// It is the only one: the taker may have to be woken.
    case first
    case behindOthers
    /// The inbox is closed: the element is not in it.
    case refused
  }

  private struct Node {
    let element: Element
    /// The address of the one that was pushed before it.
    var next: UInt
  }

  private typealias Address = UnsafeMutablePointer<Node>

  private static var empty: UInt { 0 }
  /// No node is there: they are aligned.
  private static var closed: UInt { 1 }

  /// The address of the newest node, as a number, for a pointer would not be Sendable.
  private let head = Atomic<UInt>(0)

  package init() {}

  deinit { release(head.exchange(Self.closed, ordering: .acquiring)) { _ in } }

  /// Any thread may push.
  package func push(_ element: Element) -> Push {
    let node = Address.allocate(capacity: 1)
    node.initialize(to: Node(element: element, next: Self.empty))
    var before = head.load(ordering: .relaxed)
    while before != Self.closed {
      node.pointee.next = before
      // Releasing: who takes the node sees what is in it.
      let (isPushed, now) = head.weakCompareExchange(
        expected: before, desired: UInt(bitPattern: node), successOrdering: .releasing, failureOrdering: .relaxed)
      if isPushed { return before == Self.empty ? .first : .behindOthers }
      before = now
    }
    node.deinitialize(count: 1)
    node.deallocate()
    return .refused
  }

  /// Takes what was pushed, in order. One thread alone takes and closes.
  package func take(_ body: (Element) -> Void) {
    let newest = head.load(ordering: .relaxed)
    guard newest != Self.empty, newest != Self.closed else { return }
    release(head.exchange(Self.empty, ordering: .acquiring), body)
  }

  /// Takes what was pushed for the last time: whatever comes later is refused. So each element is either taken or refused.
  package func close(_ body: (Element) -> Void) {
    release(head.exchange(Self.closed, ordering: .acquiring), body)
  }

  /// Hands out the nodes of a list that is nobody else's, the oldest first, and frees them.
  private func release(_ newest: UInt, _ body: (Element) -> Void) {
    var oldest = Self.empty
    var next = newest == Self.closed ? Self.empty : newest
    while let node = Address(bitPattern: next) {
      next = node.pointee.next
      node.pointee.next = oldest
      oldest = UInt(bitPattern: node)
    }
    while let address = Address(bitPattern: oldest) {
      let node = address.move()
      address.deallocate()
      oldest = node.next
      body(node.element)
    }
  }
}
