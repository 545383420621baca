import ArgumentParser
import FoundationEssentials
import LoadGenerator

/// The load generator's command line. Each verb is one kind of load.
@main
struct Loadgen: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "loadgen",
    abstract: "A load for a Let'sChat server on this machine.",
    discussion: """
      Reports are lines of JSON on standard output. With --gate the load stops when it is warm, says so, and goes on \
      with each line on standard input, so that another program can read counters exactly around a window in which \
      nothing else is in flight.
      """,
    subcommands: [Requests.self, Sends.self, Connect.self, Idle.self, Storm.self, FanOut.self])
}

struct LoadOptions: ParsableArguments {
  @Option(help: "Where the server is: a loopback address and a port.")
  var target: String

  @Option(help: "Seconds of load before the measured window; 0 for none.")
  var warmUp = 2.0

  @Option(help: "Seconds of the measured window.")
  var seconds = 10.0

  @Option(help: "The most requests of a window.")
  var maxRequests = 10_000_000

  @Option(help: "Requests a second of all connections together; as many as are answered, without it.")
  var rate: Double?

  @Option(help: "Each how-manieth answer of a connection is parsed and compared.")
  var checkEvery = 64

  @Flag(help: "Wait for a line on standard input before and after the measured window.")
  var gate = false

  func address() throws -> LoopbackAddress {
    guard let address = LoopbackAddress(target) else {
      throw ValidationError("--target is not a loopback address with a port: \(target)")
    }
    return address
  }

  func window(seconds: Double) throws -> Window {
    guard let window = Window(seconds: seconds, maximumRequests: maxRequests, rate: rate) else {
      throw ValidationError(
        "a window is more than 0 and at most \(Int(Window.longest)) seconds, has a request, and a rate above 0")
    }
    return window
  }

  /// Warm-up, gate, window, report, gate.
  func drive(_ session: LoadSession) async throws {
    if warmUp != 0 { _ = try await session.run(window(seconds: warmUp)) }
    if gate {
      try print(line: State(state: "ready"))
      guard readLine() != nil else { return try await session.close() }
    }
    let tally = try await session.run(window(seconds: seconds))
    try print(line: Report(tally))
    if gate { _ = readLine() }
    try await session.close()
  }
}

struct Requests: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "GET requests over keep-alive connections, each with one in flight.")

  @OptionGroup var options: LoadOptions

  @Option(help: "A file with a JSON array of {path, token}; the connections take them in turn.")
  var requests: String

  @Option(help: "Keep-alive connections.")
  var connections = 32

  @Option(help: "The answer has an `items` of so many; otherwise it has an `id`.")
  var items: Int?

  func run() async throws {
    let requests = try read([Request].self, from: requests)
    guard (1...LoadSession.mostConnections).contains(connections), !requests.isEmpty else {
      throw ValidationError("--connections is 1 to \(LoadSession.mostConnections), and there is a request")
    }
    let session = try await LoadSession.requests(
      requests, to: options.address(), connections: connections,
      check: AnswerCheck(every: options.checkEvery, items: items))
    try await options.drive(session)
  }
}

struct Sends: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "send_message over Socket.IO connections, each with one in flight.")

  @OptionGroup var options: LoadOptions

  @Option(help: "A file with a JSON array of {token, chat_id}: a connection each.")
  var senders: String

  @Option(help: "Characters of a message.")
  var contentLength = 100

  func run() async throws {
    let senders = try read([Sender].self, from: senders)
    guard (1...LoadSession.mostConnections).contains(senders.count), (1...4000).contains(contentLength) else {
      throw ValidationError("1 to \(LoadSession.mostConnections) senders, messages of 1 to 4000 characters")
    }
    let session = try await LoadSession.sends(
      senders, to: options.address(), contentLength: contentLength, checkEvery: options.checkEvery)
    try await options.drive(session)
  }
}

func read<T: Decodable>(_ type: T.Type, from path: String) throws -> T {
  try JSONDecoder().decode(type, from: Data(contentsOf: URL(filePath: path)))
}
