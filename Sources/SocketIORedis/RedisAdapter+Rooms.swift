import SocketIO

// The rooms that have channels of their own: subscribed while somebody is in them.
extension RedisAdapter {
  public var roomInterest: RoomInterest {
    switch configuration.format.subscriptions {
    case nil, .fixed: .none
    case .dynamic: .joined
    case .dynamicPrivate: .all
    }
  }

  public func roomCreated(_ room: String, in namespace: String) {
    guard let channel = roomChannel(room, in: namespace) else { return }
    client.load()?.subscribe(to: [channel], as: .shard)
  }

  public func roomDeleted(_ room: String, in namespace: String) {
    guard let channel = roomChannel(room, in: namespace) else { return }
    client.load()?.unsubscribe(from: [channel], as: .shard)
  }

  private func roomChannel(_ room: String, in namespace: String) -> String? {
    namespaces.first { $0.namespace == namespace }?.roomChannel(room, node: uid)
  }
}
