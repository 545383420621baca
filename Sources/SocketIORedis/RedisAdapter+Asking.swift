import Cluster
import NIOCore
import Redis
import SocketIO

// What this node asks the others.
extension RedisAdapter {
  public func rooms(in namespace: String) async throws -> Set<String> {
    // Only the classic format can ask for them.
    guard configuration.format == .classic else {
      return Set(try await fetchSockets(.everyone(in: namespace)).flatMap { [$0.sid] + $0.rooms })
    }
    let answers = try await ask(in: namespace) { .allRooms(requestID: $0) }
    return answers.reduce(into: []) { rooms, answer in
      if case .allRoomsResponse(let others, _) = answer { rooms.formUnion(others) }
    }
  }

  /// - Throws: as ``fetchSockets(_:)``.
  public func request(
    _ arguments: Arguments, of target: BroadcastTarget, timeout: TimeAmount
  ) async throws -> Acknowledgements {
    _ = try startedClient()
    let namespace = try channels(of: target.namespace)
    let id = requestID()
    var options = BroadcastOptions(target)
    options.timeout = Int(max(timeout.nanoseconds / 1_000_000, 1))
    let packet = ClusterPacket(namespace: target.namespace, arguments: ClusterValue(arguments))
    return try await broadcasts.wait(id, within: .nanoseconds(max(timeout.nanoseconds, 0))) {
      // Like any other broadcast it goes out at once; who is to answer is counted behind it.
      publish(.broadcast(packet, options, requestID: id), in: target.namespace)
      Task {
        do {
          broadcasts.expect(id, nodes: try await others(in: namespace))
        } catch {
          broadcasts.fail(id, error)
        }
      }
    }
  }

  /// Asks all other nodes.
  ///
  /// - Throws: ``RedisAdapterError``; as `RedisClient.command`.
  func ask(
    in namespace: String, _ question: (_ requestID: String) -> ClusterMessage.Body
  ) async throws -> [ClusterMessage.Body] {
    let others = try await others(in: try channels(of: namespace))
    guard others > 0 else { return [] }
    let id = requestID()
    return try await requests.wait(id, for: others, within: configuration.requestTimeout) {
      publish(question(id), in: namespace)
    }
  }

  private func channels(of namespace: String) throws -> NamespaceChannels {
    guard let channels = namespaces.first(where: { $0.namespace == namespace }) else {
      throw RedisAdapterError(code: .unknownNamespace, message: "\(namespace) is not of the cluster")
    }
    return channels
  }

  /// The number of the other nodes.
  private func others(in namespace: NamespaceChannels) async throws -> Int {
    let count = namespace.countCommand
    let reply = try await startedClient().command("PUBSUB", count.word, count.channel)
    return Self.others(reply)
  }

  /// - Parameter reply: Of PUBSUB NUMSUB: the channel, and how many are subscribed to it, this node too.
  static func others(_ reply: RedisReply) -> Int {
    Int(max(reply.array?.last?.integer ?? 1, 1)) - 1
  }

  private func requestID() -> String { "\(uid)-\(UInt64.random(in: .min ... .max))" }
}

extension Arguments {
  /// What a client of another node acknowledged with: one value, or none.
  init(acknowledging value: ClusterValue?) {
    var json = ByteBuffer()
    json.writeInteger(UInt8(ascii: "["))
    if let value { json.writeImmutableBuffer(value.json) }
    json.writeInteger(UInt8(ascii: "]"))
    self.init(json, attachments: value?.attachments ?? [])
  }
}
