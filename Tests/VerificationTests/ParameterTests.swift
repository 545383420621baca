import Contract
import JSONSchema
import Testing

@testable import Verification

private let openapi = #"""
  {"openapi": "3.1.0", "paths": {"/things": {"get": {"operationId": "listThings", "responses": {"200": {}},
    "parameters": [
      {"name": "limit", "in": "query", "schema": {"type": "integer", "minimum": 1, "maximum": 9}},
      {"name": "size", "in": "query", "schema": {"enum": ["small", "large"], "type": "string"}},
      {"name": "whole", "in": "query", "schema": {"type": ["boolean", "null"]}},
      {"name": "name", "in": "header", "required": true,
        "schema": {"type": "string", "minLength": 2, "maxLength": 4, "pattern": "^[a-z]*$"}},
      {"name": "id", "in": "path", "required": true, "schema": {"type": "string", "format": "uuid"}},
      {"name": "ids", "in": "query", "schema": {"type": "array", "items": {"type": "string"}}}]}}}}
  """#

private func values(_ name: String) throws -> [ParameterValue] {
  let contract = try Contract(openapi: openapi.utf8, events: #"{"asyncapi": "3.0.0"}"#.utf8)
  let parameter = try #require(contract.operations[0].parameters.first { $0.name == name })
  return try Parameters.values(of: parameter, in: contract)
}

private func kept(_ name: String) throws -> Set<String> {
  Set(try values(name).filter { !$0.isBroken }.map(\.text))
}

private func violations(_ name: String) throws -> Set<String> { Set(try values(name).compactMap(\.violation)) }

@Test func parametersLieAtTheirBoundsAndBeyond() throws {
  #expect(try kept("limit").isSuperset(of: ["1", "9"]))
  #expect(try violations("limit") == ["/limit type", "/limit minimum", "/limit maximum"])
  #expect(try violations("id") == ["/id format"])
}

@Test func parametersAreEachMemberOfAnEnumeration() throws {
  #expect(try kept("size") == ["small", "large"])
  #expect(try values("size").count { $0.text == "small" } == 1)
  #expect(try violations("size") == ["/size enum"])
}

@Test func parametersMayBeNoTexts() throws {
  #expect(try kept("whole").contains("true"))
  #expect(try violations("whole") == ["/whole type"])
  // How a list is written is another matter.
  #expect(try values("ids").isEmpty)
}

@Test func headerFieldsHoldWhatTheyCan() throws {
  #expect(try kept("name").isSuperset(of: ["aa", "aaaa"]))
  #expect(try violations("name") == ["/name minLength", "/name maxLength", "/name pattern"])
  for value in try values("name") {
    #expect(value.text.unicodeScalars.allSatisfy { $0.value >= 32 && $0.value < 127 })
    #expect(value.text.first != " " && value.text.last != " ")
  }
}

@Test func aRefusalSaysWhatIsBroken() throws {
  let broken = ParameterValue(text: "0", isBroken: true, violation: "/limit minimum")
  let kept = ParameterValue(text: "1", isBroken: false, violation: nil)
  func refusal(_ keywords: [String]) throws -> JSONValue {
    let errors = keywords.map { #"{"pointer": "/limit", "keyword": "\#($0)"}"# }.joined(separator: ",")
    return try JSONValue(parsing: #"{"errors": [\#(errors)]}"#.utf8)
  }
  #expect(FormCheck.faults(of: kept, "limit", refusal: nil).isEmpty)
  #expect(FormCheck.faults(of: kept, "limit", refusal: try refusal(["minimum"])).count == 1)
  #expect(FormCheck.faults(of: broken, "limit", refusal: try refusal(["minimum"])).isEmpty)
  #expect(FormCheck.faults(of: broken, "limit", refusal: try refusal(["maximum"])).count == 1)
  #expect(FormCheck.faults(of: broken, "limit", refusal: try refusal(["minimum", "type"])).count == 1)
  #expect(FormCheck.faults(of: broken, "limit", refusal: nil).count == 1)
  // Where more than one constraint is broken, nobody says which are told.
  let much = ParameterValue(text: "", isBroken: true, violation: nil)
  #expect(FormCheck.faults(of: much, "limit", refusal: try refusal(["minimum", "type"])).isEmpty)
}
