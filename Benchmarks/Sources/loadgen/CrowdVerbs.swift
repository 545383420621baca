import ArgumentParser
import FoundationEssentials
import LoadGenerator

/// What all loads of many Socket.IO connections take.
struct CrowdOptions: ParsableArguments {
  @Option(help: "Where the server is: a loopback address and a port.")
  var target: String

  @Option(help: "How many connections.")
  var connections: Int

  @Option(help: "A file with a JSON array of access tokens, which the connections take in turn; none without it.")
  var tokens: String?

  @Option(help: "How many are on their way at once; the next begins when one has arrived.")
  var parallel = 64

  @Option(help: "Connections that begin each second, instead of --parallel.")
  var rate: Double?

  @Option(help: "Seconds after which what is not connected has failed.")
  var patience = 60.0

  @Flag(help: "Wait for a line on standard input before and after what is measured.")
  var gate = false

  func crowd() throws -> Crowd {
    guard let address = LoopbackAddress(target) else {
      throw ValidationError("--target is not a loopback address with a port: \(target)")
    }
    let limit = Crowd.raiseDescriptorLimit()
    guard (1...limit).contains(connections) else {
      throw ValidationError("--connections is 1 to \(limit): a process may have no more files open here")
    }
    guard parallel > 0, rate ?? 1 > 0, patience > 0 else {
      throw ValidationError("--parallel, --rate and --patience are more than 0")
    }
    return try Crowd(
      target: address, count: connections, tokens: tokens.map { try read([String].self, from: $0) } ?? [])
  }

  var pace: ConnectLoad.Pace { rate.map { .rate($0) } ?? .parallel(parallel) }

  /// Says that what is measured comes next, and waits for the word.
  ///
  /// - Returns: Whether to go on.
  func passGate(_ crowd: Crowd) throws -> Bool {
    guard gate else { return true }
    try print(line: State(state: "ready"))
    return crowd.waitForLine()
  }
}

struct Connect: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Connects; the connections end afterwards.")

  @OptionGroup var options: CrowdOptions

  func run() throws {
    let crowd = try options.crowd()
    guard try options.passGate(crowd) else { return }
    let load = ConnectLoad(crowd: crowd)
    var progress = ProgressLine()
    let tally = try load.run(options.pace, patience: options.patience, progress: &progress)
    progress.finish()
    try print(line: ConnectReport(tally, state: "done"))
    if options.gate { _ = crowd.waitForLine() }
    load.cutAll()
  }
}

struct Idle: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Connects and holds the connections; counts those that are lost.")

  @OptionGroup var options: CrowdOptions

  @Option(help: "Seconds to hold the connections; less if a line comes on standard input.")
  var seconds = 3600.0

  func run() throws {
    let crowd = try options.crowd()
    let load = ConnectLoad(crowd: crowd)
    var progress = ProgressLine()
    let tally = try load.run(options.pace, patience: options.patience, progress: &progress)
    progress.finish()
    try print(line: ConnectReport(tally, state: "connected"))
    try print(line: HoldReport(lost: load.hold(seconds: seconds)))
    load.cutAll()
  }
}

struct Storm: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Connects, cuts all connections at once, and has all come back at once.")

  @OptionGroup var options: CrowdOptions

  func run() throws {
    let crowd = try options.crowd()
    let load = ConnectLoad(crowd: crowd)
    var progress = ProgressLine()
    let tally = try load.run(options.pace, patience: options.patience, progress: &progress)
    try print(line: ConnectReport(tally, state: "connected"))
    guard try options.passGate(crowd) else { return }
    load.cutAll()
    let storm = try load.run(.parallel(crowd.count), patience: options.patience, progress: &progress)
    progress.finish()
    try print(line: ConnectReport(storm, state: "done"))
    if options.gate { _ = crowd.waitForLine() }
    load.cutAll()
  }
}

struct FanOut: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fanout",
    abstract: "A room with everybody in it, into which some write; every receiver checks every message.")

  @OptionGroup var options: CrowdOptions

  @Option(help: "How many of the connections send.")
  var senders = 10

  @Option(help: "Octets of a message, with its packet's types.")
  var length = 200

  @Option(help: "The open loop: deliveries a second. Without it a closed loop, one message in flight for each sender.")
  var deliveries: Double?

  @Option(help: "Seconds of load before the measured window; 0 for none.")
  var warmUp = 2.0

  @Option(help: "Seconds of the measured window.")
  var seconds = 10.0

  func validate() throws {
    guard (1...min(9_000, options.connections)).contains(senders), (110...60_000).contains(length),
      deliveries ?? 1 > 0, (0...3600).contains(warmUp), seconds > 0, seconds <= 7200
    else {
      throw ValidationError(
        "senders are 1 to the connections, messages of 110 to 60,000 octets, windows of at most two hours")
    }
  }

  func run() throws {
    let crowd = try options.crowd()
    var progress = ProgressLine()
    let connected = try ConnectLoad(crowd: crowd).run(
      options.pace, patience: options.patience, progress: &progress)
    try print(line: ConnectReport(connected, state: "connected"))
    guard connected.connected == crowd.count else { throw ExitCode.failure }
    let load = FanOutLoad(crowd: crowd, senders: senders, length: length)
    let pace = deliveries.map { FanOutLoad.Pace.open($0 / Double(crowd.count)) } ?? .closed
    if warmUp > 0 { _ = load.run(pace, seconds: warmUp, progress: &progress) }
    guard try options.passGate(crowd) else { return }
    let tally = load.run(pace, seconds: seconds, progress: &progress)
    progress.finish()
    try print(line: FanOutReport(tally))
    if options.gate { _ = crowd.waitForLine() }
  }
}
