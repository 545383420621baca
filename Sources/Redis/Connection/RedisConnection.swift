import CHiredis
import Glibc
import NIOCore
import Threads

/// A connection of hiredis that does not block, with the waiting around it. Used by one thread.
final class RedisConnection {
  private let context: UnsafeMutablePointer<redisContext>
  /// Whether hiredis holds bytes that the socket did not take yet.
  private(set) var hasUnsentBytes = false
  private(set) var version: String?

  /// Begins to connect. A host's name is looked up here, which may take as long as the system's resolver does.
  private init(_ url: RedisURL) throws(RedisError) {
    let context =
      switch url.address {
      case .tcp(let host, let port): redisConnectNonBlock(host, port)
      case .unix(let path): redisConnectUnixNonBlock(path)
      }
    guard let context else { throw RedisError(.unavailable, "hiredis has no memory") }
    self.context = context
    guard context.pointee.err == 0 else { throw trouble(.unavailable) }
  }

  deinit { redisFree(context) }

  var descriptor: Int32 { context.pointee.fd }

  // hiredis's message. It names no argument.
  private func trouble(_ code: RedisError.Code) -> RedisError {
    let message = withUnsafeBytes(of: &context.pointee.errstr) { bytes in
      String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
    return RedisError(code, message.isEmpty ? "unknown" : message)
  }

  // MARK: Connecting

  /// Connects, and enters: password, database, and what version of Redis it is.
  ///
  /// - Parameter attend: what the thread has to do meanwhile, and when it has to again; throws to give up.
  static func connect(
    _ url: RedisURL, name: String, within timeout: Duration, wakeUp: WakeUp,
    attend: () throws(RedisError) -> ContinuousClock.Instant?
  ) throws(RedisError) -> RedisConnection {
    let deadline = ContinuousClock.now + timeout
    let connection = try RedisConnection(url)
    while true {
      let due = try attend()
      guard wakeUp.wait(watching: connection.descriptor, for: POLLOUT, until: earlier(due, deadline)) == 0 else {
        break
      }
      try stop(at: deadline)
    }
    try connection.checkSocket()
    var commands: [RedisCommand] = []
    if let password = url.password {
      var command = RedisCommand("AUTH")
      if let user = url.user { command.append(user) }
      command.append(password)
      commands.append(command)
    }
    if url.database != 0 {
      var command = RedisCommand("SELECT")
      command.append(String(url.database))
      commands.append(command)
    }
    var naming = RedisCommand("CLIENT")
    naming.append("SETNAME")
    naming.append(name)
    var info = RedisCommand("INFO")
    info.append("server")
    let replies = try connection.exchange(commands + [naming, info], until: deadline, wakeUp: wakeUp, attend)
    for reply in replies.prefix(commands.count) {
      if case .error(let error) = reply {
        // LOADING and MASTERDOWN pass; a wrong password does not, but may be put right.
        let isSetting = ["WRONGPASS", "NOAUTH", "NOPERM"].contains { error.message.hasPrefix($0) }
        throw RedisError(isSetting ? .badConfiguration : .unavailable, "Redis refuses to be entered: \(error.message)")
      }
    }
    if case .error(let error)? = replies.last,
      ["NOAUTH", "LOADING", "MASTERDOWN"].contains(where: { error.message.hasPrefix($0) })
    {
      let isSetting = error.message.hasPrefix("NOAUTH")
      throw RedisError(isSetting ? .badConfiguration : .unavailable, "Redis refuses to be entered: \(error.message)")
    }
    connection.version = replies.last?.string.flatMap(RedisConnection.version(in:))
    return connection
  }

  private static func stop(at deadline: ContinuousClock.Instant) throws(RedisError) {
    if ContinuousClock.now >= deadline { throw RedisError(.unavailable, "Redis did not answer in time") }
  }

  private func checkSocket() throws(RedisError) {
    var code: Int32 = 0
    var length = socklen_t(MemoryLayout<Int32>.size)
    guard getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &code, &length) == 0, code == 0 else {
      throw RedisError(.unavailable, "no connection: \(String(cString: strerror(code == 0 ? errno : code)))")
    }
  }

  private func exchange(
    _ commands: [RedisCommand], until deadline: ContinuousClock.Instant, wakeUp: WakeUp,
    _ attend: () throws(RedisError) -> ContinuousClock.Instant?
  ) throws(RedisError) -> [RedisReply] {
    for command in commands { try append(command) }
    var replies: [RedisReply] = []
    while true {
      try flush()
      let due = try attend()
      let events = wakeUp.wait(
        watching: descriptor, for: POLLIN | (hasUnsentBytes ? POLLOUT : 0), until: earlier(due, deadline))
      if events & ~POLLOUT != 0 {
        try read()
        while let reply = try nextReply() { replies.append(try RedisReply(reply.pointer)) }
      }
      if replies.count >= commands.count { return replies }
      try RedisConnection.stop(at: deadline)
    }
  }

  private static func version(in info: String) -> String? {
    for line in info.split(whereSeparator: \.isNewline) where line.hasPrefix("redis_version:") {
      return String(line.dropFirst("redis_version:".count))
    }
    return nil
  }

  /// Whether this Redis has sharded pub/sub.
  var hasShardedPubSub: Bool { RedisConnection.hasShardedPubSub(version: version) }

  /// From 7.0 on. Who does not tell its version is given a try.
  static func hasShardedPubSub(version: String?) -> Bool {
    guard let major = version?.prefix(while: \.isNumber), let number = Int(major) else { return true }
    return number >= 7
  }

  // MARK: Writing

  /// Puts a command behind those that are not sent yet.
  func append(_ command: RedisCommand) throws(RedisError) {
    let status = command.bytes.withUnsafeReadableBytes { bytes in
      var start = bytes.bindMemory(to: CChar.self).baseAddress
      let arguments: [UnsafePointer<CChar>?] = command.lengths.map { length in
        defer { start = start.map { $0 + length } }
        return start
      }
      return arguments.withUnsafeBufferPointer { arguments in
        // hiredis takes `const char **`, and does not write there.
        redisAppendCommandArgv(
          context, Int32(command.lengths.count), UnsafeMutablePointer(mutating: arguments.baseAddress), command.lengths)
      }
    }
    guard status == REDIS_OK else { throw trouble(.connectionLost) }
    hasUnsentBytes = true
  }

  /// Sends what the socket takes.
  func flush() throws(RedisError) {
    guard hasUnsentBytes else { return }
    var isDone: Int32 = 0
    guard redisBufferWrite(context, &isDone) == REDIS_OK else { throw trouble(.connectionLost) }
    hasUnsentBytes = isDone == 0
  }

  // MARK: Reading

  /// Takes what the socket has, at most 16 KB of it.
  func read() throws(RedisError) {
    guard redisBufferRead(context) == REDIS_OK else { throw trouble(.connectionLost) }
  }

  /// A reply of hiredis, freed at its end.
  struct Reply: ~Copyable {
    let pointer: UnsafePointer<redisReply>

    deinit { freeReplyObject(UnsafeMutablePointer(mutating: pointer)) }
  }

  /// The next complete reply among what was read.
  func nextReply() throws(RedisError) -> Reply? {
    var reply: UnsafeMutableRawPointer?
    guard redisGetReplyFromReader(context, &reply) == REDIS_OK else { throw trouble(.protocolViolation) }
    return reply.map { Reply(pointer: UnsafePointer($0.assumingMemoryBound(to: redisReply.self))) }
  }
}

/// The earlier of two points in time, of which the first may never come.
func earlier(_ first: ContinuousClock.Instant?, _ second: ContinuousClock.Instant) -> ContinuousClock.Instant {
  first.map { min($0, second) } ?? second
}

/// Lets the thread live when it writes to a connection that the other side has closed: hiredis uses write(2), which
/// raises SIGPIPE then. Blocked, the signal stays pending for this thread alone, and write(2) returns EPIPE.
func blockBrokenPipeSignal() {
  var signals = sigset_t()
  sigemptyset(&signals)
  sigaddset(&signals, SIGPIPE)
  pthread_sigmask(SIG_BLOCK, &signals, nil)
}
