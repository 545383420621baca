import CCrypt
import NIOCore
import NIOPosix
import ProtocolRuntime
import Synchronization

/// bcrypt on a thread pool of its own, so that 60 ms of hashing never delay an event loop, with a queue that ends and that
/// nobody can fill for others.
public final class PasswordHasher: Sendable {
  /// The logarithm of bcrypt's rounds. About 60 ms of a core for each password.
  static let cost: UInt = 10

  enum Failure: Error, Equatable {
    /// Too many passwords wait already: answer 429, and let the client try again after `retryAfter` seconds.
    case busy(retryAfter: Int)
    /// libcrypt refused the hash or the setting. Never for a hash that this class made.
    case unusable
  }

  private struct Job: Sendable {
    /// Does the work, or fails it.
    let end: @Sendable (Result<Workspace, any Error>) -> Void
  }

  private struct State {
    /// Who came in from the same address before, and everybody else: they take turns. A name that nobody has is among
    /// the latter, and so is a user from a new address: what a stranger is made to wait tells nothing of the name.
    var familiar: FairQueue<Job>
    var strangers: FairQueue<Job>
    var isStrangersTurn = false
    var running = 0
    var isOver = false

    mutating func push(_ job: Job, of share: HashingShare) -> FairQueue<Job>.Admission {
      share.isFamiliar
        ? familiar.push(job, address: share.address, account: share.account)
        : strangers.push(job, address: share.address, account: share.account)
    }

    mutating func pop() -> Job? {
      isStrangersTurn.toggle()
      return isStrangersTurn ? strangers.pop() ?? familiar.pop() : familiar.pop() ?? strangers.pop()
    }

    var waiting: Int { familiar.count + strangers.count }
  }

  private let pool: NIOThreadPool
  private let threads: Int
  private let state: Mutex<State>
  private let workspaces = Mutex<[Workspace]>([])

  /// - Parameter threads: how many passwords are hashed at once; the number of cores.
  public convenience init(threads: Int = System.coreCount) {
    self.init(threads: threads, shares: FairShares())
  }

  init(threads: Int, shares: FairShares) {
    self.threads = threads
    state = Mutex(State(familiar: FairQueue(shares: shares), strangers: FairQueue(shares: shares)))
    pool = NIOThreadPool(numberOfThreads: threads)
    pool.start()
  }

  /// Ends the threads after the passwords that are in work. Whatever waits or is hashed later fails.
  public func shutdown() async {
    state.withLock { $0.isOver = true }
    try? await pool.shutdownGracefully()
  }

  /// The hash of a new password, with a salt of its own: `$2b$10$…`.
  func hash(_ password: String, for share: HashingShare) async throws -> String {
    try await run(share) { workspace in
      guard let setting = Self.setting() else { throw Failure.unusable }
      return try workspace.crypt(password, setting: setting)
    }
  }

  /// Which of the forms of a password is the one that `hash` was made of: the first that fits, or nil.
  ///
  /// - Parameter forms: one or two. They have one turn together.
  func verify(_ forms: [String], hash: String, for share: HashingShare) async throws -> Int? {
    try await run(share) { workspace in
      let expected = Array(hash.utf8)
      return try forms.firstIndex { form in
        let computed = Array(try workspace.crypt(form, setting: hash).utf8)
        guard computed.count == expected.count else { return false }
        // In constant time, though an attacker does not choose what is compared: it costs nothing.
        return zip(computed, expected).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
      }
    }
  }

  /// Takes as long as `verify`, so that the time of a login does not tell whether the account exists.
  func verifyNothing(_ forms: [String], for share: HashingShare) async throws {
    // The hash of a random password, made by this class's `hash`.
    _ = try await verify(
      forms, hash: "$2b$10$UMX7aS5PMmI1TQQUF/pMyOealCpEWnl.XKmbpZl0W2QVeoEC8qFMK", for: share)
  }

  // MARK: - Turns

  private func run<Value: Sendable>(
    _ share: HashingShare, _ work: @escaping @Sendable (Workspace) throws -> Value
  ) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
      admit(Job { workspace in continuation.resume(with: Result { try work(try workspace.get()) }) }, share)
    }
  }

  private func admit(_ job: Job, _ share: HashingShare) {
    let (begins, refused, waiting) = state.withLock { state -> (Bool, Job?, Int) in
      // While a thread is free, nobody waits.
      if state.running < threads {
        state.running += 1
        return (true, nil, 0)
      }
      return switch state.push(job, of: share) {
      case .waits(let displaced): (false, displaced, state.waiting)
      case .full: (false, job, state.waiting)
      }
    }
    if begins { pool.submit { _ in self.work(beginningWith: job) } }
    refused?.end(.failure(Failure.busy(retryAfter: Self.retryAfter(waiting: waiting, threads: threads))))
  }

  /// Seconds until what waits now has been hashed.
  private static func retryAfter(waiting: Int, threads: Int) -> Int {
    max(1, (waiting * 60 / threads + 999) / 1000)
  }

  private func work(beginningWith job: Job) {
    // One workspace a thread: at most as many are taken at once as there are threads.
    let workspace = workspaces.withLock { $0.popLast() } ?? Workspace()
    var next = Optional(job)
    var isOver = state.withLock { $0.isOver }
    while let job = next {
      job.end(isOver ? .failure(UnavailableError("The server is about to end.")) : .success(workspace))
      (next, isOver) = state.withLock { state in
        let next = state.pop()
        if next == nil { state.running -= 1 }
        return (next, state.isOver)
      }
    }
    workspaces.withLock { $0.append(workspace) }
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
