import Contract
import JSONSchema
import NIOCore

/// Verifies that a server does what its documents promise: plays their stories over both doors, sends what breaks one
/// constraint each and what just keeps it, and judges all that comes back.
public struct Verifier: Sendable {
  let address: ServerAddress
  let group: any EventLoopGroup

  public init(address: ServerAddress, group: any EventLoopGroup) {
    self.address = address
    self.group = group
  }

  /// The documents as the server gives them.
  ///
  /// - Throws: `ClientError` where it does not.
  public func fetchContract() async throws -> Contract {
    try Contract(openapi: await fetch("/api/openapi.json"), events: await fetch("/api/events.json"))
  }

  private func fetch(_ path: String) async throws -> [UInt8] {
    let answer = try await HTTPCaller(address: address, group: group).call("GET", path)
    guard answer.status == 200 else { throw ClientError("GET \(path) is answered with \(answer.status)") }
    return answer.body
  }

  /// - Parameter contract: what is promised.
  public func verify(_ contract: Contract) async -> Report {
    var report = Report()
    let door = RESTDoor(contract: contract, address: address, group: group)
    let stories = Story.all(in: contract)
    if stories.isEmpty { report.add("stories", .notChecked("the documents have none")) }
    for story in stories {
      var player = StoryPlayer(door: door, beforehand: Newcomers.names(in: story))
      report.add("story \(story.name)", faults: await player.play(story))
    }
    await ConstraintCheck(door: door, stories: stories).run(&report)
    reportUnplayed(contract, &report)
    return report
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
