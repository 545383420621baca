import Testing

@testable import SpecCompiler

/// What becomes of the files of a folder. The documents here have just what a `$ref` needs.
@Suite struct BundlerTests {
  private struct Bundle {
    var openapi = ""
    var events = ""
    var diagnostics: [String] = []
  }

  private func bundle(_ files: [String: String]) -> Bundle {
    var diagnostics = Diagnostics()
    let sources = files.mapValues { $0.replacing("'", with: "\"") }.sorted { $0.key < $1.key }
      .map { SpecSource(path: "spec/\($0.key)", text: $0.value) }
    let roots = ["openapi.yaml", "events.yaml"].map { name in
      sources.first { $0.fileName == name && $0.path == "spec/\(name)" } ?? SpecSource(path: "spec/\(name)", text: "{}")
    }
    let others = sources.filter { source in !roots.contains { $0.path == source.path } }
    var result = Bundle()
    if let folder = SpecFolder(openapi: roots[0], events: roots[1], others: others, into: &diagnostics) {
      let resolver = Bundler.bundle(folder, into: &diagnostics).resolver
      var renderer = JSONRenderer(specNames: [])
      result.openapi = renderer.render(resolver.openapi.root).replacing("\"", with: "'")
      result.events = renderer.render(resolver.events.root).replacing("\"", with: "'")
    }
    result.diagnostics = diagnostics.all.map(\.description)
    return result
  }

  @Test func `a document that needs no other file stays as it is`() {
    let text = "{'a':1,'components':{'schemas':{'A':{'$ref':'#/components/schemas/B'},'B':{}}}}"
    #expect(bundle(["openapi.yaml": text]).openapi == text)
  }

  @Test func `a path is replaced by what its $ref leads to`() {
    let result = bundle([
      "openapi.yaml": "{paths: {/a: {$ref: './things/paths.yaml#/a'}, /b: {$ref: things/b.yaml}}}",
      "things/paths.yaml": "a: {get: {operationId: getA}}", "things/b.yaml": "get: {operationId: getB}",
    ])
    #expect(result.openapi == "{'paths':{'/a':{'get':{'operationId':'getA'}},'/b':{'get':{'operationId':'getB'}}}}")
    #expect(result.diagnostics == [])
  }

  @Test func `so are messages and operations, but references to messages stay`() {
    let result = bundle([
      "events.yaml": """
      {channels: {root: {messages: {a: {$ref: 'a.yaml#/message'}}}}, operations: {a: {$ref: 'a.yaml#/operation'}}}
      """,
      "a.yaml": """
      message: {name: a}
      operation:
        channel: {$ref: './events.yaml#/channels/root'}
        messages: [{$ref: './events.yaml#/channels/root/messages/a'}]
      """,
    ])
    #expect(
      result.events
        == "{'channels':{'root':{'messages':{'a':{'name':'a'}}}},"
        + "'operations':{'a':{'channel':{'$ref':'#/channels/root'},"
        + "'messages':[{'$ref':'#/channels/root/messages/a'}]}}}")
  }

  @Test func `a whole map may be in another file`() {
    let result = bundle([
      "openapi.yaml": "{paths: {$ref: a.yaml#/paths}, x-problems: {$ref: a.yaml#/problems}}",
      "a.yaml": "{paths: {/a: {}}, problems: {lost: {status: 404}}}",
    ])
    #expect(result.openapi == "{'paths':{'/a':{}},'x-problems':{'lost':{'status':404}}}")
    #expect(result.diagnostics == [])
  }

  @Test func `whatever can be a component becomes one, in the order of the files`() {
    let result = bundle([
      "openapi.yaml": "{paths: {/a: {$ref: b/paths.yaml#/a}}, components: {schemas: {Own: {}}}}",
      "b/paths.yaml": """
      a:
        parameters: [{$ref: parts.yaml#/Id}]
        get:
          requestBody: {$ref: parts.yaml#/Body}
          responses:
            '200': {$ref: parts.yaml#/Done}
      """,
      "b/parts.yaml": """
      Done:
        headers: {X: {$ref: '#/Header'}}
        content: {application/json: {schema: {$ref: '../schemas.yaml#/B'}, examples: {one: {$ref: '#/example'}}}}
      Id: {name: id, schema: {$ref: '../schemas.yaml#/A'}}
      Body: {content: {}}
      Header: {schema: {type: string}}
      example: {value: {$ref: no reference}}
      """,
      "schemas.yaml": "{A: {type: string}, B: {properties: {own: {$ref: openapi.yaml#/components/schemas/Own}}}}",
    ])
    #expect(
      result.openapi
        == "{'paths':{'/a':{'parameters':[{'$ref':'#/components/parameters/Id'}],"
        + "'get':{'requestBody':{'$ref':'#/components/requestBodies/Body'},"
        + "'responses':{'200':{'$ref':'#/components/responses/Done'}}}}},"
        + "'components':{'schemas':{'Own':{},"
        + "'A':{'type':'string'},'B':{'properties':{'own':{'$ref':'#/components/schemas/Own'}}}},"
        + "'headers':{'Header':{'schema':{'type':'string'}}},"
        + "'parameters':{'Id':{'name':'id','schema':{'$ref':'#/components/schemas/A'}}},"
        + "'requestBodies':{'Body':{'content':{}}},"
        + "'responses':{'Done':{'headers':{'X':{'$ref':'#/components/headers/Header'}},"
        + "'content':{'application/json':{'schema':{'$ref':'#/components/schemas/B'},"
        + "'examples':{'one':{'$ref':'#/components/examples/example'}}}}}},"
        + "'examples':{'example':{'value':{'$ref':'no reference'}}}}}")
    #expect(result.diagnostics == [])
  }

  private static let user = "{paths: {/a: {get: {responses: {'200': {content: {j: {schema: {$ref: REF}}}}}}}}}"

  @Test(arguments: [
    ("a/user.yaml", "user"), ("./a/User.yaml", "User"), ("a/./x/../User.yaml#", "User"),
    ("a/all.yaml#/b/Us~1er", "Us~1er"),
    ("a%2Fall.yaml#/b/Us%7e1er", "Us~1er"), ("a/all.yaml#/%C3%A9", "%C3%A9"), ("a/all.yaml#/list/1", "1"),
  ])
  func `a component is named by the last key, or by its file`(reference: String, name: String) {
    let result = bundle([
      "openapi.yaml": Self.user.replacing("REF", with: "'\(reference)'"), "a/user.yaml": "{}", "a/User.yaml": "{}",
      "a/all.yaml": "{b: {Us/er: {}}, é: {}, list: [{}, {}]}",
    ])
    #expect(result.openapi.contains("{'schema':{'$ref':'#/components/schemas/\(name)'}}"))
  }

  @Test func `a component of the root that is a $ref gives its name`() {
    let result = bundle([
      "openapi.yaml": "{components: {schemas: {Account: {$ref: a.yaml#/User}, Other: {$ref: a.yaml#/User}}}}",
      "a.yaml": "User: {properties: {friend: {$ref: '#/User'}}}",
    ])
    #expect(
      result.openapi
        == "{'components':{'schemas':{'Account':{'properties':{'friend':{'$ref':'#/components/schemas/Account'}}},"
        + "'Other':{'$ref':'#/components/schemas/Account'}}}}")
    #expect(result.diagnostics == [])
  }

  @Test func `a schema belongs to the OpenAPI document if that leads to it`() {
    let events = """
      {components: {schemas: {A: {properties: {shared: {$ref: a.yaml#/Shared}, own: {$ref: a.yaml#/Own}}}}}}
      """
    let result = bundle([
      "openapi.yaml": Self.user.replacing("REF", with: "'a.yaml#/Shared'"), "events.yaml": events,
      "a.yaml": "{Own: {properties: {shared: {$ref: '#/Shared'}}}, Shared: {}}",
    ])
    #expect(result.openapi.hasSuffix("'components':{'schemas':{'Shared':{}}}}"))
    #expect(
      result.events
        == "{'components':{'schemas':{'A':{'properties':{'shared':{'$ref':'./openapi.yaml#/components/schemas/Shared'},"
        + "'own':{'$ref':'#/components/schemas/Own'}}},"
        + "'Own':{'properties':{'shared':{'$ref':'./openapi.yaml#/components/schemas/Shared'}}}}}}")
    #expect(result.diagnostics == [])
  }

  @Test func `what the events name and OpenAPI has is a reference to that`() {
    let result = bundle([
      "openapi.yaml": Self.user.replacing("REF", with: "'a.yaml#/Shared'"),
      "events.yaml": "{components: {schemas: {Named: {$ref: a.yaml#/Shared}}}}", "a.yaml": "{Shared: {}}",
    ])
    #expect(
      result.events == "{'components':{'schemas':{'Named':{'$ref':'./openapi.yaml#/components/schemas/Shared'}}}}")
  }

  @Test func `the mapping of a discriminator is followed`() {
    let result = bundle([
      "openapi.yaml": Self.user.replacing("REF", with: "'a.yaml#/Union'"),
      "a.yaml": "{Union: {discriminator: {mapping: {a: '#/A', b: 'b.yaml', c: C}}}, A: {}}", "b.yaml": "{}",
    ])
    #expect(
      result.openapi.contains(
        "'mapping':{'a':'#/components/schemas/A','b':'#/components/schemas/b','c':'C'}"))
  }

  @Test func `files may refer to each other in a round`() {
    let result = bundle([
      "openapi.yaml": Self.user.replacing("REF", with: "'a.yaml#/A'"),
      "a.yaml": "A: {properties: {b: {$ref: 'b.yaml'}}}", "b.yaml": "{items: {$ref: 'a.yaml#/A'}}",
    ])
    #expect(
      result.openapi.hasSuffix(
        "{'A':{'properties':{'b':{'$ref':'#/components/schemas/b'}}},'b':{'items':{'$ref':'#/components/schemas/A'}}}}}"
      ))
    #expect(result.diagnostics == [])
  }

  @Test func `what a property is named is no reference`() {
    let text = "{'components':{'schemas':{'A':{'properties':{'$ref':{'type':'string'}},'default':{'$ref':'x'}}}}}"
    #expect(bundle(["openapi.yaml": text]).openapi == text)
  }

  // MARK: - Bounds

  /// There are 2^30 ways to the last one.
  @Test func `what replaces a $ref can't grow without end`() {
    var files = ["openapi.yaml": "{paths: {/a: {$ref: '0.yaml'}}}"]
    for number in 0..<30 {
      files["\(number).yaml"] = "{a: {$ref: '\(number + 1).yaml'}, b: {$ref: '\(number + 1).yaml'}}"
    }
    files["30.yaml"] = "{}"
    #expect(
      bundle(files).diagnostics == [
        "spec/28.yaml:1:27: error: $refs repeat this and others more than 66873 times; make components [compiler-limit] (at /b)"
      ])
  }

  @Test func `what replaces a $ref can't be too deep`() {
    var files = ["openapi.yaml": "{paths: {/a: {$ref: '0.yaml'}}}"]
    let deep = String(repeating: "{a: ", count: 50)
    for number in 0..<10 {
      files["\(number).yaml"] = "\(deep){$ref: '\(number + 1).yaml'}\(String(repeating: "}", count: 50))"
    }
    files["10.yaml"] = "{}"
    #expect(
      bundle(files).diagnostics.first.map { $0.prefix { $0 != "(" } }
        == "spec/3.yaml:1:197: error: the $refs that lead here put it too deep into the document [compiler-limit] ")
  }

  @Test func `references that lead from one to the next end`() {
    func chain(_ length: Int, _ last: String) -> [String: String] {
      var files = ["openapi.yaml": "{paths: {/a: {$ref: 'a.yaml#/a1'}}}"]
      let links = (1..<length).map { "a\($0): {$ref: '#/a\($0 + 1)'}" }
      files["a.yaml"] = "{\((links + ["a\(length): \(last)"]).joined(separator: ", "))}"
      return files
    }
    #expect(bundle(chain(32, "{get: {}}")).openapi == "{'paths':{'/a':{'get':{}}}}")
    let tooLong = "more than 32 $refs lead from one to the next; refer to the last"
    #expect(bundle(chain(33, "{get: {}}")).diagnostics.map { $0.contains(tooLong) } == [true])
    #expect(bundle(chain(3, "{$ref: '#/a1'}")).diagnostics.map { $0.contains(tooLong) } == [true])
    let inner = bundle(["openapi.yaml": "{paths: {/a: {$ref: a.yaml}}}", "a.yaml": "get: {a: {$ref: a.yaml}}"])
    #expect(
      inner.diagnostics == [
        "spec/a.yaml:1:17: error: the $ref 'a.yaml' leads back to what it is a part of [invalid-reference] (at /get/a/$ref)"
      ])
  }
}
