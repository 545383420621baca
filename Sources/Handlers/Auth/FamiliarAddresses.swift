import ProtocolRuntime
import Synchronization

/// From which addresses users came in lately, by password or by refresh token: whoever floods the hashing from elsewhere,
/// or from the same address with names that nobody has there, does not take the share of those.
///
/// Nothing is decided by it but whose turn it is, so two pairs with the same hash do no harm, and nor does forgetting.
final class FamiliarAddresses: Sendable {
  /// Pairs in each of two generations; some 1.3 MB when both are full.
  static let capacity = 32_768

  private struct State {
    var newer: Set<Int> = []
    var older: Set<Int> = []
  }

  private let state = Mutex(State())

  func insert(_ user: UUID, address: String) {
    let pair = Self.pair(user, address)
    state.withLock { state in
      guard !state.newer.contains(pair) else { return }
      // Full: the older half goes, so that what is in use stays.
      if state.newer.count >= Self.capacity { state.older = state.newer.take() }
      state.newer.insert(pair)
    }
  }

  func contains(_ user: UUID, address: String) -> Bool {
    let pair = Self.pair(user, address)
    return state.withLock { $0.newer.contains(pair) || $0.older.contains(pair) }
  }

  private static func pair(_ user: UUID, _ address: String) -> Int {
    var hasher = Hasher()
    hasher.combine(user)
    hasher.combine(HashingShare.network(of: address))
    return hasher.finalize()
  }
}

extension Set {
  fileprivate mutating func take() -> Set {
    defer { self = [] }
    return self
  }
}
