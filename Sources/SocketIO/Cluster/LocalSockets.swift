import NIOCore
import Synchronization

/// The sockets of this node alone: what is called here is not told to the others. See ``SocketIOServer/local``.
public struct LocalSockets: Sendable {
  let server: SocketIOServer

  /// Sends an event to the sockets of this node that the target names, as ``SocketIOServer/broadcast(_:to:volatile:)``.
  ///
  /// - Parameter position: What tells the broadcast from others on all nodes, for clients that go from one to another
  ///   (``Handover``): the one that it came with, or an order of the application's own.
  /// - Parameter subject: What it is about, if a later broadcast about the same may make it untrue: see
  ///   ``SocketIOServer/Recovery/restate``. Asked for only while there are clients that may have it sent again.
  public func broadcast(
    _ arguments: Arguments, to target: BroadcastTarget, volatile: Bool = false, at position: StreamPosition? = nil,
    about subject: @autoclosure () -> String? = nil
  ) {
    let switchboard = self.server.switchboard
    let plain = ServerFrame.event(arguments, namespace: target.namespace)
    switchboard.everywhere { number in
      var packet = OutgoingPacket(plain: plain, isVolatile: volatile, position: position)
      guard !volatile, let tag = switchboard.logTag, switchboard.isKeeping else {
        return { [packet] loop in loop.broadcast(packet, to: target) }
      }
      let kept = PacketLog.Packet(
        arguments, to: target, at: position, about: subject(), number: number, tag: tag, now: .now())
      packet.numbered = kept.frames
      return { [packet] loop in
        loop.log?.keep(kept)
        loop.broadcast(packet, to: target)
      }
    }
  }

  /// Lets no client of this node have back the state that it had until now, not even one that has missed nothing: those
  /// that are away begin anew when they come. For an application whose past is no longer true.
  public func endRecovery() {
    self.server.switchboard.everywhere { number in { loop in loop.log?.forget(through: number) } }
  }

  /// Puts the sockets of this node that the target names into the room.
  public func join(_ target: BroadcastTarget, room: String) {
    self.perform(on: target) { socket, loop in socket.change(.join(room), loop: loop) }
  }

  /// Takes the sockets of this node that the target names out of the room.
  public func leave(_ target: BroadcastTarget, room: String) {
    self.perform(on: target) { socket, loop in socket.change(.leave(room), loop: loop) }
  }

  /// Ends the sockets of this node that the target names.
  public func disconnect(_ target: BroadcastTarget, close: Bool = true) {
    self.perform(on: target) { socket, loop in loop.disconnect(socket, close: close) }
  }

  /// The connected sockets of this node that the target names, after all that was called before. One whose connection is
  /// changing its transport in this moment may be missing.
  public func fetchSockets(_ target: BroadcastTarget) async -> [SocketDescription] {
    let switchboard = self.server.switchboard
    return await withCheckedContinuation { continuation in
      let gathering = Gathering(of: switchboard.eventLoops.count, continuation)
      switchboard.everywhere { _ in { loop in gathering.add(loop.descriptions(of: target)) } }
    }
  }

  /// The rooms that connected sockets of this node are in, each socket's own among them.
  public func rooms(in namespace: String = "/") async -> Set<String> {
    Set(await self.fetchSockets(.everyone(in: namespace)).flatMap { [$0.sid] + $0.rooms })
  }

  func perform(on target: BroadcastTarget, _ body: @escaping @Sendable (Socket, ConnectionLoop) -> Void) {
    self.server.switchboard.everywhere { _ in
      { loop in loop.perform(on: target) { body($0, loop) } }
    }
  }
}

/// What all loops say, put together when the last one has.
private final class Gathering: Sendable {
  private struct State {
    var missing: Int
    var sockets: [SocketDescription] = []
  }

  private let state: Mutex<State>
  private let continuation: CheckedContinuation<[SocketDescription], Never>

  init(of count: Int, _ continuation: CheckedContinuation<[SocketDescription], Never>) {
    self.state = Mutex(State(missing: count))
    self.continuation = continuation
  }

  func add(_ sockets: [SocketDescription]) {
    let all = self.state.withLock { state -> [SocketDescription]? in
      state.sockets += sockets
      state.missing -= 1
      return state.missing == 0 ? state.sockets : nil
    }
    if let all { self.continuation.resume(returning: all) }
  }
}

extension ConnectionLoop {
  fileprivate func descriptions(of target: BroadcastTarget) -> [SocketDescription] {
    self.members(of: target).filter(\.isConnected).map { socket in
      SocketDescription(
        sid: socket.sid, rooms: socket.namespace.rooms.rooms(of: socket.slot).map(\.name), socket: socket.id)
    }
  }
}
