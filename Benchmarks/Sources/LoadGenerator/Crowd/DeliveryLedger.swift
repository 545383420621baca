/// What each receiver got of each sender: exact loss, doubles and order.
///
/// A receiver's numbers of one sender come in order or not: what is skipped is written down, so that a late one is told
/// from a double, and what never comes from both.
struct DeliveryLedger {
  enum Verdict: Equatable {
    /// The next one, or one after a gap.
    case first
    /// One that was skipped before: it came after a later one.
    case late
    case double
    /// Of a sender that there is none of, or a number that was never sent.
    case unknown
  }

  let receivers: Int
  private var sent: [Int32]
  /// The number that a receiver expects of a sender, by `receiver * senders + sender`.
  private var expected: [Int32]
  private var skipped: [Int: Set<Int32>] = [:]

  init(receivers: Int, senders: Int) {
    self.receivers = receivers
    sent = Array(repeating: 0, count: senders)
    expected = Array(repeating: 0, count: receivers * senders)
  }

  /// How many messages all senders have sent.
  var sentCount: Int { sent.reduce(0) { $0 + Int($1) } }

  /// The number of the sender's next message, which is now sent.
  mutating func issue(sender: Int) -> Int {
    sent[sender] += 1
    return Int(sent[sender]) - 1
  }

  mutating func record(receiver: Int, sender: Int, number: Int) -> Verdict {
    guard sent.indices.contains(sender), number >= 0, number < Int(sent[sender]) else { return .unknown }
    let place = receiver * sent.count + sender
    let next = Int(expected[place])
    if number >= next {
      if number > next { skipped[place, default: []].formUnion((next..<number).map(Int32.init)) }
      expected[place] = Int32(number) + 1
      return .first
    }
    return skipped[place]?.remove(Int32(number)) == nil ? .double : .late
  }

  /// Deliveries that have not come: of every message sent, one for each receiver.
  var missing: Int {
    var missing = skipped.values.reduce(0) { $0 + $1.count }
    for receiver in 0..<receivers {
      for sender in sent.indices { missing += Int(sent[sender] - expected[receiver * sent.count + sender]) }
    }
    return missing
  }
}
