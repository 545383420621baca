import NIOCore
import Synchronization

/// What all loops share: the limits that are counted, the polling sessions by name, the applications by namespace, the
/// way to other nodes.
final class ServerRegistry: Sendable {
  /// Of the rooms on all loops.
  let rooms = RoomCensus()

  /// - Parameter node: ``LocalSockets/recoveryName``.
  init(node: String?) {
    self.ownBroadcasts = OwnBroadcasts(node: node)
  }

  // MARK: - Places

  private let places = Mutex(Places())
  private let isClosed = Atomic(false)

  var connectionCount: Int { self.places.withLock { $0.count } }

  /// A place for a connection, and the newcomers that it was taken from: their loops are to be told.
  func reserve(address: String?, loop: Int, isNewcomer: Bool, limits: Places.Limits) -> Places.Reservation {
    guard !self.isClosed.load(ordering: .relaxed) else { return .full }
    return self.places.withLock {
      $0.reserve(address: address, loop: loop, isNewcomer: isNewcomer, limits: limits)
    }
  }

  func comeIn(_ place: inout Places.Place) -> Bool {
    self.places.withLock { $0.comeIn(&place) }
  }

  func move(_ place: Places.Place, to loop: Int) -> Bool {
    self.places.withLock { $0.move(place, to: loop) }
  }

  func release(_ place: Places.Place) {
    self.places.withLock { $0.release(place) }
  }

  private let handshakes = Mutex(HandshakeCount())

  /// Seconds after which an address may try to connect again; nil where it may now.
  func refuseHandshake(of address: String, rate: SocketIOServer.Rate) -> Int? {
    self.handshakes.withLock { $0.refuse(address, rate: rate, now: .now()) }
  }

  /// No more connections from now on.
  func close() {
    self.isClosed.store(true, ordering: .relaxed)
  }

  // MARK: - Unfinished input

  /// The bytes of messages and payloads whose rest has not come, on all connections.
  private let unfinished = Atomic(0)

  /// Counts more of them, or fewer.
  ///
  /// - Returns: false, and nothing is counted, if it would be more than the limit: so who asks last is turned away.
  func hold(_ bytes: Int, limit: Int) -> Bool {
    let sum = self.unfinished.add(bytes, ordering: .relaxed).newValue
    guard bytes > 0, sum > limit else { return true }
    self.unfinished.subtract(bytes, ordering: .relaxed)
    return false
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
    /// See ``Places``.
    var isNewcomer: Bool
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

  func sessionCameIn(_ sid: String) {
    self.sessions.withLock { $0[sid]?.isNewcomer = false }
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

  let ownBroadcasts: OwnBroadcasts
  private let adapter = Mutex<(any ClusterAdapter)?>(nil)

  var clusterAdapter: (any ClusterAdapter)? { self.adapter.withLock { $0 } }

  /// - Parameter change: Called with what the adapter before was told of.
  func use(_ adapter: (any ClusterAdapter)?, _ change: (RoomInterest) -> Void) {
    self.adapter.withLock { current in
      let old = current?.roomInterest ?? .none
      current = adapter
      self.ownBroadcasts.use(adapter)
      change(old)
    }
  }
}
