import DequeModule
import NIOCore
import Synchronization

/// Connections that have not sent the head of a request yet. They cost their clients nothing, so they are the first to
/// go when places run out, and a network has a part of the places only. One for all event loops.
final class Newcomers: Sendable {
  /// A connection among them. Gone once it has left.
  struct Ticket: Sendable {
    fileprivate let number: UInt64
    fileprivate let network: String
  }

  private struct Newcomer {
    let number: UInt64
    let since: NIODeadline
    let channel: any Channel
  }

  private struct State {
    var next: UInt64 = 0
    /// Those of each network, oldest first. Few stay long, so that a look for one of them is short.
    var networks: [String: Deque<Newcomer>] = [:]
  }

  /// How long a client has for its request before it may be sent away for another's sake.
  private static let grace = TimeAmount.seconds(1)

  private let networkLimit: Int
  private let state = Mutex(State())

  /// - Parameter networkLimit: how many of one network may be here. A NAT or a campus is one, too, but its clients send
  ///   what they have come for.
  init(networkLimit: Int) { self.networkLimit = networkLimit }

  /// Takes a connection in. Where its network has too many, the oldest of them has to go.
  ///
  /// - Parameter network: empty for one that has no bound.
  func enter(_ channel: any Channel, network: String) -> Ticket {
    let (ticket, excess) = state.withLock { state in
      state.next += 1
      let newcomer = Newcomer(number: state.next, since: .now(), channel: channel)
      state.networks[network, default: []].append(newcomer)
      var excess: Newcomer?
      if !network.isEmpty, let count = state.networks[network]?.count, count > networkLimit {
        excess = state.networks[network]?.popFirst()
      }
      return (Ticket(number: newcomer.number, network: network), excess)
    }
    excess?.channel.close(promise: nil)
    return ticket
  }

  /// The connection has sent a request, or is closed.
  func leave(_ ticket: Ticket) {
    state.withLock { state in
      guard let index = state.networks[ticket.network]?.lastIndex(where: { $0.number == ticket.number }) else { return }
      state.networks[ticket.network]?.remove(at: index)
      if state.networks[ticket.network]?.isEmpty == true { state.networks[ticket.network] = nil }
    }
  }

  /// Closes the oldest connection of the network that has the most here.
  ///
  /// - Returns: false if there is none that had its time.
  func closeOldest() -> Bool {
    let latest = NIODeadline.now() - Self.grace
    let oldest = state.withLock { state -> Newcomer? in
      let ready = state.networks.filter { _, newcomers in newcomers.first.map { $0.since <= latest } ?? false }
      guard let network = ready.max(by: { $0.value.count < $1.value.count })?.key else { return nil }
      let oldest = state.networks[network]?.popFirst()
      if state.networks[network]?.isEmpty == true { state.networks[network] = nil }
      return oldest
    }
    oldest?.channel.close(promise: nil)
    return oldest != nil
  }
}
