import GoldenProtocol
import NIOCore
import ProtocolRuntime
import Testing

/// What the generator makes of the small spec's `x-stream`, at work.
@Suite struct StreamCodeTests {
  private let lamp = UUID("019cadc7-84e0-7d15-a90f-08a575024650") ?? .v7()

  private var samples: [ThingLogEvent] {
    let thing = Thing(id: lamp, name: "lamp")
    return [
      .thingMoved(ThingMove(to: ThingPlace(thingID: lamp, rev: 7, prevRev: 5), thing: thing)),
      .thingChanged(ThingChange(thing: thing, rev: 7, prevRev: 5)),
    ]
  }

  private func payload(_ event: EncodedEvent) -> ByteBuffer {
    var json = event.arguments
    json.moveReaderIndex(forwardBy: event.name.utf8.count + 4)
    json.moveWriterIndex(to: json.writerIndex - 1)
    return json
  }

  @Test func eachEventIsInOneStream() {
    #expect(EventStream("thing_touched") == .ephemeral(.thingTouched))
    #expect(EventStream("thing_moved") == .thingLog(.thingMoved))
    #expect(EventStream("thing_changed") == .thingLog(.thingChanged))
    #expect(EventStream("thing_worn") == .thingMark(.thingWorn))
    #expect(EventStream("touch_thing") == nil)
    #expect(EventStream("") == nil)
  }

  @Test func positionsAreReadFromValuesAndFromBytes() throws {
    #expect(samples.map(\.name) == ThingLogEvent.Name.allCases)
    for event in samples {
      let position = LogPosition(key: lamp, rev: 7, prev: 5)
      #expect(event.position == position)
      #expect(event.following(3).position == LogPosition(key: lamp, rev: 7, prev: 3))
      #expect(event.encoded.name == event.name.rawValue)
      let json = payload(event.encoded)
      #expect(event.name.position(in: json) == position)
      var violations: [Violation] = []
      #expect(try event.name.decode(json, violations: &violations) == event)
      #expect(violations.isEmpty)
    }
  }

  /// Another node's event is not validated, but its place is one that no arithmetic can trap on.
  @Test(arguments: [
    (7, 7), (7, 8), (0, 0), (-1, 0), (9_007_199_254_740_992, 1), (Int.max, 1), (1, -1),
  ])
  func placesOutOfBoundsAreNone(_ rev: Int, _ prev: Int) {
    let json = #"{"thing":{"id":"\#(lamp)"},"rev":\#(rev),"prev_rev":\#(prev)}"#
    #expect(ThingLogEvent.Name.thingChanged.position(in: ByteBuffer(string: json)) == nil)
  }

  /// Replays words: each event tells those that are its own name.
  private struct Words: ThingLogReplay {
    func thingMoved(_ change: String) -> ThingMove? {
      guard change == "moved", let id = UUID("019cadc7-84e0-7d15-a90f-08a575024650") else { return nil }
      return ThingMove(to: ThingPlace(thingID: id, rev: 1, prevRev: 0), thing: Thing(id: id, name: "lamp"))
    }

    func thingChanged(_ change: String) -> ThingChange? {
      guard change == "changed", let id = UUID("019cadc7-84e0-7d15-a90f-08a575024650") else { return nil }
      return ThingChange(thing: Thing(id: id, name: "lamp"), rev: 2, prevRev: 1)
    }
  }

  @Test func aChangeIsToldByTheEventThatTakesIt() {
    #expect(Words().event(of: "moved")?.name == .thingMoved)
    #expect(Words().event(of: "changed")?.name == .thingChanged)
    #expect(Words().event(of: "lost") == nil)
  }
}
