/// What a transaction of PostgreSQL could see: its pg_snapshot, in the text form `xmin:xmax:xip,xip…`.
///
/// Transactions below `xmin` had ended; those from `xmax` on had not begun; of those in between, `running` had not ended.
struct SyncSnapshot: Equatable {
  let xmin: UInt64
  let xmax: UInt64
  /// In ascending order, each at least xmin and below xmax.
  let running: [UInt64]

  /// So many at most are kept, so that a cursor has room for two snapshots.
  private static let capacity = 128

  /// A snapshot with too many running transactions is replaced by an older view, in which nothing from xmin on had ended:
  /// it tells too much, never too little.
  init?(xmin: UInt64, xmax: UInt64, running: [UInt64]) {
    guard xmin > 0, xmin <= xmax, running.first.map({ $0 >= xmin }) ?? true, running.last.map({ $0 < xmax }) ?? true,
      zip(running, running.dropFirst()).allSatisfy(<)
    else { return nil }
    self.xmin = xmin
    let isKept = running.count <= Self.capacity
    self.xmax = isKept ? xmax : xmin
    self.running = isKept ? running : []
  }

  init?(text: String) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 3, let xmin = UInt64(parts[0]), let xmax = UInt64(parts[1]) else { return nil }
    var running: [UInt64] = []
    for part in parts[2].split(separator: ",") {
      guard let xid = UInt64(part) else { return nil }
      running.append(xid)
    }
    self.init(xmin: xmin, xmax: xmax, running: running)
  }

  var text: String { "\(xmin):\(xmax):\(running.map(\.description).joined(separator: ","))" }
}
