import Contract
import JSONSchema
import NIOCore

/// Verifies that a server does what its documents promise: plays their stories over both doors, sends what breaks one
/// constraint each and what just keeps it, uses its limits up, and judges all that comes back.
public struct Verifier: Sendable {
  /// Of a document, where a limit is in the way.
  private static let attempts = 5

  let address: ServerAddress
  let group: any EventLoopGroup
  private let transcript: Transcript

  /// - Parameter transcript: gets all that the server says, with what is wrong with it, a line of JSON each.
  public init(
    address: ServerAddress, group: any EventLoopGroup, transcript: @escaping @Sendable (String) -> Void = { _ in }
  ) {
    self.address = address
    self.group = group
    self.transcript = Transcript(transcript)
  }

  /// What is promised, by the server's own documents but for those that are given, in JSON.
  ///
  /// - Throws: `ClientError` where the server has none, `ContractError` where they can't be read.
  public func contract(openapi: [UInt8]? = nil, events: [UInt8]? = nil) async throws -> Contract {
    var documents: [[UInt8]] = []
    for (given, path) in [(openapi, "/api/openapi.json"), (events, "/api/events.json")] {
      if let given { documents.append(given) } else { documents.append(try await fetch(path)) }
    }
    return try Contract(openapi: documents[0], events: documents[1])
  }

  private func fetch(_ path: String) async throws -> [UInt8] {
    for _ in 0..<Self.attempts {
      let answer = try await HTTPCaller(address: address, group: group).call("GET", path)
      if answer.status == 200 { return answer.body }
      // Who verified the server just now has used its limits up.
      guard answer.status == 429, let wait = answer.retryAfter, wait <= LimitRun.patience else {
        throw ClientError("GET \(path) is answered with \(answer.status)")
      }
      try await Task.sleep(for: .seconds(wait))
    }
    throw ClientError("GET \(path) is answered with 429 all the time")
  }

  /// The accounts of a file: a JSON array of bodies that sign in, such as `{"identifier": "ada", "password": "…"}`.
  ///
  /// - Throws: `ClientError` for what is none.
  public static func accounts(_ bytes: [UInt8]) throws -> [JSONValue] {
    guard let accounts = try JSONValue(parsing: bytes).items, !accounts.isEmpty else {
      throw ClientError("accounts are an array of bodies that sign in")
    }
    return accounts
  }

  /// - Parameters:
  ///   - contract: what is promised.
  ///   - accounts: those of a server where not everybody may register. Then no story is played, for each begins with
  ///     persons who register.
  public func verify(_ contract: Contract, accounts: [JSONValue] = []) async -> Report {
    var report = Report()
    let door = RESTDoor(contract: contract, address: address, group: group, transcript: transcript)
    let stories = Story.all(in: contract)
    if stories.isEmpty { report.add("stories", .notChecked("the documents have none")) }
    for story in stories where !accounts.isEmpty {
      report.add("story \(story.name)", .notChecked("its persons register, and accounts were prepared"))
    }
    for story in stories where accounts.isEmpty {
      for transport in EngineIOTransport.Kind.allCases { await group(story, door, over: transport).run(&report) }
      await outsiders(story, stories, door).run(&report)
    }
    let (groups, socket) = await constraints(door, stories, accounts)
    for group in groups { await group.run(&report) }
    await socket?.close()
    for group in DefaultCheck(door: door, stories: stories).groups() {
      guard accounts.isEmpty else {
        report.add(group.name, .notChecked("the persons of stories register, and accounts were prepared"))
        continue
      }
      await group.run(&report)
    }
    // Last: what they use up would be missing before.
    for group in await LimitCheck(Entrance(door: door, stories: stories, accounts: accounts)).groups() {
      await group.run(&report)
    }
    reportUnplayed(contract, &report)
    reportUnmet(contract, door.ledger, &report)
    return report
  }

  /// All that `verify` sends, each by itself and as often as one likes: what breaks one constraint each, what just keeps
  /// it, and the stories last, which take longest. For a server where everybody may register.
  public func probes(of contract: Contract) async -> [ProbeGroup] {
    let door = RESTDoor(contract: contract, address: address, group: group, transcript: transcript)
    let stories = Story.all(in: contract)
    return await constraints(door, stories, []).groups + stories.map { group($0, door, over: .websocket) }
      + stories.map { outsiders($0, stories, door) }
  }

  /// What `verify` sends to find out about defaults, which takes longer.
  public func defaultProbes(of contract: Contract) -> [ProbeGroup] {
    let door = RESTDoor(contract: contract, address: address, group: group, transcript: transcript)
    return DefaultCheck(door: door, stories: Story.all(in: contract)).groups()
  }

  /// What `verify` sends to find out about limits, each by itself and as often as one likes. For a server where everybody
  /// may register.
  ///
  /// - Parameter refill: fills all buckets of the server.
  public func limitProbes(of contract: Contract, refill: @escaping @Sendable () -> Void) async -> [ProbeGroup] {
    let door = RESTDoor(contract: contract, address: address, group: group, transcript: transcript)
    let entrance = Entrance(door: door, stories: Story.all(in: contract), accounts: [])
    return await LimitCheck(entrance, refill: refill).groups()
  }

  /// A story in which somebody who takes part in nothing tries first what its persons may do.
  private func outsiders(_ story: Story, _ stories: [Story], _ door: RESTDoor) -> ProbeGroup {
    ProbeGroup(
      "policies of story \(story.name)",
      [
        Probe {
          let outsider = try await Outsider(Entrance(door: door, stories: stories, accounts: []))
          var player = StoryPlayer(
            door: door, over: .websocket, beforehand: Newcomers.names(in: story), outsider: outsider)
          do {
            let faults = try await player.play(story)
            await outsider.socket.close()
            return faults
          } catch {
            await outsider.socket.close()
            throw error
          }
        }
      ])
  }

  private func group(_ story: Story, _ door: RESTDoor, over transport: EngineIOTransport.Kind) -> ProbeGroup {
    ProbeGroup(
      "story \(story.name) over \(transport)",
      [
        Probe {
          var player = StoryPlayer(door: door, over: transport, beforehand: Newcomers.names(in: story))
          return try await player.play(story)
        }
      ])
  }

  private func constraints(
    _ door: RESTDoor, _ stories: [Story], _ accounts: [JSONValue]
  ) async -> (groups: [ProbeGroup], socket: SocketConnection?) {
    await ConstraintCheck(door: door, entrance: Entrance(door: door, stories: stories, accounts: accounts)).groups()
  }

  /// Codes that nothing here has provoked: they depend on what a client can't do, or on what only the domain knows.
  private func reportUnmet(_ contract: Contract, _ ledger: Ledger, _ report: inout Report) {
    let events = contract.received.values.sorted { $0.name < $1.name }
    let owners = contract.operations.map { ($0.id, $0.codes) } + events.map { ("event \($0.name)", $0.codes) }
    for (owner, codes) in owners {
      let unmet = ledger.unmet(of: codes, by: owner)
      if !unmet.isEmpty {
        report.add("codes of \(owner)", .notChecked("nothing here provokes \(unmet.joined(separator: ", "))"))
      }
    }
  }

  /// Examples of events that no story has: nothing here brings them about.
  private func reportUnplayed(_ contract: Contract, _ report: inout Report) {
    for event in contract.told.values.sorted(by: { $0.name < $1.name }) {
      for (name, _) in event.message.examples where event.message["x-example-scenario"]?[name] == nil {
        report.add("event \(event.name), \(name)", .notChecked("no story shows what brings it about"))
      }
    }
  }
}
