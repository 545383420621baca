import JSONSchema
import Testing

@testable import Verification

private func json(_ text: String) throws -> JSONValue { try JSONValue(parsing: text.utf8) }

private let one = "019cadc6-9a80-7fde-a430-d40bd57deeac"
private let other = "019cadc7-84e0-7d15-a90f-08a575024650"

@Test func literalsStandForWhatCame() throws {
  var literals = Literals()
  #expect(try literals.differences(json(#"{"id": "\#(one)"}"#), json(#"{"id": "\#(other)"}"#)) == [])
  #expect(try literals.substitute(json(#"["\#(one)"]"#)) == json(#"["\#(other)"]"#))
  #expect(try literals.differences(json(#"["\#(one)"]"#), json(#"["\#(other)"]"#)) == [])
  #expect(try literals.differences(json(#"["\#(one)"]"#), json(#"["\#(one)"]"#)).count == 1)
  // Two ids are never the same thing.
  #expect(try literals.differences(json(#"["\#(other)"]"#), json(#"["\#(other)"]"#)).count == 1)
}

@Test func whatTheServerMakesMayBeAnything() throws {
  var literals = Literals()
  let example =
    #"{"access_token": "a", "at": "2026-03-02T09:00:00.000Z", "request_id": "r", "errors": [{"message": "m"}]}"#
  let actual =
    #"{"access_token": "b", "at": "2027-03-02T09:00:00.123Z", "request_id": "s", "errors": [{"message": "n"}]}"#
  #expect(try literals.differences(json(example), json(actual)) == [])
  #expect(try literals.substitute(json(#"{"token": "a"}"#)) == json(#"{"token": "b"}"#))
}

@Test func allElseIsExact() throws {
  var literals = Literals()
  #expect(
    try literals.differences(
      json(#"{"a": 1, "b": "x", "c": [1], "d": 1}"#), json(#"{"a": 2, "b": "y", "c": [1, 2], "e": 1}"#)
    ).sorted() == [
      "/a is 2, not 1", #"/b is "y", not "x""#, "/c has 2 items, not 1", "/d is missing",
      "/e is there, and not in the example",
    ])
  // What differs binds nothing.
  #expect(
    try literals.differences(json(#"{"id": "\#(one)", "a": 1}"#), json(#"{"id": "\#(other)", "a": 2}"#)).count == 1)
  #expect(try literals.substitute(json(#""\#(one)""#)) == json(#""\#(one)""#))
}

@Test func whatIsDoneOnceMoreIsSomethingNew() throws {
  var literals = Literals(["ada": "ada.salt"])
  // One id is the server's, the other the client's own.
  #expect(try literals.differences(json(#"{"id": "\#(one)"}"#), json(#"{"id": "\#(other)"}"#)) == [])
  let own = "28e991d6-4341-49ee-91b3-31b2c9058dfb"
  let draft = try json(#"{"id": "\#(own)", "ids": ["\#(one)"], "text": "ada"}"#)
  let sent = literals.substitute(draft)
  let (first, second) = (literals.anew(draft), literals.anew(draft))
  #expect(first["ids"] == sent["ids"] && first["text"]?.text == "ada.salt")
  let ids = [sent, first, second].compactMap { $0["id"]?.text }
  #expect(Set(ids).count == 3 && ids.allSatisfy(Literals.Shape.isUUID))
  // Who registers has another name, which begins in the same way.
  let newcomer = try literals.anew(json(#"{"username": "ada", "email": "ada@x.org"}"#))
  #expect(newcomer["username"]?.text == "ada.salt3" && newcomer["email"]?.text == "3ada@x.org")
}
