import Contract
import JSONSchema
import Testing

@testable import Verification

private func json(_ text: String) throws -> JSONValue { try JSONValue(parsing: text.utf8) }

private func rule(_ text: String) throws -> LimitRule { try LimitRule(json(text)) }

// MARK: - What the documents promise

@Test func aRuleIsReadAsTheDocumentsHaveIt() throws {
  let rule = try rule(#"{"limit": 50, "per": "1m", "burst": 100, "by": "ip+account", "account": "/a/b"}"#)
  #expect((rule.limit, rule.seconds, rule.burst) == (50, 60, 100))
  #expect(rule.by == .account && rule.account == ["a", "b"] && rule.filling == 120)
  for wrong in [
    #"{"limit": 0, "per": "1m", "by": "ip"}"#, #"{"limit": 1, "per": "1d", "by": "ip"}"#,
    #"{"limit": 1, "per": "1m", "by": "planet"}"#, "null",
  ] {
    #expect(throws: ClientError.self) { try LimitRule(json(wrong)) }
  }
}

/// They come from a server that may say anything.
@Test func numbersBeyondAllLimitsAreNone() throws {
  for number in [0, -1, Int.max] {
    #expect(throws: ClientError.self) { try rule(#"{"limit": \#(number), "per": "1s", "by": "ip"}"#) }
    #expect(throws: ClientError.self) { try rule(#"{"limit": 1, "burst": \#(number), "per": "1s", "by": "ip"}"#) }
  }
  #expect(
    RateLimitFields([
      (name: "RateLimit-Policy", value: "\"a\";q=\(Int.max);w=1"), (name: "RateLimit", value: #""a";r=0;t=1"#),
    ]) == nil)
  let endless = TokenCount(
    capacity: 1e300...1e300, interval: 1e300...1e300, start: 1e300...1e300, at: .init(sent: 0, received: 1))
  #expect(endless.refused(at: .init(sent: 0, received: 1), seconds: 1) == ["is refused where 1e+300 are left"])
}

@Test func anOwnLimitTakesThePlaceOfTheSameKind() throws {
  let contract = try Contract(
    openapi: """
      {"openapi": "3.1.0", "x-rate-limit": [{"limit": 9, "per": "1m", "by": "ip"}, {"limit": 8, "per": "1m", "by": "user"}],
       "paths": {
         "/a": {"get": {"operationId": "a", "x-access": "public", "responses": {}}},
         "/b": {"get": {"operationId": "b", "x-access": "user", "responses": {}}},
         "/c": {"get": {"operationId": "c", "x-access": "public", "responses": {},
           "x-rate-limit": {"limit": 1, "per": "1h", "by": "ip"}}},
         "/d": {"post": {"operationId": "d", "x-access": "public", "responses": {},
           "x-rate-limit": {"limit": 2, "per": "1h", "by": "ip+account", "account": "/name"}}}}}
      """.utf8, events: #"{"asyncapi": "3.0.0"}"#.utf8)
  let limits = try PromisedLimit.all(in: contract)
  // What refuses when others do comes first, and an address's for all at the end.
  #expect(
    limits.map { "\($0.title) \($0.rule.limit)" } == [
      "limit by ip+account of d 2", "limit by ip of c 1", "limit by user of all operations 8",
      "limit by ip of all operations 9",
    ])
  #expect(limits[2].doors.map(\.title) == ["b"])
  // What only it counts is first.
  #expect(limits[3].doors.map(\.title) == ["a", "b without a token", "d"])
  #expect(limits.map(\.isAlone) == [false, true, true, true])
}

// MARK: - What the server tells

@Test func fieldsAreReadTogether() {
  let fields = [("RateLimit-Policy", #""a/b";q=10;w=60"#), ("ratelimit", #""a/b";r=9;t=6"#)]
  let read = RateLimitFields(fields.map { (name: $0.0, value: $0.1) })
  #expect(read.map { [$0.quota, $0.window, $0.remaining, $0.reset] } == [10, 60, 9, 6])
  for wrong in [#""a";r=9;t=6"#, #""a/b";r=9"#, #""a/b";r=x;t=6"#, "a/b;r=9;t=6"] {
    #expect(
      RateLimitFields([(name: "RateLimit-Policy", value: fields[0].1), (name: "RateLimit", value: wrong)]) == nil)
  }
  #expect(RateLimitFields([(name: "RateLimit", value: fields[1].1)]) == nil)
}

/// A scale of limits that come each minute, as bursts of the documents and the server's quotas.
private func scale(_ quotas: (promised: Int, told: Int)..., window: Int = 60) throws -> LimitScale? {
  try LimitScale(
    quotas.map { promised, told in
      let fields = [("RateLimit-Policy", "\"a\";q=\(told);w=\(window)"), ("RateLimit", #""a";r=0;t=1"#)]
      return (
        try rule(#"{"limit": \#(promised), "per": "1m", "by": "ip"}"#),
        try #require(RateLimitFields(fields.map { (name: $0.0, value: $0.1) }))
      )
    })
}

@Test func aScaleExplainsAllNumbersOrNone() throws {
  #expect(try scale((100, 100), (600, 600)) == .one)
  let some = try #require(try scale((10, 4), (100, 40), (600, 240)))
  #expect(some.least <= 0.4 && 0.4 <= some.most)
  #expect(try some.capacity(of: rule(#"{"limit": 100, "per": "1m", "by": "ip"}"#)) == 40...40)
  // A bucket has one token at least, and its window tells how slowly it comes.
  let slow = try #require(try scale((100, 1), window: 120))
  #expect(slow.least < 0.005 && 0.005 <= slow.most && slow.most < 0.00505)
  // Off by one is no scale, however large the number.
  #expect(try scale((100, 100), (601, 600)) == nil)
  #expect(try scale((601, 600)) == nil)
  #expect(try scale((100, 100), window: 61) == nil)
  #expect(try scale((100, 40), (600, 300)) == nil)
}

// MARK: - Counting

private func count(_ start: Double, first: TokenCount.Moment) -> TokenCount {
  TokenCount(capacity: 3...3, interval: 10...10, start: start...start, at: first)
}

private func moment(_ sent: Double) -> TokenCount.Moment { .init(sent: sent, received: sent + 0.5) }

@Test func exactlyWhatIsThereIsLetThrough() {
  var tokens = count(3, first: moment(0))
  #expect(tokens.letThrough(at: moment(0), remaining: 2) == [])
  #expect(tokens.refused(at: moment(1), seconds: 1) == ["is refused where 2 are left"])
  #expect(tokens.letThrough(at: moment(1), remaining: 0) == ["says that 0 are left, where it is 1"])
  #expect(tokens.letThrough(at: moment(2), remaining: 0) == [])
  // The first one was taken between 0 and 0.5 s, so that the next token comes between 10 and 10.5 s.
  #expect(tokens.refused(at: moment(3), seconds: 7) == [])
  #expect(tokens.refused(at: moment(3), seconds: 8) == [])
  #expect(tokens.refused(at: moment(3), seconds: 6) == ["says to wait 6 s, where it is 7 to 8 s"])
  #expect(tokens.letThrough(at: moment(9), remaining: nil) == ["is let through where the limit is used up"])
}

@Test func whatComesMeanwhileIsCounted() {
  var tokens = count(1, first: moment(0))
  #expect(tokens.letThrough(at: moment(0), remaining: 0) == [])
  // One more came between 10 and 10.5 s: either is right.
  #expect(tokens.refused(at: moment(10), seconds: 1) == [])
  var other = tokens
  #expect(other.letThrough(at: moment(10), remaining: 0) == [])
  #expect(tokens.letThrough(at: moment(11), remaining: 0) == [])
  #expect(tokens.letThrough(at: moment(12), remaining: 0) == ["is let through where the limit is used up"])
}

@Test func aFullBucketRunsOver() {
  var tokens = count(3, first: moment(0))
  #expect(tokens.letThrough(at: moment(0), remaining: 2) == [])
  // Full again since 10 s, whatever more came until 100 s.
  #expect(tokens.level(at: moment(100)) == 3...3)
  #expect(tokens.letThrough(at: moment(100), remaining: 2) == [])
  #expect(tokens.letThrough(at: moment(101), remaining: 1) == [])
  #expect(tokens.letThrough(at: moment(102), remaining: 0) == [])
  #expect(!tokens.letThrough(at: moment(103), remaining: 0).isEmpty)
}
