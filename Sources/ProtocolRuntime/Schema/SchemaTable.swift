import NIOCore

/// Schemas of what no type of Swift says whole: values are read by their type, and then checked against them.
public final class SchemaTable: Sendable {
  let schemas: [Schema]

  /// - Parameters:
  ///   - json: an array of schemas, each a JSON Schema of which `$ref` and `pattern` are indices, `multipleOf` is
  ///     `[coefficient, exponent]` and `patternProperties` a list of `[pattern, schema]`. The generator wrote it.
  ///   - patterns: what `pattern` names.
  public init(_ json: StaticString, patterns: [Pattern]) {
    var violations: [Violation] = []
    let value = try? JSONReader.read(ByteBuffer(staticString: json), violations: &violations) {
      (reader) throws(JSONSyntaxError) in try reader.json()
    }
    guard case .array(let schemas) = value ?? nil else { preconditionFailure("the generator wrote no array") }
    self.schemas = schemas.map { Schema($0, patterns: patterns) }
  }

  /// What is wrong with a value: where in it, which keyword, and how it should be.
  ///
  /// - Parameter size: bytes of its JSON.
  func violations(of value: JSONValue, _ index: Int, size: Int) -> [SchemaCheck.Finding] {
    var check = SchemaCheck(schemas: schemas, size: size)
    _ = check.isValid(value, schemas[index])
    return check.findings
  }
}

extension JSONReader {
  /// A value by a function that reads its type, which has to meet a schema as well.
  public mutating func checked<Value>(
    _ schema: Int, of table: SchemaTable, _ value: (inout JSONReader) throws(JSONSyntaxError) -> Value?
  ) throws(JSONSyntaxError) -> Value? {
    let start = position
    let count = violationCount
    guard let value = try value(&self), violationCount == count else { return nil }
    let end = position
    position = start
    let tree = try json()
    position = end
    guard let tree, isValid(tree, schema, of: table, size: end - start) else { return nil }
    return value
  }

  /// A value of any kind that has to meet a schema.
  public mutating func json(_ schema: Int, of table: SchemaTable) throws(JSONSyntaxError) -> JSONValue? {
    let start = position
    guard let tree = try json(), isValid(tree, schema, of: table, size: position - start) else { return nil }
    return tree
  }

  private mutating func isValid(_ value: JSONValue, _ schema: Int, of table: SchemaTable, size: Int) -> Bool {
    let findings = table.violations(of: value, schema, size: size)
    for finding in findings { violate(finding.keyword, below: finding.path, finding.message) }
    return findings.isEmpty
  }
}
