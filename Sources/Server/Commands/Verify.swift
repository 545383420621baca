import ArgumentParser
import Contract
import NIOPosix
import Verification

/// `letschat verify`
struct Verify: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Verify that a server does what its documents promise.",
    discussion: """
      Plays the stories of the server's own documents over both doors, sends what breaks one constraint each and what \
      just keeps it, and judges all that comes back. It registers accounts, and leaves what they wrote behind: point it \
      at a server for tests. Ends with 1 where something failed.
      """)

  @Argument(help: "The server: http://host[:port]")
  var url: String

  func run() async throws {
    guard let address = ServerAddress(url) else { throw ValidationError("\(url) is no URL like http://127.0.0.1:3000") }
    let verifier = Verifier(address: address, group: .singletonMultiThreadedEventLoopGroup)
    let contract: Contract
    do {
      contract = try await verifier.fetchContract()
    } catch {
      throw Startup.exit(Startup.Failure(line: "\(url) gives no documents to verify it by: \(error)"))
    }
    let report = await verifier.verify(contract)
    for line in report.lines { Startup.print(line) }
    if report.hasFailed { throw ExitCode(1) }
  }
}
