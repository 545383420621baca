import ArgumentParser
import Handlers

/// The executable.
@main
struct LetsChat: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "letschat",
    abstract: "A chat server: REST and Socket.IO, durable in PostgreSQL.",
    discussion: """
      All settings but a few are environment variables; .env.example lists them. Without DATABASE_URL the server keeps a \
      private PostgreSQL in its data folder.
      """,
    version: ServerInfo.version, subcommands: subcommands, defaultSubcommand: Serve.self)

  private static var subcommands: [any ParsableCommand.Type] {
    #if NUMBERED_CHECKS
      [Serve.self, Migrate.self, Verify.self, SweepChecks.self]
    #else
      [Serve.self, Migrate.self, Verify.self]
    #endif
  }
}
