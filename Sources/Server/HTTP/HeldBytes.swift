import Synchronization

/// Counts what the server holds for clients that it waits for: bodies that have not come whole, and answers that have
/// not left. One for all event loops. Who comes last is turned away when it is too much, so that what has begun can end.
final class HeldBytes: Sendable {
  /// Bytes in all.
  let limit: Int
  /// Bytes for one network (``AddressRanges/network(of:)``): a part, so that nobody takes it all.
  let networkLimit: Int
  private let total = Atomic(0)
  private let networks = Mutex<[String: Int]>([:])

  init(limit: Int) {
    self.limit = limit
    networkLimit = limit / 4
  }

  /// Bytes that are held now.
  var count: Int { total.load(ordering: .relaxed) }

  /// Whether so many bytes more can be held for the network; an empty one has no bound of its own.
  func hasRoom(for bytes: Int, network: String) -> Bool {
    guard count + bytes <= limit else { return false }
    guard !network.isEmpty else { return true }
    return networks.withLock { $0[network, default: 0] } + bytes <= networkLimit
  }

  /// Counts what is held more, or less, than before.
  ///
  /// - Parameter network: the same one for what comes and what goes.
  func change(by delta: Int, network: String) {
    guard delta != 0 else { return }
    total.add(delta, ordering: .relaxed)
    guard !network.isEmpty else { return }
    networks.withLock { networks in
      let left = networks[network, default: 0] + delta
      networks[network] = left > 0 ? left : nil
    }
  }
}
