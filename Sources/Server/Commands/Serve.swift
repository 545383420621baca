import ArgumentParser
import Logging
import ServiceLifecycle

/// `letschat serve`
struct Serve: AsyncParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Serve until SIGTERM or SIGINT.")

  @Option(help: "Where to listen (HOST). Default: 127.0.0.1")
  var host: String?

  // Text, so that what is wrong with it is said together with all else.
  @Option(help: "Where to listen (PORT); 0 takes any free port. Default: 3000")
  var port: String?

  @Option(name: .customLong("data-dir"), help: "What the server keeps (DATA_DIR). Default: .letschat")
  var dataDirectory: String?

  @Flag(
    name: .customLong("check-responses"),
    help: "Judge all that leaves the server by the documents, and log what breaks them (CHECK_RESPONSES).")
  var checksResponses = false

  func run() async throws {
    Memory.keepTogether()
    let configuration = try Startup.configuration(
      .init(host: host, port: port, dataDirectory: dataDirectory, checksResponses: checksResponses))
    let log = Startup.log(level: configuration.logLevel)
    defer { log.close() }
    let logger = Logger(label: "letschat")
    let server = ChatServer(configuration: configuration, log: log, logger: logger)
    var group = ServiceGroupConfiguration(
      services: [.init(service: server, successTerminationBehavior: .gracefullyShutdownGroup)],
      gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
    // The server has its own bounds, which are shorter; this one is for what must never happen.
    group.maximumGracefulShutdownDuration = .seconds(20)
    do {
      try await ServiceGroup(configuration: group).run()
    } catch {
      throw Startup.exit(error)
    }
  }
}
