import NIOCore
import Synchronization

/// What all loops share: the limits that are counted, the polling sessions by name, the applications by namespace, the
/// way to other nodes.
final class ServerRegistry: Sendable {
  /// Of the rooms on all loops.
  let rooms = RoomCensus()

  // MARK: - Places

  private let connections = Atomic(0)
  private let isClosed = Atomic(false)
  private let addresses = Mutex<[String: Int]>([:])

  var connectionCount: Int { self.connections.load(ordering: .relaxed) }

  /// A place for a connection. It must be given back.
  struct Place {
    /// nil: not counted by address.
    let address: String?
  }

  enum Reservation {
    case reserved(Place)
    case full
    case tooManyOfAddress
  }

  func reserve(address: String?, limit: Int, addressLimit: Int) -> Reservation {
    guard !self.isClosed.load(ordering: .relaxed) else { return .full }
    let (old, _) = self.connections.add(1, ordering: .relaxed)
    guard old < limit else {
      self.connections.subtract(1, ordering: .relaxed)
      return .full
    }
    // Unlimited ones need not be counted.
    guard let address, addressLimit < .max else { return .reserved(Place(address: nil)) }
    let hasRoom = self.addresses.withLock { addresses in
      guard addresses[address, default: 0] < addressLimit else { return false }
      addresses[address, default: 0] += 1
      return true
    }
    guard hasRoom else {
      self.connections.subtract(1, ordering: .relaxed)
      return .tooManyOfAddress
    }
    return .reserved(Place(address: address))
  }

  func release(_ place: Place) {
    self.connections.subtract(1, ordering: .relaxed)
    guard let address = place.address else { return }
    self.addresses.withLock { addresses in
      guard let count = addresses[address] else { return }
      addresses[address] = count > 1 ? count - 1 : nil
    }
  }

  /// No more connections from now on.
  func close() {
    self.isClosed.store(true, ordering: .relaxed)
  }

  // MARK: - Polling sessions

  /// What a request for a session is told that there is not, or no longer.
  var unknownSession: EngineIOError { self.isClosed.load(ordering: .relaxed) ? .unavailable : .unknownSession }

  /// Where a session is that began with polling.
  struct PollingSession {
    enum State {
      case polling
      /// A WebSocket is trying to take the session over.
      case upgrading
      /// One has. Nothing is asked of it by polling any more.
      case upgraded
    }

    let loop: Int
    let slot: UInt32
    var state = State.polling
  }

  private let sessions = Mutex<[String: PollingSession]>([:])
  private let exchanges = Atomic<UInt64>(0)

  func makeExchangeID() -> UInt64 {
    self.exchanges.add(1, ordering: .relaxed).newValue
  }

  func add(_ session: PollingSession, sid: String) {
    self.sessions.withLock { $0[sid] = session }
  }

  func session(_ sid: String) -> PollingSession? {
    self.sessions.withLock { $0[sid] }
  }

  func removeSession(_ sid: String) {
    self.sessions.withLock { _ = $0.removeValue(forKey: sid) }
  }

  /// Lets one WebSocket at a time try; nil if there is no such session, or another is trying.
  func beginUpgrade(_ sid: String) -> PollingSession? {
    self.sessions.withLock { sessions in
      guard let session = sessions[sid], session.state == .polling else { return nil }
      sessions[sid]?.state = .upgrading
      return session
    }
  }

  func endUpgrade(_ sid: String, _ state: PollingSession.State) {
    self.sessions.withLock { $0[sid]?.state = state }
  }

  // MARK: - Namespaces

  /// What serves a namespace.
  struct Service: Sendable {
    let application: any SocketIOApplication
    let middleware: [SocketIOServer.ConnectMiddleware]
  }

  private struct Services {
    var byName: [String: Service] = [:]
    var byPattern: [@Sendable (String) -> (any SocketIOApplication)?] = []
  }

  private let services = Mutex(Services())

  func serve(_ namespace: String, _ service: Service) {
    self.services.withLock { $0.byName[namespace] = service }
  }

  func serve(matching pattern: @escaping @Sendable (String) -> (any SocketIOApplication)?) {
    self.services.withLock { $0.byPattern.append(pattern) }
  }

  func service(of namespace: String) -> Service? {
    let (service, patterns) = self.services.withLock { ($0.byName[namespace], $0.byPattern) }
    if let service { return service }
    for pattern in patterns {
      if let application = pattern(namespace) { return Service(application: application, middleware: []) }
    }
    return nil
  }

  /// Lets the applications go: they usually hold the server.
  func forgetServices() {
    self.services.withLock { $0 = Services() }
  }

  // MARK: - Other nodes

  /// Counts this node's own broadcasts. Held while one is told to the other nodes and carried out here, so that both see
  /// them in the same order.
  let positions = Mutex<UInt64>(0)
  private let adapter = Mutex<(any ClusterAdapter)?>(nil)

  var clusterAdapter: (any ClusterAdapter)? { self.adapter.withLock { $0 } }

  /// - Parameter change: Called with what the adapter before was told of.
  func use(_ adapter: (any ClusterAdapter)?, _ change: (RoomInterest) -> Void) {
    self.adapter.withLock { current in
      let old = current?.roomInterest ?? .none
      current = adapter
      change(old)
    }
  }
}
