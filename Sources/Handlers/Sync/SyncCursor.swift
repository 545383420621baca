import Bytes
import ProtocolRuntime

/// Where a client's sync stands: the snapshot that it has seen everything of, and, within a sync of several pages, the
/// place in it.
///
/// **Why nothing is missed.** Every row that sync tells of carries `changed_xid`, the transaction that wrote it last. Let
/// S be the snapshot in a cursor and S′ that of a later sync. Let a transaction T have changed a row, and be visible in
/// S′ but not in S: the sync must tell of the row. In S′ the row's last writer is T itself or some T₂ that wrote after it.
/// T₂ had to wait for T to end, because T held the row's lock. T had not ended when S was taken (or S would see it), so
/// T₂ had not ended either, and S does not see T₂. Either way `changed_xid` is not visible in S, which is exactly what
/// the statement asks (`NOT pg_visible_in_snapshot`). What is visible in S was told when the cursor was given out. Times
/// and sequence numbers have no such property: a transaction may take a number, commit late, and be skipped.
///
/// Snapshots know whole transactions only, and `pg_current_xact_id()` is the whole transaction's id, also in a
/// subtransaction. A transaction sees its own changes, but its own snapshot takes no note of whether they are still to
/// come: therefore a sync runs in a transaction of its own, which writes nothing.
///
/// **Pages.** They go by id, all with the same S; the first page's snapshot S₁ becomes the S of the next sync. A later
/// page is read with a later snapshot, so it may tell more than S₁ has; that is told once more by the next sync. A chat
/// that changes behind the place that the pages have come to was changed by a transaction that S₁ does not see, hence the
/// next sync tells it.
///
/// **Of which history.** Beside the later of the two snapshots stands the newest row of `history` that it saw: together
/// they are a `HistoryMark`. The earlier one was of the same history when the later was taken.
struct SyncCursor: Equatable {
  /// What the client has seen everything of; nil for a client that begins.
  var since: SyncSnapshot?
  /// What it will have seen when this sync is through; nil between syncs.
  var target: SyncSnapshot?
  /// The newest row of `history` that `target` saw, or `since`.
  var row: UUID?
  /// Within a sync: the last chat and the last user that were told; nil where there are no more.
  var chat: UUID?
  var user: UUID?
  /// Whose cursor this is: one user's is of no use to another.
  let owner: UUID
  /// Seconds since 1970, of the sync's first page.
  let issued: Int64

  private static let version: UInt8 = 2

  var text: String {
    var writer = ByteWriter()
    writer.bytes = [Self.version]
    writer.put(owner)
    writer.put(UInt64(bitPattern: issued))
    for snapshot in [since, target] {
      guard let snapshot else {
        writer.put(0 as UInt64)
        continue
      }
      writer.put(snapshot.xmin)
      writer.put(snapshot.xmax - snapshot.xmin)
      writer.put(UInt64(snapshot.running.count))
      var last = snapshot.xmin
      for xid in snapshot.running {
        writer.put(xid - last)
        last = xid
      }
    }
    for place in [row, chat, user] {
      writer.put((place == nil ? 0 : 1) as UInt64)
      if let place { writer.put(place) }
    }
    return Base64URL.encode(writer.bytes)
  }

  init(
    owner: UUID, issued: Int64, since: SyncSnapshot?, target: SyncSnapshot? = nil, row: UUID?, chat: UUID? = nil,
    user: UUID? = nil
  ) {
    self.owner = owner
    self.issued = issued
    self.since = since
    self.target = target
    self.row = row
    self.chat = chat
    self.user = user
  }

  /// The moment that it is of; nil for a client that begins.
  var mark: HistoryMark? {
    guard let row, let snapshot = target ?? since else { return nil }
    return HistoryMark(row: row, snapshot)
  }

  /// Nil for what this type did not write, or not in the next 30,000 years. A client may forge one; then it misleads itself.
  init?(_ text: String) {
    guard let bytes = Base64URL.decode(text), bytes.first == Self.version else { return nil }
    var reader = ByteReader(bytes: bytes.dropFirst())
    guard let owner = reader.uuid(), let issued = reader.number(), issued < 1 << 40, let since = reader.snapshot(),
      let target = reader.snapshot(), let row = reader.place(), let chat = reader.place(), let user = reader.place(),
      reader.bytes.isEmpty
    else { return nil }
    self.init(
      owner: owner, issued: Int64(issued), since: since.value, target: target.value, row: row.value,
      chat: chat.value,
      user: user.value)
    // Who has seen something has seen it in a history.
    guard (mark == nil) == (self.since == nil && self.target == nil) else { return nil }
  }
}

/// Numbers in LEB128, ids as they are.
private struct ByteWriter {
  var bytes: [UInt8] = []

  mutating func put(_ number: UInt64) {
    var rest = number
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  mutating func put(_ id: UUID) {
    for half in [id.high, id.low] { withUnsafeBytes(of: half.bigEndian) { bytes.append(contentsOf: $0) } }
  }
}

private struct ByteReader {
  var bytes: ArraySlice<UInt8>

  /// What may be absent, beside what is not well-formed.
  struct Found<Value> {
    let value: Value?
  }

  mutating func number() -> UInt64? {
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 64, by: 7) {
      guard let byte = bytes.popFirst(), shift < 63 || byte < 2 else { return nil }
      value |= UInt64(byte & 0x7f) << shift
      if byte < 0x80 { return value }
    }
    return nil
  }

  mutating func uuid() -> UUID? {
    guard bytes.count >= 16 else { return nil }
    let halves = [bytes.prefix(8), bytes.dropFirst(8).prefix(8)].map { $0.reduce(UInt64(0)) { $0 << 8 | UInt64($1) } }
    bytes = bytes.dropFirst(16)
    return UUID(high: halves[0], low: halves[1])
  }

  mutating func place() -> Found<UUID>? {
    switch number() {
    case 0: return Found(value: nil)
    case 1: return uuid().map { Found(value: $0) }
    default: return nil
    }
  }

  mutating func snapshot() -> Found<SyncSnapshot>? {
    guard let xmin = number() else { return nil }
    // No transaction has the number 0.
    guard xmin > 0 else { return Found(value: nil) }
    // Far below 2⁶³, so that no sum overflows and PostgreSQL reads it.
    let limit: UInt64 = 1 << 60
    guard xmin < limit, let width = number(), width < limit, let count = number(), count <= bytes.count else {
      return nil
    }
    var running: [UInt64] = []
    var last = xmin
    for _ in 0..<count {
      guard let step = number(), step < limit, last < limit else { return nil }
      last += step
      running.append(last)
    }
    return SyncSnapshot(xmin: xmin, xmax: xmin + width, running: running).map { Found(value: $0) }
  }
}
