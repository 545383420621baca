#if NUMBERED_CHECKS
  import ArgumentParser
  import Logging
  import ServiceLifecycle

  /// `letschat sweep-checks`, of the build of scripts/check-sweep alone.
  struct SweepChecks: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Switch off each generated check in turn, and see whether what `verify` sends notices it.",
      discussion: "Without limits (RATE_LIMIT_SCALE=0) all checks but these, with limits these alone.")

    @Option(help: "The changes that nothing is known to notice, a line each: NAME, CHANGE and REASON between tabs.")
    var unnoticed: String

    func run() async throws {
      let configuration = try Startup.configuration(.init())
      let log = Startup.log(level: .error)
      defer { log.close() }
      let logger = Logger(label: "letschat")
      let clock = SweepClock()
      let server = ChatServer(configuration: configuration, log: log, logger: logger) { clock.now }
      let subject = configuration.rateLimitScale > 0 ? CheckSweep.Subject.limits(clock) : .allButLimits
      let sweep = CheckSweep(subject, port: configuration.port, known: try KnownUnnoticed(path: unnoticed))
      let group = ServiceGroupConfiguration(
        services: [
          .init(service: server, successTerminationBehavior: .gracefullyShutdownGroup),
          .init(service: sweep, successTerminationBehavior: .gracefullyShutdownGroup),
        ], logger: logger)
      do {
        try await ServiceGroup(configuration: group).run()
      } catch {
        throw Startup.exit(error)
      }
      if sweep.hasFailed { throw ExitCode(1) }
    }
  }
#endif
