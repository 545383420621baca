import ArgumentParser
import Glibc
import Handlers
import Logging
import NIOCore
import Postgres

/// What the commands have in common: reading the configuration, and saying in one line what went wrong.
enum Startup {
  /// Codes of sysexits.h.
  private static let configurationError: Int32 = 78
  private static let unavailable: Int32 = 69

  /// Something that keeps the server from starting, in one line for who starts it.
  struct Failure: Error {
    let line: String
  }

  static func configuration(_ flags: ServerConfiguration.Flags) throws -> ServerConfiguration {
    // Touched now, for it is the time of the first use.
    _ = ServerInfo.startedAt
    // A client or a log reader that goes away is an error of the write, not the end of the process.
    signal(SIGPIPE, SIG_IGN)
    do throws(ServerConfiguration.Failure) {
      return try ServerConfiguration(flags: flags, environment: ServerConfiguration.environment())
    } catch {
      for line in error.lines { complain(line) }
      throw ExitCode(configurationError)
    }
  }

  /// Sends all logs of the process to standard error, as lines of JSON.
  static func log(level: Logger.Level) -> LogSink {
    let sink = LogSink(descriptor: STDERR_FILENO)
    LoggingSystem.bootstrap { JSONLogHandler(label: $0, sink: sink, level: level) }
    return sink
  }

  /// Runs `body` with the connection string of the configured database, or of the private PostgreSQL, which runs as long.
  static func withDatabase<Result: Sendable>(
    _ configuration: ServerConfiguration, logger: Logger, _ body: (String) async throws -> Result
  ) async throws -> Result {
    if let url = configuration.databaseURL { return try await body(url.revealed) }
    var settings = PrivatePostgres.Configuration(dataDirectory: configuration.dataDirectory)
    settings.stopTimeout = .seconds(5)
    let postgres = PrivatePostgres(configuration: settings, logger: logger)
    let url = try await postgres.start()
    do {
      let result = try await body(url)
      await postgres.stop()
      return result
    } catch {
      await postgres.stop()
      throw error
    }
  }

  /// Says what ended the server, and with which code it exits.
  static func exit(_ error: any Error) -> ExitCode {
    switch error {
    case let error as Failure: complain(error.line)
    case let error as SecretFile.Failure: complain(error.description)
    case let error as PostgresError:
      complain(error.description)
      if error.code == .badConfiguration { return ExitCode(configurationError) }
    case is CancellationError: return .success
    default: complain("\(error)")
    }
    return ExitCode(unavailable)
  }

  static func complain(_ line: String) {
    write("letschat: " + line, to: STDERR_FILENO)
  }

  static func print(_ line: String) {
    write(line, to: STDOUT_FILENO)
  }

  private static func write(_ line: String, to descriptor: CInt) {
    // One line stays one, whatever an error's description holds.
    let bytes = Array((line.split(whereSeparator: \.isNewline).joined(separator: " ") + "\n").utf8)
    _ = Glibc.write(descriptor, bytes, bytes.count)
  }
}
