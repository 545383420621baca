import NIOCore
import SocketIO

/// An adapter that has no other nodes.
protocol LonelyAdapter: ClusterAdapter {}

extension LonelyAdapter {
  func broadcast(
    _ arguments: Arguments, to target: BroadcastTarget, volatile: Bool, at position: StreamPosition?
  ) {}
  func join(_ target: BroadcastTarget, room: String) {}
  func leave(_ target: BroadcastTarget, room: String) {}
  func disconnect(_ target: BroadcastTarget, close: Bool) {}
  func serverSideEmit(_ arguments: Arguments, namespace: String) {}
  func fetchSockets(_ target: BroadcastTarget) async throws -> [SocketDescription] { [] }
  func rooms(in namespace: String) async throws -> Set<String> { [] }
  func request(
    _ arguments: Arguments, of target: BroadcastTarget, timeout: TimeAmount
  ) async throws -> Acknowledgements { Acknowledgements() }
}
