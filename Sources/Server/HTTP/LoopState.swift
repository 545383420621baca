import Glibc
import NIOCore
import ProtocolRuntime

/// What the connections of one event loop share: their list, the clock, the access log. Touched on that loop only.
final class LoopState {
  private let eventLoop: any EventLoop
  private var connections: [HTTPConnection] = []
  private var dateSecond = 0
  private var dateField = ByteBuffer()
  private var accessLog: AccessLog
  private var sweeping: RepeatedTask?
  private(set) var isDraining = false
  let held: HeldBytes
  let newcomers: Newcomers
  private var randomness = WeakRandomness(seed: .random(in: .min ... .max))

  init(eventLoop: any EventLoop, accessLog: consuming AccessLog, held: HeldBytes, newcomers: Newcomers) {
    self.eventLoop = eventLoop
    self.held = held
    self.newcomers = newcomers
    self.accessLog = accessLog
  }

  /// Begins to look after times. One task a loop instead of a timer a connection: an idle connection costs nothing.
  func start(sweepInterval: TimeAmount) {
    let state = NIOLoopBound(self, eventLoop: eventLoop)
    sweeping = eventLoop.scheduleRepeatedTask(initialDelay: sweepInterval, delay: sweepInterval) { _ in
      state.value.sweep()
    }
  }

  func stop() {
    sweeping?.cancel()
    sweeping = nil
    accessLog.flush()
  }

  var connectionCount: Int { connections.count }

  /// Closes the connections that wait the longest for a request, if they have waited for a second.
  func closeIdle(upTo count: Int) {
    let latest = NIODeadline.now() - .seconds(1)
    let idle = connections.compactMap { connection in
      connection.idleSince.flatMap { $0 <= latest ? ($0, connection) : nil }
    }
    for (_, connection) in idle.sorted(by: { $0.0 < $1.0 }).prefix(count) { connection.abort() }
  }

  func add(_ connection: HTTPConnection) {
    connection.index = connections.count
    connections.append(connection)
  }

  func remove(_ connection: HTTPConnection) {
    let index = connection.index
    guard index >= 0 else { return }
    connection.index = -1
    let last = connections.removeLast()
    guard last !== connection else { return }
    connections[index] = last
    last.index = index
  }

  /// Closes idle connections now, and the others with their answers.
  func drain() {
    isDraining = true
    for connection in connections { connection.drain() }
    accessLog.flush()
  }

  /// Closes what is left.
  func closeAll() {
    for connection in connections { connection.abort() }
    accessLog.flush()
  }

  func append(_ record: AccessRecord) {
    accessLog.append(record, at: Self.now())
  }

  func makeRequestID() -> String {
    RequestID.make(using: &randomness)
  }

  /// The Date field for this second.
  func date() -> ByteBuffer {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME_COARSE, &time)
    if time.tv_sec != dateSecond {
      dateSecond = time.tv_sec
      dateField = ResponseHead.dateField(secondsSinceEpoch: time.tv_sec)
    }
    return dateField
  }

  private func sweep() {
    let now = NIODeadline.now()
    // Backwards, because closing may take the connection out of the list and put the last one in its place.
    for index in stride(from: connections.count - 1, through: 0, by: -1) where index < connections.count {
      let connection = connections[index]
      connection.lookAtAnswers(now: now)
      if connection.deadline <= now { connection.deadlinePassed() }
    }
    accessLog.flush()
  }

  /// The coarse clock is right to 4 ms, which is enough for a log, and costs a quarter of the exact one.
  private static func now() -> Timestamp {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME_COARSE, &time)
    return Timestamp(millisecondsSinceEpoch: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
  }
}
