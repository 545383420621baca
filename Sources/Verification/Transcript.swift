import Contract
import JSONSchema

/// What a server said in a verification, with the judge's verdict, for judges of other make: a line of JSON each.
///
/// | member | of | what |
/// | --- | --- | --- |
/// | `kind` | all | `answer`, `acknowledgement`, `event` or `refusal` (of a connection) |
/// | `name` | all | the operation's id, or the event's name; empty where there is none |
/// | `status` | `answer` | of HTTP |
/// | `fields` | `answer` | pairs of name and value |
/// | `body` | all | the text; null where it is no UTF-8. Of an event, the JSON array of Socket.IO |
/// | `breaches` | all | what is wrong with it; empty where nothing is |
struct Transcript: Sendable {
  private let write: @Sendable (String) -> Void

  init(_ write: @escaping @Sendable (String) -> Void) { self.write = write }

  func answer(_ answer: HTTPAnswer, of operation: Operation, _ breaches: [Breach]) {
    let fields = answer.fields.map { list([text($0.name), text($0.value)]) }
    say(
      "answer", operation.id, answer.body, breaches,
      [("status", .number(DecimalNumber(answer.status))), ("fields", list(fields))])
  }

  func acknowledgement(_ bytes: [UInt8], of event: String, _ breaches: [Breach]) {
    say("acknowledgement", event, bytes, breaches)
  }

  func event(_ arguments: [UInt8], _ breaches: [Breach]) {
    let name = (try? JSONValue(parsing: arguments))?.items?.first?.text
    say("event", name ?? "", arguments, breaches)
  }

  func refusal(_ data: [UInt8], _ breaches: [Breach]) {
    say("refusal", "", data, breaches)
  }

  private func say(
    _ kind: String, _ name: String, _ body: [UInt8], _ breaches: [Breach], _ more: [(JSONText, JSONValue)] = []
  ) {
    let members: [(name: JSONText, value: JSONValue)] =
      [
        ("kind", text(kind)), ("name", text(name)),
        ("body", String(validating: body, as: UTF8.self).map(text) ?? .null),
        ("breaches", list(breaches.map { text($0.description) })),
      ] + more
    guard let line = JSONObject(members) else { return }
    write(String(decoding: JSONValue.object(line).encoded, as: UTF8.self))
  }

  private func text(_ string: String) -> JSONValue { .string(JSONText(string)) }
  private func list(_ items: [JSONValue]) -> JSONValue { .array(JSONArray(items)) }
}
