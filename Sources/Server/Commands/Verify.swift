import ArgumentParser
import Contract
import Glibc
import JSONSchema
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

  @Option(help: "The first document, in JSON, from a file. Default: the server's own")
  var openapi: String?

  @Option(help: "The second document, in JSON, from a file. Default: the server's own")
  var events: String?

  @Option(
    help: "Accounts to sign in with where not everybody may register, from a file: a JSON array of bodies that do so")
  var accounts: String?

  @Option(help: "A file for all that the server says, with what is wrong with it, a line of JSON each")
  var transcript: String?

  func run() async throws {
    guard let address = ServerAddress(url) else { throw ValidationError("\(url) is no URL like http://127.0.0.1:3000") }
    let verifier: Verifier
    let contract: Contract
    let prepared: [JSONValue]
    do {
      let write = try transcript.map(Self.writer)
      verifier = Verifier(address: address, group: .singletonMultiThreadedEventLoopGroup, transcript: write ?? { _ in })
      prepared = try accounts.map { try Verifier.accounts(Self.read($0)) } ?? []
      contract = try await verifier.contract(openapi: openapi.map(Self.read), events: events.map(Self.read))
    } catch {
      throw Startup.exit(
        Startup.Failure(line: "\(url) can't be verified: \((error as? Startup.Failure)?.line ?? "\(error)")"))
    }
    let report = await verifier.verify(contract, accounts: prepared)
    for line in report.lines { Startup.print(line) }
    if report.hasFailed { throw ExitCode(1) }
  }

  /// Appends lines to a new file, from any thread.
  private static func writer(_ path: String) throws -> @Sendable (String) -> Void {
    // With O_APPEND, what is written at once stays together.
    let descriptor = Glibc.open(path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw Startup.Failure(line: "\(path) can't be written") }
    return { line in
      let bytes = Array((line + "\n").utf8)
      if Glibc.write(descriptor, bytes, bytes.count) != bytes.count {
        Startup.complain("\(path) can't be written to its end")
      }
    }
  }

  /// Documents are not longer than what a server may answer.
  private static let maxDocument = 16 << 20

  static func read(_ path: String) throws -> [UInt8] {
    guard let file = fopen(path, "r") else { throw Startup.Failure(line: "\(path) can't be read") }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    while case let count = fread(&piece, 1, piece.count, file), count > 0 {
      bytes += piece[..<count]
      guard bytes.count <= maxDocument else { throw Startup.Failure(line: "\(path) has more than 16 MB") }
    }
    return bytes
  }
}
