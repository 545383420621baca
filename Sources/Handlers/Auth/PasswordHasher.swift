import CCrypt
import NIOCore
import NIOPosix
import Synchronization

/// bcrypt on a thread pool of its own, so that 60 ms of hashing never delay an event loop, with a queue that ends.
public final class PasswordHasher: Sendable {
  /// The logarithm of bcrypt's rounds. About 60 ms of a core for each password.
  static let cost: UInt = 10

  /// Passwords that may wait for a thread. At 60 ms each on two cores the last one waits two seconds.
  static let queueLimit = 64

  enum Failure: Error, Equatable {
    /// Too many passwords wait already: answer 429, and let the client try again after `retryAfter` seconds.
    case busy(retryAfter: Int)
    /// libcrypt refused the hash or the setting. Never for a hash that this class made.
    case unusable
  }

  private let pool: NIOThreadPool
  private let threads: Int
  private let waiting = Atomic<Int>(0)
  private let workspaces = Mutex<[Workspace]>([])

  /// - Parameter threads: how many passwords are hashed at once; the number of cores.
  public init(threads: Int = System.coreCount) {
    self.threads = threads
    pool = NIOThreadPool(numberOfThreads: threads)
    pool.start()
  }

  /// Ends the threads after the passwords that are in work. Whatever is hashed later fails.
  public func shutdown() async {
    try? await pool.shutdownGracefully()
  }

  /// The hash of a new password, with a salt of its own: `$2b$10$…`.
  func hash(_ password: String) async throws -> String {
    try await run { workspace in
      guard let setting = Self.setting() else { throw Failure.unusable }
      return try workspace.crypt(password, setting: setting)
    }
  }

  /// Whether `password` is the one that `hash` was made of.
  func verify(_ password: String, hash: String) async throws -> Bool {
    try await run { workspace in
      let computed = Array(try workspace.crypt(password, setting: hash).utf8)
      let expected = Array(hash.utf8)
      guard computed.count == expected.count else { return false }
      // In constant time, though an attacker does not choose what is compared: it costs nothing.
      return zip(computed, expected).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    }
  }

  /// Takes as long as `verify`, so that the time of a login does not tell whether the account exists.
  func verifyNothing(_ password: String) async throws {
    // The hash of a random password, made by this class's `hash`.
    _ = try await verify(password, hash: "$2b$10$UMX7aS5PMmI1TQQUF/pMyOealCpEWnl.XKmbpZl0W2QVeoEC8qFMK")
  }

  private func run<Result: Sendable>(_ work: @escaping @Sendable (Workspace) throws -> Result) async throws -> Result {
    let ahead = waiting.wrappingAdd(1, ordering: .relaxed).oldValue
    defer { waiting.wrappingSubtract(1, ordering: .relaxed) }
    guard ahead < threads + Self.queueLimit else { throw Failure.busy(retryAfter: 2) }
    return try await pool.runIfActive {
      // One workspace a thread: at most as many are taken at once as there are threads.
      let workspace = self.workspaces.withLock { $0.popLast() } ?? Workspace()
      defer { self.workspaces.withLock { $0.append(workspace) } }
      return try work(workspace)
    }
  }

  /// A fresh salt as crypt(5) writes it; libxcrypt takes its randomness from the kernel.
  private static func setting() -> String? {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(CRYPT_GENSALT_OUTPUT_SIZE)) { output in
      guard crypt_gensalt_rn("$2b$", cost, nil, 0, output.baseAddress, Int32(output.count)) != nil else { return nil }
      return output.baseAddress.map { String(cString: $0) }
    }
  }
}

/// crypt_r's state: 32 KiB, too much for a stack.
///
/// `@unchecked Sendable`: it is only used by the one thread that has taken it out of `PasswordHasher.workspaces`.
private final class Workspace: @unchecked Sendable {
  private let data = UnsafeMutablePointer<crypt_data>.allocate(capacity: 1)

  init() {
    // All zero is what crypt(3) asks of a new crypt_data.
    UnsafeMutableRawPointer(data).initializeMemory(as: UInt8.self, repeating: 0, count: MemoryLayout<crypt_data>.size)
  }

  deinit { data.deallocate() }

  func crypt(_ password: String, setting: String) throws -> String {
    // crypt_rn answers nil for a failure, where crypt_r would answer a "failure token" that looks like a hash.
    let size = Int32(MemoryLayout<crypt_data>.size)
    guard let hash = crypt_rn(password, setting, data, size) else { throw PasswordHasher.Failure.unusable }
    let result = String(cString: hash)
    // The workspace held the password and its key schedule.
    UnsafeMutableRawPointer(data).initializeMemory(as: UInt8.self, repeating: 0, count: Int(size))
    return result
  }
}
