import Bytes
import NIOCore

extension SocketIOServer {
  /// Makes this server a node of a cluster: from now on what is called for a ``BroadcastTarget`` is told to the others
  /// too. What is called for a socket by its ``SocketID`` concerns this node only. nil ends it; so does
  /// ``shutdown(grace:)``.
  public func use(_ adapter: (any ClusterAdapter)?) {
    self.registry.use(adapter) { old in
      let interest = adapter?.roomInterest ?? .none
      self.registry.rooms.tell(interest == .none ? nil : adapter)
      if interest != old { self.switchboard.everywhere { _ in { loop in loop.watchRooms(interest) } } }
    }
  }

  /// The sockets of this node alone.
  public var local: LocalSockets { LocalSockets(server: self) }

  /// Tells the applications of the other nodes an event, the name first: `["reload",{…}]`.
  public func serverSideEmit(_ arguments: Arguments, namespace: String = "/") {
    self.elsewhere { $0.serverSideEmit(arguments, namespace: namespace) }
  }

  /// The connected sockets that the target names, on all nodes.
  ///
  /// - Throws: What the adapter throws if not all nodes answered in time.
  public func fetchSockets(_ target: BroadcastTarget) async throws -> [SocketDescription] {
    let here = await self.local.fetchSockets(target)
    guard let adapter = self.registry.clusterAdapter else { return here }
    return here + (try await adapter.fetchSockets(target.elsewhere))
  }

  /// The rooms that connected sockets are in, on all nodes. A socket's `sid` is a room, too.
  ///
  /// - Throws: What the adapter throws if not all nodes answered in time.
  public func rooms(in namespace: String = "/") async throws -> Set<String> {
    let here = await self.local.rooms(in: namespace)
    guard let adapter = self.registry.clusterAdapter else { return here }
    return here.union(try await adapter.rooms(in: namespace))
  }

  /// Calls the adapter, if there is one.
  func elsewhere(_ call: (any ClusterAdapter) -> Void) {
    if let adapter = self.registry.clusterAdapter { call(adapter) }
  }
}

extension Arguments {
  /// An event's name and the JSON of its first argument (empty if there is none); nil if this is no event, that is no
  /// array that begins with a name which the library does not keep for itself. The JSON must be well-formed.
  public var event: (name: String, payload: ByteBuffer)? {
    (try? ParsedEvent(decoding: self.json)).map { ($0.name, $0.first) }
  }
}

extension Arguments {
  /// The JSON of the first value, of an acknowledgement say; nil if there is none. The JSON must be well-formed.
  public var first: ByteBuffer? {
    let bytes = self.json.readableBytesUInt8Span
    var scan = JSONScan()
    scan.whitespace(bytes)
    guard scan.take(UInt8(ascii: "["), bytes) else { return nil }
    scan.whitespace(bytes)
    return scan.value(bytes).flatMap { self.json.getSlice(at: self.json.readerIndex + $0.lowerBound, length: $0.count) }
  }
}
