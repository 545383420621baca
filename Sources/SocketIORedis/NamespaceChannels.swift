import Cluster
import NIOCore
import Redis

/// What is said of one namespace in one of the two formats: on which channels, and in which bytes.
enum NamespaceChannels: Sendable {
  case classic(ClassicFormat)
  case sharded(ShardedFormat)

  var namespace: String {
    switch self {
    case .classic(let format): format.namespace
    case .sharded(let format): format.namespace
    }
  }

  /// What the node of this id listens to.
  func subscriptions(of node: String) -> [(names: [String], kind: RedisPush.Kind)] {
    switch self {
    case .classic(let format):
      [
        ([format.broadcastPattern], .pattern),
        ([format.requestChannel, format.responseChannel, format.responseChannel(of: node)], .channel),
      ]
    case .sharded(let format): [([format.channel, format.responseChannel(of: node)], .shard)]
    }
  }

  /// The room's own channel, which the node listens to while somebody is in the room; nil if it has none.
  func roomChannel(_ room: String, node: String) -> String? {
    guard case .sharded(let format) = self, let channel = format.roomChannel(room) else { return nil }
    // A room may be called like the node: its end must not be that of the node's own channel.
    return channel == format.responseChannel(of: node) ? nil : channel
  }

  /// Whether the push came by one of these subscriptions, or on a room's channel. Of two namespaces, both may seem to own
  /// a room's: the message says whose it is.
  func own(_ push: RedisPush, node: String) -> Bool {
    if case .sharded(let format) = self { return push.kind == .shard && push.channel.hasPrefix(format.channel) }
    return self.subscriptions(of: node).contains { names, kind in
      kind == push.kind && names.contains(push.pattern ?? push.channel)
    }
  }

  func message(_ push: RedisPush) throws(ClusterError) -> ClusterMessage? {
    switch self {
    case .classic(let format): try format.message(push.payload, on: push.channel)
    case .sharded(let format): try format.message(push.payload)
    }
  }

  /// - Parameter requester: of a response: who asked.
  func publication(_ message: ClusterMessage, to requester: String?) throws(ClusterError) -> ClusterPublication {
    switch self {
    // All nodes hear classic responses: adapters before 7.1 know no other way.
    case .classic(let format): try format.publication(of: message)
    case .sharded(let format): try format.publication(of: message, to: requester)
    }
  }

  var isSharded: Bool {
    if case .sharded = self { true } else { false }
  }

  /// The command that counts the nodes: `PUBSUB NUMSUB channel`, whose reply's second element is the number.
  var countCommand: (word: String, channel: String) {
    switch self {
    case .classic(let format): ("NUMSUB", format.requestChannel)
    case .sharded(let format): ("SHARDNUMSUB", format.channel)
    }
  }
}
