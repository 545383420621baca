import Testing

@testable import ProtocolRuntime

/// Lists, cookies and values of several kinds in parameters.
@Suite struct ParameterListTests {
  private func list(
    _ query: String, required: Bool = false, separatedBy separator: StaticString? = nil, minItems: Int = 0,
    maxItems: Int = .max, areUnique: Bool = false
  ) -> (elements: [Int]?, keywords: [String]) {
    var parameters = Parameters(query: query)
    let elements = parameters.array(
      "n", required: required, separatedBy: separator, minItems: minItems, maxItems: maxItems, areUnique: areUnique
    ) { (parameters: inout Parameters, text: String) in parameters.pathInteger("n", text, maximum: 9) }
    return (elements, parameters.violations.map(\.keyword))
  }

  @Test func `a name for each element`() {
    #expect(list("n=1&m=7&n=2").elements == [1, 2])
    #expect(list("m=1").elements == nil)
    #expect(list("m=1", required: true).keywords == ["required"])
    #expect(list("n=1&n=x&n=10").keywords == ["type", "maximum"])
  }

  @Test func `one text with signs between`() {
    #expect(list("n=1,2", separatedBy: ",").elements == [1, 2])
    #expect(list("n=1%7C2", separatedBy: "|").elements == [1, 2])
    #expect(list("n=", separatedBy: ",").elements == [])
    #expect(list("n=1,,2", separatedBy: ",").keywords == ["type"])
    #expect(list("n=1&n=2", separatedBy: ",").keywords == ["maxItems"])
  }

  @Test func `their number is bounded`() {
    #expect(list("n=1", minItems: 2).keywords == ["minItems"])
    #expect(list("n=1,x,3", separatedBy: ",", maxItems: 2).keywords == ["maxItems"])
    #expect(list("n=1&n=1", areUnique: true).keywords == ["uniqueItems"])
  }

  @Test(
    arguments: [
      ("a=1; b=2", "2"), ("b=2", "2"), ("ab=1;b=", ""), ("ab=1", nil), ("", nil), ("b", nil), ("b=x=y", "x=y"),
    ] as [(String, String?)])
  func cookies(field: String, value: String?) {
    let context = RequestContext(requestID: "", address: "")
    var parameters = Parameters(query: nil)
    let found = parameters.cookie("b", of: Request(fields: ["cookie": field], context: context), required: true)
    #expect(found == value)
    #expect(parameters.violations.map(\.keyword) == (value == nil ? ["required"] : []))
  }

  @Test(
    arguments: [
      ("7", .number(7)), ("1e2", .number(100)), ("true", .boolean(true)), ("null", .null), ("x", .string("x")),
      ("01", .string("01")), ("\"", .string("\"")), ("", .string("")),
    ] as [(String, JSONValue)])
  func `a text is the value that JSON has by it, else a string`(text: String, value: JSONValue) {
    var parameters = Parameters(query: nil)
    #expect(parameters.decoded("n", text, JSONValue.decode(from:)) == value)
  }

  @Test func `a number where only a string is taken is one`() {
    var parameters = Parameters(query: nil)
    let text = parameters.decoded("n", "7") { (reader) throws(JSONSyntaxError) in try reader.string(maxLength: 1) }
    #expect(text == "7" && parameters.violations.isEmpty)
    let long = parameters.decoded("n", "77") { (reader) throws(JSONSyntaxError) in try reader.string(maxLength: 1) }
    #expect(long == nil && parameters.violations.count == 1)
  }
}
