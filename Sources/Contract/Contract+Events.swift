import JSONSchema

extension Contract {
  /// What an acknowledgement of a client's event owes and does not keep.
  ///
  /// - Parameter name: the event's; one that is not known may only be refused.
  public func breaches(acknowledgement bytes: some Sequence<UInt8>, of name: String) -> [Breach] {
    let event = received[name]
    let subject = "acknowledgement of \(event?.name ?? "an unknown event")"
    let value: JSONValue
    do throws(JSONSyntaxError) {
      value = try JSONValue(parsing: bytes)
    } catch {
      return [Breach(subject, "json", error.description)]
    }
    let isRefusal = value["ok"]?.bool == false
    guard let event else {
      guard isRefusal, let error = value["error"] else { return [Breach(subject, "event", "is not refused")] }
      return refusal(subject, error, codes: nil, below: "/error")
    }
    // The message that is meant is the one of which least is wrong.
    let nearest = event.replies.map { judged(value, by: $0, subject) }.min { $0.count < $1.count }
    guard var found = nearest else { return [Breach(subject, "event", "has no acknowledgement")] }
    if isRefusal, let error = value["error"] {
      found += problemBreaches(subject, error, codes: event.codes, nil, below: "/error")
    }
    return found
  }

  /// What an event of the server owes and does not keep.
  ///
  /// - Parameters:
  ///   - arguments: the JSON array of Socket.IO, the event's name first.
  ///   - isBroadcast: whether it went to a room, which only the server knows.
  public func breaches(event arguments: some Sequence<UInt8>, isBroadcast: Bool = false) -> [Breach] {
    let value: JSONValue
    do throws(JSONSyntaxError) {
      value = try JSONValue(parsing: arguments)
    } catch {
      return [Breach("an event", "json", error.description)]
    }
    guard let items = value.items, let name = items.first?.text else {
      return [Breach("an event", "event", "has no name")]
    }
    let subject = "event \(name)"
    guard let event = told[name] else { return [Breach("an event", "event", "is not declared")] }
    guard items.count == 2 else { return [Breach(subject, "event", "has \(items.count - 1) payloads")] }
    var found = judged(items[1], by: event.payload, subject)
    if isBroadcast, event.message["x-socketio"]?["room"]?.text == "connection" {
      found.append(Breach(subject, "event", "is for one connection, and was told to a room"))
    }
    // What failed without an acknowledgement says a code of that event.
    if let failed = items[1]["event"]?.text, let error = items[1]["error"] {
      found += problemBreaches(subject, error, codes: received[failed]?.codes, nil, below: "/error")
    }
    return found
  }

  /// What the refusal of a connection owes and does not keep.
  ///
  /// - Parameter data: of Socket.IO's `connect_error`.
  public func breaches(refusedConnection data: some Sequence<UInt8>) -> [Breach] {
    let subject = "connect_error"
    guard let value = try? JSONValue(parsing: data) else { return [Breach(subject, "json", "is no JSON")] }
    return refusal(subject, value, codes: nil, below: "")
  }

  private func refusal(_ subject: String, _ value: JSONValue, codes: Set<String>?, below prefix: String) -> [Breach] {
    (problem.map { judged(value, by: $0, subject, below: prefix) } ?? [])
      + problemBreaches(subject, value, codes: codes, nil, below: prefix)
  }
}
