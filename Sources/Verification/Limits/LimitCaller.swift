import Contract
import JSONSchema

/// What came back from behind a limited door.
struct LimitAnswer: Sendable {
  let moment: TokenCount.Moment
  /// Seconds to wait, where more was asked than one may; nil where it was let through.
  let refusal: Int?
  /// Nil where nothing is told, as in acknowledgements.
  let fields: RateLimitFields?
  let faults: [String]
}

/// Asks at limited doors for what does nothing: a limit counts before anything else is looked at, but for an account,
/// which is in a body that has been found right.
struct LimitCaller: Sendable {
  static let refusal = "too_many_requests"
  private static let clock = ContinuousClock()

  let door: RESTDoor
  private let begin = Self.clock.now

  private var now: Double { (Self.clock.now - begin) / .seconds(1) }

  /// - Parameters:
  ///   - token: of whoever asks; operations without one are asked without.
  ///   - socket: for events.
  ///   - body: nil for none that is right.
  func ask(
    _ what: PromisedLimit.Door, token: String?, socket: SocketConnection?, body: JSONValue? = nil
  ) async throws -> LimitAnswer {
    switch what {
    case .operation(let operation, let isSignedIn):
      return try await ask(operation, token: isSignedIn ? token : nil, body)
    case .event(let event):
      guard let socket else { throw ClientError("there is no socket") }
      return try await ask(event, socket, body)
    }
  }

  private func ask(_ operation: Operation, token: String?, _ body: JSONValue?) async throws -> LimitAnswer {
    let parameters = try Parameters.required(of: operation, in: door.contract)
    // No JSON at all, where some is wanted.
    let bytes = body?.encoded ?? (operation.body == nil ? nil : [])
    let sent = now
    let answer = try await door.call(operation, parameters: parameters, token: token, body: bytes)
    let moment = TokenCount.Moment(sent: sent, received: now)
    var faults = answer.breaches.map(\.description)
    var refusal: Int?
    if answer.status == 429 {
      let wait = answer.http.retryAfter
      if answer.code != Self.refusal { faults.append("429 says \(answer.code ?? "no code"), not \(Self.refusal)") }
      if wait == nil || wait != answer.value?["retry_after"]?.integer {
        faults.append("Retry-After is missing, or not what retry_after says")
      }
      refusal = wait ?? 1
    }
    return LimitAnswer(moment: moment, refusal: refusal, fields: RateLimitFields(answer.http.fields), faults: faults)
  }

  private func ask(_ event: Event, _ socket: SocketConnection, _ body: JSONValue?) async throws -> LimitAnswer {
    let sent = now
    let (value, breaches) = try await door.call(event, body ?? .null, on: socket)
    let moment = TokenCount.Moment(sent: sent, received: now)
    var faults = breaches.map(\.description)
    var refusal: Int?
    if let problem = value?["error"], problem["code"]?.text == Self.refusal {
      let wait = problem["retry_after"]?.integer
      if wait == nil { faults.append("the acknowledgement has no retry_after") }
      refusal = wait ?? 1
    }
    return LimitAnswer(moment: moment, refusal: refusal, fields: nil, faults: faults)
  }

  // MARK: - Accounts

  /// A body with an account that nobody asked about before, after a door's examples.
  ///
  /// - Throws: `ClientError` where no example has room for one.
  func body(of what: PromisedLimit.Door, account path: [String]) throws -> JSONValue {
    let word = String(UInt32.random(in: .min ... .max), radix: 36)
    for example in examples(of: what) {
      if let body = try Self.changed(example, at: path[...], { word + $0 }), try keeps(body, what) { return body }
    }
    throw ClientError("no example has room for an account")
  }

  /// The same account in capitals.
  ///
  /// - Returns: nil where that is no account.
  func inCapitals(_ body: JSONValue, of what: PromisedLimit.Door, account path: [String]) throws -> JSONValue? {
    guard let other = try Self.changed(body, at: path[...], { $0.uppercased() }) else { return nil }
    return try keeps(other, what) ? other : nil
  }

  private func examples(of what: PromisedLimit.Door) -> [JSONValue] {
    switch what {
    case .operation(let operation, _): (operation.body?.examples?.members ?? []).compactMap { $0.value["value"] }
    case .event(let event): event.message.examples.map(\.payload)
    }
  }

  private func keeps(_ body: JSONValue, _ what: PromisedLimit.Door) throws -> Bool {
    var contract = door.contract
    let place: SchemaPlace? =
      switch what {
      case .operation(let operation, _): operation.body?.place
      case .event(let event): event.place
      }
    guard let place else { return false }
    return try contract.findings(in: body, by: place).isEmpty
  }

  /// - Returns: nil where there is no text.
  private static func changed(
    _ node: JSONValue, at path: ArraySlice<String>, _ change: (String) -> String
  ) throws -> JSONValue? {
    guard let name = path.first else { return node.text.map { .string(JSONText(change($0))) } }
    guard let member = node[name], let other = try changed(member, at: path.dropFirst(), change) else { return nil }
    return node.with(name, other)
  }
}
