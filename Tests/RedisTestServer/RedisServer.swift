import CSpawn
import Foundation
import Glibc
import Synchronization

/// A Redis of a test's own, on a unix socket in a folder that is removed at the end.
public final class RedisServer: Sendable {
  public struct Failure: Error, CustomStringConvertible {
    public let description: String
  }

  private let folder: String
  private let options: [String]
  private let pid = Mutex<pid_t?>(nil)

  public var url: String { "unix://\(folder)/redis.sock" }

  public init(_ options: String...) throws {
    folder = "/tmp/letschat-redis-\(UUID().uuidString.prefix(8))"
    self.options = options
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    try start()
  }

  deinit {
    kill()
    try? FileManager.default.removeItem(atPath: folder)
  }

  /// Starts it; clients find out by themselves when it takes connections.
  public func start() throws {
    let program = try program()
    let arguments =
      [program, "--port", "0", "--unixsocket", "\(folder)/redis.sock", "--dir", folder]
      + ["--save", "", "--appendonly", "no", "--logfile", "\(folder)/log"] + options
    var child = pid_t()
    // A connection of another test that Redis has a copy of does not end when its client closes it.
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addclosefrom_np(&actions, 3)
    let copies = arguments.map { strdup($0) }
    defer { for copy in copies { free(copy) } }
    let status = (copies + [nil]).withUnsafeBufferPointer { arguments in
      arguments.baseAddress.map { posix_spawn(&child, program, &actions, nil, $0, environ) } ?? EINVAL
    }
    guard status == 0 else {
      throw Failure(description: "redis-server cannot be started: \(String(cString: strerror(status)))")
    }
    pid.withLock { $0 = child }
  }

  /// Where there is no redis-server: Debian's redis-tools has the same program under another name, without the service
  /// of the system that the package redis-server installs. It does as it is called.
  private func program() throws -> String {
    let directories = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin").split(separator: ":")
    if let directory = directories.first(where: { access("\($0)/redis-server", X_OK) == 0 }) {
      return "\(directory)/redis-server"
    }
    guard let directory = directories.first(where: { access("\($0)/redis-check-rdb", X_OK) == 0 }) else {
      throw Failure(description: "Redis is not installed: apt-get install redis-tools")
    }
    let link = "\(folder)/redis-server"
    if access(link, F_OK) != 0 { symlink("\(directory)/redis-check-rdb", link) }
    return link
  }

  public func signal(_ signal: Int32) {
    pid.withLock { pid in
      if let pid { _ = Glibc.kill(pid, signal) }
    }
  }

  /// kill -9, and waits for the end.
  public func kill() {
    pid.withLock { pid in
      guard let child = pid else { return }
      _ = Glibc.kill(child, SIGKILL)
      var status: Int32 = 0
      while waitpid(child, &status, 0) < 0, errno == EINTR {}
      pid = nil
    }
  }
}
