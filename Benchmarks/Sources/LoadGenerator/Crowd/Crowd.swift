import FoundationEssentials
import Glibc

/// Who is told of what happens to a crowd's connections.
protocol CrowdListener: AnyObject {
  /// A connection is in the namespace.
  ///
  /// - Parameter nanoseconds: Since TCP's first packet.
  func joined(_ member: Int, after nanoseconds: UInt64)
  /// An event; the octets are gone after the call.
  func received(_ packet: UnsafeRawBufferPointer, by member: Int, at now: UInt64)
  /// A connection is lost or was never had, by no wish of ours.
  func ended(_ member: Int, _ failure: Failure)
}

/// Thousands of Socket.IO connections of one thread: WebSocket from the start, the namespace `/`, text only.
///
/// It stands on epoll and has one buffer for all, since its own CPU is taken from the server that it measures: NIO's
/// pipeline would cost each delivery three times as much.
public final class Crowd {
  private let target: LoopbackAddress
  private let members: [Member]
  private var poller: Poller
  private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: ServerFrame.longest + 65536, alignment: 16)
  private var isInputOpen = true
  private var isInputReady = false
  weak var listener: (any CrowdListener)?

  /// The number by which the poller tells of standard input.
  private static let input = Int(UInt32.max)

  /// - Parameter tokens: Access tokens; the connections take them in turn. Empty for a server that wants none.
  public init(target: LoopbackAddress, count: Int, tokens: [String] = []) throws {
    self.target = target
    members = (0..<count).map {
      Member(number: $0, auth: tokens.isEmpty ? "" : "{\"token\":\"\(tokens[$0 % tokens.count])\"}")
    }
    poller = try Poller()
  }

  deinit {
    for member in members where member.descriptor >= 0 { Glibc.close(member.descriptor) }
    buffer.deallocate()
  }

  public var count: Int { members.count }
  var joinedCount: Int { members.count { $0.phase == .joined } }

  // MARK: - The loop

  /// Waits until something happens or the time has come, and deals with all that has happened.
  func turn(until: UInt64) {
    let count = poller.wait(until: until)
    for index in 0..<count {
      let number = poller.number(ready: index)
      if number == Self.input {
        isInputReady = true
      } else {
        proceed(members[number])
      }
    }
  }

  /// Keeps the connections alive until a line or the end of standard input, or until the time has come.
  ///
  /// - Returns: Whether there was a line.
  public func waitForLine(until deadline: UInt64 = .max) -> Bool {
    guard isInputOpen else { return false }
    isInputReady = false
    // A file is always ready, and can't be waited for.
    guard poller.add(0, number: Self.input, .reading) else { return readLine() != nil }
    defer { poller.remove(0) }
    while !isInputReady, MonotonicClock.now() < deadline { turn(until: min(deadline, MonotonicClock.now() + second)) }
    guard isInputReady else { return false }
    var octet: UInt8 = 0
    while true {
      guard read(0, &octet, 1) == 1 else {
        isInputOpen = false
        return false
      }
      if octet == UInt8(ascii: "\n") { return true }
    }
  }

  private func proceed(_ member: Member) {
    switch member.phase {
    case .away: break
    case .connecting: connected(member)
    case .upgrading, .opening, .joining, .joined:
      if !member.unsent.isEmpty { flush(member) }
      receive(member)
    }
  }

  // MARK: - Opening and ending

  /// Begins to connect.
  func open(_ number: Int) throws {
    let member = members[number]
    precondition(member.phase == .away)
    member.descriptor = try target.connect(from: number)
    member.begun = MonotonicClock.now()
    member.phase = .connecting
    member.unread = []
    member.unsent = []
    poller.add(member.descriptor, number: number, .writing)
  }

  private func connected(_ member: Member) {
    var code: CInt = 0
    var size = socklen_t(MemoryLayout<CInt>.size)
    guard getsockopt(member.descriptor, SOL_SOCKET, SO_ERROR, &code, &size) == 0, code == 0 else {
      return end(member, .connect)
    }
    poller.change(member.descriptor, number: member.number, .reading)
    member.phase = .upgrading
    // RFC 6455 §4.1: 16 octets by chance, in base64.
    let key = Data((0..<16).map { _ in UInt8.random(in: 0...255) }).base64EncodedString()
    write(
      member,
      Array(
        """
        GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r
        Host: \(target.authority)\r
        Upgrade: websocket\r
        Connection: Upgrade\r
        Sec-WebSocket-Version: 13\r
        Sec-WebSocket-Key: \(key)\r
        \r

        """.utf8))
  }

  /// Cuts a connection as a network does: the server gets a reset, and no port waits for minutes.
  func cut(_ number: Int) {
    drop(members[number])
  }

  private func drop(_ member: Member) {
    guard member.descriptor >= 0 else { return }
    var linger = linger(l_onoff: 1, l_linger: 0)
    setsockopt(member.descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout.size(ofValue: linger)))
    // Closing takes it out of the poller.
    Glibc.close(member.descriptor)
    member.descriptor = -1
    member.phase = .away
  }

  private func end(_ member: Member, _ failure: Failure) {
    guard member.phase != .away else { return }
    drop(member)
    listener?.ended(member.number, failure)
  }

  // MARK: - Sending

  func send(_ packet: some Collection<UInt8>, from number: Int) {
    send(.text, packet, members[number])
  }

  private func send(_ kind: ServerFrame.Kind, _ payload: some Collection<UInt8>, _ member: Member) {
    guard member.phase != .away else { return }
    write(member, ClientFrame.encode(kind, payload, key: .random(in: .min ... .max)))
  }

  private func write(_ member: Member, _ octets: [UInt8]) {
    let wasEmpty = member.unsent.isEmpty
    member.unsent += octets
    if wasEmpty { flush(member) }
  }

  private func flush(_ member: Member) {
    let sent = member.unsent.withUnsafeBytes {
      Glibc.send(member.descriptor, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL))
    }
    if sent < 0, errno != EAGAIN { return end(member, .closed) }
    let wasWaiting = member.unsent.count > max(0, sent)
    member.unsent.removeFirst(max(0, sent))
    poller.change(member.descriptor, number: member.number, wasWaiting ? [.reading, .writing] : .reading)
  }

  // MARK: - Receiving

  private func receive(_ member: Member) {
    guard member.phase != .away, let base = buffer.baseAddress else { return }
    let kept = member.unread.count
    buffer.copyBytes(from: member.unread)
    let received = recv(member.descriptor, base + kept, buffer.count - kept, 0)
    guard received > 0 else {
      if received == 0 || errno != EAGAIN { end(member, .closed) }
      return
    }
    let octets = UnsafeRawBufferPointer(start: base, count: kept + received)
    do {
      let taken = try take(octets, member, now: MonotonicClock.now())
      if taken < octets.count {
        member.unread = Array(octets[taken...])
      } else if kept > 0 {
        member.unread = []
      }
    } catch {
      end(member, .framing)
    }
  }

  /// - Returns: How many octets were dealt with.
  private func take(
    _ octets: UnsafeRawBufferPointer, _ member: Member, now: UInt64
  ) throws(ServerFrame.Unreadable) -> Int {
    var place = 0
    if member.phase == .upgrading {
      guard let end = Self.endOfHead(octets) else { return 0 }
      guard octets.starts(with: "HTTP/1.1 101 ".utf8) else {
        self.end(member, .refused)
        return octets.count
      }
      member.phase = .opening
      place = end
    }
    while member.phase != .away, let frame = try ServerFrame.read(octets, at: place) {
      place = frame.payload.upperBound
      let payload = UnsafeRawBufferPointer(rebasing: octets[frame.payload])
      switch frame.kind {
      case .text: received(payload, member, now: now)
      case .ping: send(.pong, payload, member)
      case .pong: break
      case .binary, .close: end(member, .closed)
      }
    }
    return place
  }

  private static func endOfHead(_ octets: UnsafeRawBufferPointer) -> Int? {
    let mark = Array("\r\n\r\n".utf8)
    guard octets.count >= mark.count else { return nil }
    let start = (0...(octets.count - mark.count)).first { octets[$0..<($0 + mark.count)].elementsEqual(mark) }
    return start.map { $0 + mark.count }
  }

  private func received(_ packet: UnsafeRawBufferPointer, _ member: Member, now: UInt64) {
    guard let engine = packet.first else { return }
    let socket = packet.count > 1 ? packet[1] : 0
    switch (engine, socket, member.phase) {
    // 42: an event.
    case (0x34, 0x32, .joined): listener?.received(packet, by: member.number, at: now)
    // 0: Engine.IO's handshake.
    case (0x30, _, .opening):
      member.phase = .joining
      send(.text, Array("40\(member.auth)".utf8), member)
    // 40: the namespace was joined.
    case (0x34, 0x30, .joining):
      member.phase = .joined
      listener?.joined(member.number, after: now - member.begun)
    // 2: a ping.
    case (0x32, _, _): send(.text, "3".utf8, member)
    // 44: the namespace was refused.
    case (0x34, 0x34, _): end(member, .refused)
    // 1, 41: the server is done with the connection, or with this namespace.
    case (0x31, _, _), (0x34, 0x31, _): end(member, .closed)
    default: break
    }
  }
}

let second: UInt64 = 1_000_000_000
