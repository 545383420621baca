import Cluster
import NIOCore
import Redis
import SocketIO
import Synchronization

// Clients that go from one node to another.
extension RedisAdapter {
  public func handOver(_ claim: HandoverClaim) async -> HandedOverSocket? {
    // What is told to a room that has nobody here yet would be missed.
    guard roomInterest == .none, let asker = server.local.recoveryName, let client = try? startedClient() else {
      return nil
    }
    let id = "\(uid)-\(UInt64.random(in: .min ... .max))"
    let question = HandoverMessage.Claim(
      asker: asker, id: id, namespace: claim.namespace, privateID: claim.privateID, offset: claim.offset)
    do {
      let payload = try handoverFormat.payload(of: .claim(question))
      let channel = handoverFormat.channel(of: claim.node)
      return await handovers.wait(id, within: configuration.handoverTimeout) {
        // Who has nobody to ask need not wait.
        let listeners = try? await client.command([ByteBuffer(string: "PUBLISH"), ByteBuffer(string: channel), payload])
        return (listeners?.integer ?? 0) > 0
      }
    } catch {
      warn(of: error, on: handoverFormat.channel(of: claim.node))
      return nil
    }
  }

  func receiveHandover(_ payload: ByteBuffer) {
    do throws(ClusterError) {
      switch try handoverFormat.message(payload) {
      case .claim(let claim): Task { await answer(claim) }
      case .answer(let id, let contents): handovers.answered(id, contents.map(HandedOverSocket.init))
      }
    } catch {
      warn(of: error, on: handoverChannel ?? "")
    }
  }

  private func answer(_ claim: HandoverMessage.Claim) async {
    guard let name = server.local.recoveryName, let client = try? startedClient() else { return }
    let socket = await server.local.handOver(
      HandoverClaim(node: name, namespace: claim.namespace, privateID: claim.privateID, offset: claim.offset))
    do {
      let answer = HandoverMessage.answer(id: claim.id, socket.map(HandoverMessage.Contents.init))
      // On the same way as this node's broadcasts, behind them.
      client.publish(try handoverFormat.payload(of: answer), on: handoverFormat.channel(of: claim.asker))
    } catch {
      warn(of: error, on: handoverFormat.channel(of: claim.asker))
    }
  }
}

/// Claims that wait for their answers.
final class PendingHandovers: Sendable {
  private let pending = Mutex<[String: CheckedContinuation<HandedOverSocket?, Never>]>([:])

  /// - Parameter ask: false if nobody has heard the question.
  func wait(
    _ id: String, within timeout: Duration, ask: @escaping @Sendable () async -> Bool
  ) async -> HandedOverSocket? {
    let clock = Task {
      try await Task.sleep(for: timeout)
      self.answered(id, nil)
    }
    defer { clock.cancel() }
    return await withCheckedContinuation { continuation in
      pending.withLock { $0[id] = continuation }
      Task {
        if await !ask() { self.answered(id, nil) }
      }
    }
  }

  func answered(_ id: String, _ socket: HandedOverSocket?) {
    pending.withLock { $0.removeValue(forKey: id) }?.resume(returning: socket)
  }
}

extension BroadcastPosition {
  init(_ position: StreamPosition) { self.init(stream: position.stream, number: position.number) }
}

extension StreamPosition {
  init(_ position: BroadcastPosition) { self.init(stream: position.stream, number: position.number) }
}

extension HandedOverSocket {
  fileprivate init(_ contents: HandoverMessage.Contents) {
    self.init(
      sid: contents.sid, rooms: contents.rooms,
      missed: contents.missed.map {
        MissedPacket(
          rooms: $0.rooms, arguments: Arguments($0.event.json, attachments: $0.event.attachments), subject: $0.subject)
      },
      known: KnownPositions(contents.known.map(StreamPosition.init)), state: contents.state)
  }
}

extension HandoverMessage.Contents {
  fileprivate init(_ socket: HandedOverSocket) {
    self.init(sid: socket.sid, rooms: socket.rooms, state: socket.state)
    missed = socket.missed.map {
      HandoverMessage.Missed(rooms: $0.rooms, event: ClusterValue($0.arguments), subject: $0.subject)
    }
    known = socket.known.all.map(BroadcastPosition.init)
  }
}
