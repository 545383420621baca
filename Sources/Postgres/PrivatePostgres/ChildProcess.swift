import CSpawn
import Glibc

/// Starts programs with a clean environment, signal mask and set of descriptors.
enum ChildProcess {
  private static let setpriv = "/usr/bin/setpriv"

  /// Starts `arguments[0]`. Its input is empty; its output goes to the end of the file `output`.
  ///
  /// `as` names a user to become (needs root). With `dyingWithUs` it gets SIGINT when the calling thread ends.
  /// `passing` is a descriptor that it inherits, as number 3.
  static func spawn(
    _ arguments: [String], as user: SystemUser?, dyingWithUs: Bool = false, output: String = "/dev/null",
    passing descriptor: Int32? = nil
  ) throws(PostgresError) -> pid_t {
    var command: [String] = []
    if let user {
      command += ["--reuid=\(user.uid)", "--regid=\(user.gid)", "--init-groups"]
    }
    if dyingWithUs { command += ["--pdeathsig", "INT"] }
    if access(setpriv, X_OK) == 0 {
      if !command.isEmpty { command = [setpriv] + command + ["--"] }
    } else if user != nil {
      throw PostgresError(.privatePostgres, "\(setpriv) is missing; install it: apt-get install util-linux")
    } else {
      command = []
    }
    command += arguments

    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    // The folder belongs to PostgreSQL's user: root follows no link that was put there.
    posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW, 0o600)
    posix_spawn_file_actions_adddup2(&actions, 1, 2)
    if let descriptor { posix_spawn_file_actions_adddup2(&actions, descriptor, 3) }
    posix_spawn_file_actions_addclosefrom_np(&actions, descriptor == nil ? 3 : 4)
    // initdb and postgres ask where they are, and the user may not be allowed to know.
    posix_spawn_file_actions_addchdir_np(&actions, "/")

    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    sigfillset(&signals)
    posix_spawnattr_setsigdefault(&attributes, &signals)
    // A group of its own: Ctrl-C in the terminal is for us, who stop it when the clients are done.
    posix_spawnattr_setpgroup(&attributes, 0)
    posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP))

    let environment = ["PATH=/usr/local/bin:/usr/bin:/bin", "LC_ALL=C.UTF-8", "TZ=UTC"]
    var pid = pid_t()
    let status = withCStrings(command) { argv in
      withCStrings(environment) { envp in posix_spawn(&pid, command[0], &actions, &attributes, argv, envp) }
    }
    guard status == 0 else {
      throw PostgresError(.privatePostgres, "\(command[0]) cannot be started: \(String(cString: strerror(status)))")
    }
    return pid
  }

  /// Starts a program and waits for its end. True if it exits with 0.
  static func run(
    _ arguments: [String], as user: SystemUser?, output: String = "/dev/null"
  ) throws(PostgresError) -> Bool {
    let pid = try spawn(arguments, as: user, dyingWithUs: true, output: output)
    var code: Int32 = 0
    while waitpid(pid, &code, 0) < 0 {
      guard errno == EINTR else { throw .system("waitpid") }
    }
    return code == 0
  }

  /// What a wait status says (wait(2)): the exit code is in the second byte, the signal in the first.
  static func describe(_ code: Int32) -> String {
    let signal = code & 0x7f
    return signal == 0 ? "exit \(code >> 8 & 0xff)" : "signal \(signal)"
  }

  private static func withCStrings<Output>(
    _ texts: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Output
  ) -> Output {
    let copies = texts.map { strdup($0) }
    defer { for copy in copies { free(copy) } }
    return (copies + [nil]).withUnsafeBufferPointer { buffer in
      guard let start = buffer.baseAddress else { preconditionFailure("there is at least the terminator") }
      return body(start)
    }
  }
}
