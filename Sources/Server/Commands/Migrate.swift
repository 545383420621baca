import ArgumentParser
import Handlers
import Logging
import Postgres

/// `letschat migrate`
struct Migrate: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Bring the database's schema up to date, and end.",
    discussion: "`serve` does so by itself; this is for those who want to do it before.")

  @Option(name: .customLong("data-dir"), help: "Where the private PostgreSQL is (DATA_DIR). Default: .letschat")
  var dataDirectory: String?

  func run() async throws {
    let configuration = try Startup.configuration(.init(dataDirectory: dataDirectory))
    let log = Startup.log(level: configuration.logLevel)
    defer { log.close() }
    let logger = Logger(label: "letschat")
    do {
      let applied = try await Startup.withDatabase(configuration, logger: logger) { url in
        try await DatabaseCheck(connectionString: url).run(connections: 1)
        return try await Migrator(connectionString: url, logger: logger).run(Schema.migrations)
      }
      Startup.print("\(applied.count) migrations applied, \(Schema.migrations.count) in all")
    } catch {
      throw Startup.exit(error)
    }
  }
}
