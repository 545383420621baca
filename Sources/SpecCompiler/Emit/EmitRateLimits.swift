extension Emitter {
  /// The table of limits, which Dispatch and EventDispatch name by their places.
  func emitRateLimits(_ writer: inout SwiftWriter) {
    writer.line("/// The limits of `x-rate-limit`, for a `RateLimiter`.")
    guard !model.rateLimits.isEmpty else { return writer.line("public let rateLimits: [RateLimit] = []") }
    writer.line("public let rateLimits: [RateLimit] = [")
    writer.indented { writer in
      for limit in model.rateLimits {
        let asksFirst = limit.asksFirst ? ", asksFirst: true" : ""
        writer.line(
          "RateLimit(\(literal(limit.name)), limit: \(limit.limit), seconds: \(limit.seconds), burst: \(limit.burst)"
            + "\(asksFirst)),")
      }
    }
    writer.line("]")
  }

  /// How far a request has come: what is known of it decides which limits can count it.
  enum LimitStage {
    case arrived, authenticated, decoded
  }

  func emitLimits(_ operation: Operation, _ stage: LimitStage, _ writer: inout SwiftWriter) {
    for place in operation.rateLimits { emitSpending(place, stage, value: "body", of: "request.context", &writer) }
  }

  /// The same of an event.
  func emitLimits(_ event: ClientEvent, _ stage: LimitStage, _ writer: inout SwiftWriter) {
    for place in event.rateLimits { emitSpending(place, stage, value: "input", of: "context", &writer) }
  }

  /// Of an event that there is not.
  func emitUnknownLimits(_ writer: inout SwiftWriter) {
    if !model.eventLimits.isEmpty { writer.line("var report = RateLimitReport()") }
    for stage in [LimitStage.arrived, .authenticated] {
      for place in model.eventLimits { emitSpending(place, stage, value: "", of: "context", &writer) }
    }
  }

  /// - Parameters:
  ///   - value: what an account is in.
  ///   - context: that of the request.
  private func emitSpending(
    _ place: Int, _ stage: LimitStage, value: String, of context: String, _ writer: inout SwiftWriter
  ) {
    let limit = model.rateLimits[place]
    let spender: String
    switch (limit.by, stage) {
    case (.address, .arrived): spender = ".address(\(context).address)"
    case (.user, .authenticated): spender = ".user(caller.userID)"
    case (.account(let path), .decoded):
      let account = ([value] + path.map { SwiftName.bare($0, .property) }).joined(separator: ".")
      spender = ".account(\(account), address: \(context).address)"
    default: return
    }
    let call = limit.asksFirst ? "try await limiter.spendAsking" : "try limiter.spend"
    statement("x-rate-limit \(limit.name)", kind: .limit, "\(call)(\(place), \(spender), &report)", &writer)
  }

  /// By which a request counts that lacks a valid token.
  var strangerLimit: Int? { model.requestLimits.first { model.rateLimits[$0].by == .address } }
}
