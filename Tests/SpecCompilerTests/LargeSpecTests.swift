import Testing

@testable import SpecCompiler

/// Specs that are as long as a file may be: no way through them calls itself without end, or costs more than its part.
@Suite(.timeLimit(.minutes(1))) struct LargeSpecTests {
  private func document(_ schemas: [String]) -> String {
    let snippet = "components:\n  schemas:\n" + schemas.map { "    \($0)\n" }.joined()
    return SpecFixture.complete(snippet, from: SpecFixture.openapi)
  }

  private func compile(_ schemas: [String]) -> SpecCompiler.Result {
    SpecFixture.compile(openapi: document(schemas))
  }

  private func errors(_ result: SpecCompiler.Result) -> [String] {
    result.diagnostics.filter { $0.severity == .error }.map(\.message)
  }

  private func reference(_ name: String) -> String { "{$ref: '#/components/schemas/\(name)'}" }

  /// `A1` to `A<count>`, each made with the name of the next, and what the last one is.
  private func chain(_ count: Int, _ last: String = "{type: string}", _ link: (String) -> String) -> [String] {
    (1..<count).map { "A\($0): \(link(reference("A\($0 + 1)")))" } + ["A\(count): \(last)"]
  }

  @Test func `objects within each other`() throws {
    let result = compile(chain(3_000, "{type: object, properties: {}}") { "{type: object, properties: {a: \($0)}}" })
    #expect(errors(result) == [])
    let model = try #require(result.model)
    let files = Emitter(model: model).emit()
    #expect(files.contains { $0.contents.contains("struct A2999") })
  }

  @Test func `an object that contains itself by way of all others`() {
    let last = "{type: object, properties: {a: \(reference("A1"))}}"
    let errors = errors(compile(chain(3_000, last) { "{type: object, properties: {a: \($0)}}" }))
    #expect(
      errors == [
        "A1 contains itself through A1.a, A2.a, A3.a, A4.a, …, A2998.a, A2999.a, A3000.a; use an array, or leave it out"
      ])
  }

  @Test func `lists within each other`() {
    let errors = errors(compile(chain(3_000) { "{type: array, items: \($0)}" }))
    #expect(errors == ["A2967 is nested deeper than 32 lists and maps; put an object in between"])
    #expect(self.errors(compile(chain(33) { "{type: array, items: \($0)}" })) == [])
  }

  @Test func `references that lead from one to the next`() {
    let errors = errors(compile(chain(3_000) { $0 }))
    #expect(errors == ["more than 32 $refs lead from one to the next; refer to the last"])
    #expect(self.errors(compile(chain(32) { $0 })) == [])
  }

  @Test func `an allOf of an allOf`() {
    let object = "{type: object, properties: {a: {type: string}}}"
    let errors = errors(compile(chain(3_000, object) { "{allOf: [\($0)]}" }))
    #expect(Set(errors) == ["the allOf is nested deeper than 64 levels; put some of them together"])
    #expect(self.errors(compile(chain(64, object) { "{allOf: [\($0)]}" })) == [])
  }

  /// There are 2^20 ways from the first to the last.
  @Test func `an allOf of two that have the same bases`() throws {
    var schemas: [String] = []
    for level in 1..<20 {
      let bases = "{allOf: [\(reference("A\(level + 1)")), \(reference("B\(level + 1)"))]}"
      schemas += ["A\(level): \(bases)", "B\(level): \(bases)"]
    }
    schemas += ["A20: {type: object, properties: {a: {type: string}}}"]
    schemas += ["B20: {type: object, properties: {b: {type: string}}}"]
    let result = compile(schemas)
    #expect(errors(result) == [])
    let shape = try #require(result.model?.types.first { $0.name == "A1" }).shape
    guard case .object(let object) = shape else { return #expect(Bool(false), "it is an object") }
    #expect(object.properties.map(\.name) == ["a", "b"])
  }

  @Test func `many that take over many`() throws {
    let properties = (0..<100).map { "p\($0): {type: string}" }.joined(separator: ", ")
    let schemas =
      ["Base: {type: object, properties: {\(properties)}}"]
      + (0..<100).map { "A\($0): {allOf: [\(reference("Base"))]}" }
    var diagnostics = Diagnostics()
    let sources = [("openapi.yaml", document(schemas)), ("events.yaml", SpecFixture.events)].map(SpecSource.init)
    let documents = try sources.map { source in
      ReferenceResolver.Document(
        source: source, root: try #require(YAMLParser.parse(source, into: &diagnostics)))
    }
    let resolver = ReferenceResolver(openapi: documents[0], events: documents[1])
    var lowerer = Lowerer(resolver: resolver, profile: .none, diagnostics: diagnostics, propertyLimit: 5_000)
    _ = lowerer.lower()
    // What uses a schema behind it has errors, too.
    let errors = lowerer.diagnostics.all.filter { $0.context.hasPrefix("/components/schemas/A") }
    #expect(errors.map(\.context) == ["/components/schemas/A49"])
    #expect(errors.first?.message == "all objects up to here have more than 5000 properties, with those of allOf")
  }

  @Test func `an object with many properties, all required`() throws {
    let names = (0..<3_000).map { "p\($0)" }
    let properties = names.map { "\($0): {type: string}" }.joined(separator: ", ")
    let result = compile([
      "A: {type: object, required: [\(names.joined(separator: ", "))], properties: {\(properties)}}"
    ])
    #expect(errors(result) == [])
  }

  @Test func `many schemas, and many mistakes`() {
    #expect(errors(compile((0..<3_000).map { "A\($0): {type: object, properties: {a: {type: string}}}" })) == [])
    let properties = (0..<3_000).map { "p\($0): {type: strin}" }.joined(separator: ", ")
    #expect(errors(compile(["A: {type: object, properties: {\(properties)}}"])).count == 3_000)
  }

  // MARK: - Of others

  private func compileForeign(_ schemas: [String]) -> SpecCompiler.Result {
    let head = "openapi: 3.1.0\ninfo: {title: Of others, version: '1'}\npaths: {}\ncomponents:\n  schemas:\n"
    let text = head + schemas.map { "    \($0)\n" }.joined()
    return SpecCompiler.compile(foreign: SpecSource(path: "openapi.yaml", text: text))
  }

  @Test func `schemas without names that refer to each other`() throws {
    let schemas = (1..<3_000).map { number in
      let next = "{$ref: '#/components/schemas/A\(number + 1)/properties/p'}"
      return "A\(number): {type: object, properties: {p: {type: array, items: \(next)}}}"
    }
    let result = compileForeign(schemas + ["A3000: {type: object, properties: {p: {type: string}}}"])
    #expect(errors(result) == [])
    #expect(result.diagnostics.contains { $0.message.contains("more than 32 schemas without a name refer") })
    #expect(try #require(result.model).types.contains { $0.name == "A2999" })
  }

  @Test func `an allOf of an allOf of others`() throws {
    let object = "{type: object, properties: {a: {type: string}}}"
    let result = compileForeign(chain(3_000, object) { "{allOf: [\($0)]}" })
    #expect(errors(result) == [])
    #expect(try #require(result.model).types.count == 3_000)
  }

  @Test func `names that become the same`() throws {
    // Each is one letter, and signs that no name has.
    let names = (1...1_500).map { number in
      "a" + String(number, radix: 2).map { $0 == "0" ? " " : "*" }.joined()
    }
    let properties = names.map { "'\($0)': {type: string}" }.joined(separator: ", ")
    let result = compileForeign(["A: {type: object, properties: {\(properties)}}"])
    guard case .object(let object) = try #require(result.model).types[0].shape else { return #expect(Bool(false)) }
    #expect(Set(object.properties.map(\.swiftName)).count == names.count)
    #expect(object.properties.last?.swiftName == "a1500")
  }

  @Test func `many choices`() throws {
    let schemas = (1...3_000).map { "A\($0): {oneOf: [{type: string}, {type: integer}]}" }
    #expect(try #require(compileForeign(schemas).model).types.count == 3_000)
  }
}
