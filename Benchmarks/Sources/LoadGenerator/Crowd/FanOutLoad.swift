/// What a window of fan-out counted.
public struct FanOutTally: Sendable {
  /// Messages that the senders sent.
  public internal(set) var sent = 0
  /// Deliveries that came, doubles not counted.
  public internal(set) var delivered = 0
  /// Deliveries that never came.
  public internal(set) var lost = 0
  /// Deliveries that came again.
  public internal(set) var doubled = 0
  /// Those of them that came after a later one of the same sender.
  public internal(set) var late = 0
  public internal(set) var failures: [Failure: Int] = [:]
  /// From the first message to the last delivery, in seconds.
  public internal(set) var seconds = 0.0
  /// The generator's own CPU time, in seconds.
  public internal(set) var cpuSeconds = 0.0
  /// From when a message was due to each delivery of it.
  public internal(set) var latencies = Latencies()
  /// From when a message was due to when it was sent: the generator's own part of the latencies.
  public internal(set) var lags = Latencies()
}

/// A room with everybody in it, into which some write.
public final class FanOutLoad: CrowdListener {
  public enum Pace: Sendable {
    /// A sender's next message goes out when its last one has reached everybody.
    case closed
    /// So many messages a second of all senders together, whatever becomes of them.
    case open(Double)
  }

  /// Seconds that what is under way at the end of a window is waited for.
  static let grace = 10.0

  private let crowd: Crowd
  private let length: Int
  /// Which connections send: spread over the crowd, for a server writes to a room in some order.
  private let senders: [Int]
  private var ledger: DeliveryLedger
  private var tally = FanOutTally()
  /// The closed loop: what each sender waits for. Empty in the open one.
  private var awaited: [Awaited] = []
  private var isOver = false

  private struct Awaited {
    var number: Int
    var receivers: Int
  }

  /// - Parameters:
  ///   - crowd: Connected.
  ///   - senders: At most the crowd.
  ///   - length: Octets of a packet, 100 to 60,000.
  public init(crowd: Crowd, senders: Int, length: Int) {
    precondition((1...crowd.count).contains(senders) && senders <= NumberedMessage.mostSenders)
    precondition((NumberedMessage.shortest...60_000).contains(length))
    self.crowd = crowd
    self.length = length
    self.senders = (0..<senders).map { $0 * crowd.count / senders }
    ledger = DeliveryLedger(receivers: crowd.count, senders: senders)
  }

  /// Runs a window, and answers when all has been delivered or the patience is over. The connections stay.
  public func run(_ pace: Pace, seconds: Double, progress: inout ProgressLine) -> FanOutTally {
    tally = FanOutTally()
    crowd.listener = self
    isOver = false
    awaited = []
    let missing = ledger.missing
    let start = MonotonicClock.now()
    let cpu = MonotonicClock.processCPU()
    let end = start + UInt64(seconds: seconds)
    let given = end + UInt64(seconds: Self.grace)
    var schedule: SendSchedule?
    switch pace {
    case .closed:
      awaited = senders.map { _ in Awaited(number: 0, receivers: 0) }
      for sender in senders.indices { send(sender, due: MonotonicClock.now()) }
    case .open(let rate): schedule = SendSchedule(rate: rate, senders: senders.count, begin: start, end: end)
    }
    var now = start
    while now < end || isUnderWay, now < given {
      while let message = schedule?.pop(now: now) { send(message.sender, due: message.due) }
      crowd.turn(until: min(schedule?.next ?? .max, now < end ? end : given, progress.due))
      now = MonotonicClock.now()
      if now >= end { isOver = true }
      progress.show(
        "\(tally.sent) sent, \(tally.delivered) delivered, p99 \(Int(tally.latencies.percentile(99))) µs", now: now)
    }
    tally.lost = ledger.missing - missing
    tally.seconds = Double(now - start) / 1e9
    tally.cpuSeconds = Double(MonotonicClock.processCPU() - cpu) / 1e9
    return tally
  }

  private var isUnderWay: Bool { tally.delivered < tally.sent * crowd.count }

  private func send(_ sender: Int, due: UInt64) {
    let message = NumberedMessage(sender: sender, number: ledger.issue(sender: sender), due: due)
    if !awaited.isEmpty { awaited[sender] = Awaited(number: message.number, receivers: crowd.count) }
    crowd.send(message.packet(length: length), from: senders[sender])
    tally.sent += 1
    tally.lags.record(nanoseconds: MonotonicClock.now() - due)
  }

  func received(_ packet: UnsafeRawBufferPointer, by member: Int, at now: UInt64) {
    guard let message = NumberedMessage(packet, length: length) else {
      tally.failures[.content, default: 0] += 1
      return
    }
    switch ledger.record(receiver: member, sender: message.sender, number: message.number) {
    case .first: tally.delivered += 1
    case .late:
      tally.delivered += 1
      tally.late += 1
    case .double:
      tally.doubled += 1
      return
    case .unknown:
      tally.failures[.content, default: 0] += 1
      return
    }
    tally.latencies.record(nanoseconds: now > message.due ? now - message.due : 0)
    guard !awaited.isEmpty, awaited[message.sender].number == message.number else { return }
    awaited[message.sender].receivers -= 1
    if awaited[message.sender].receivers == 0, !isOver { send(message.sender, due: now) }
  }

  func joined(_ member: Int, after nanoseconds: UInt64) {}

  func ended(_ member: Int, _ failure: Failure) {
    tally.failures[failure, default: 0] += 1
  }
}
