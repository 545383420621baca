import ProtocolRuntime
import Synchronization

/// Remembers for a moment who was found to be a member of what, so that a client that reads page after page costs one
/// statement a page.
///
/// It may be behind: another node may have removed the member. That is safe because it only opens the way to handlers
/// whose own statements look at the membership again.
final class RecentGrants: Sendable {
  private static let lifetime = Duration.seconds(5)
  private static let capacity = 16_384

  private struct Key: Hashable {
    let chatID: UUID
    let userID: UUID
  }

  private let scheduler: any Scheduler
  private let deadlines = Mutex<[Key: Duration]>([:])

  init(scheduler: any Scheduler) {
    self.scheduler = scheduler
  }

  func contains(_ user: UUID, of chat: UUID) -> Bool {
    let now = scheduler.now
    return deadlines.withLock { $0[Key(chatID: chat, userID: user)].map { $0 > now } ?? false }
  }

  func insert(_ user: UUID, of chat: UUID) {
    let deadline = scheduler.now + Self.lifetime
    deadlines.withLock { deadlines in
      // Full: it costs a statement for each to begin again.
      if deadlines.count >= Self.capacity { deadlines.removeAll(keepingCapacity: true) }
      deadlines[Key(chatID: chat, userID: user)] = deadline
    }
  }

  /// Forgets all of them.
  func forget() {
    deadlines.withLock { $0.removeAll() }
  }

  func remove(_ user: UUID, of chat: UUID) {
    deadlines.withLock { _ = $0.removeValue(forKey: Key(chatID: chat, userID: user)) }
  }
}
