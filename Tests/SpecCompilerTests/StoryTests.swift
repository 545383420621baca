import Testing

@testable import SpecCompiler

/// What becomes of stories. The documents here have just what a step needs.
@Suite struct StoryTests {
  private static let openapi = """
    paths:
      /things:
        post:
          operationId: makeThing
          requestBody: {content: {j: {}}}
          responses:
            '201': {content: {j: {}}}
      /things/{id}:
        parameters: [{$ref: '#/components/parameters/Id'}]
        get:
          operationId: getThing
          responses:
            '200': {content: {j: {examples: {own: {value: 1}}}}}
        delete:
          operationId: dropThing
          responses:
            '204': {description: Gone.}
            '404': {$ref: '#/components/responses/NotFound'}
        put:
          operationId: nameThing
          parameters: [{name: part, in: path}, {name: depth, in: query}]
          requestBody: {content: {j: {}}}
          responses:
            '204': {description: It is done.}
    components:
      parameters: {Id: {name: id, in: path}}
      responses: {NotFound: {content: {j: {}}}}

    """
  private static let events = """
    channels:
      root:
        messages:
          touch: {name: touch_thing, examples: [{name: own, payload: {}}]}
          touched: {name: touched}
          done: {name: done}
          refused: {name: refused}
    operations:
      touch:
        action: receive
        messages: [{$ref: '#/channels/root/messages/touch'}]
        reply: {messages: [{$ref: '#/channels/root/messages/done'}, {$ref: '#/channels/root/messages/refused'}]}
      touched: {action: send, messages: [{$ref: '#/channels/root/messages/touched'}]}

    """

  private func compile(_ stories: [String: String]) -> (bundle: Bundler.Bundle?, diagnostics: [String]) {
    var diagnostics = Diagnostics()
    let files = stories.sorted { $0.key < $1.key }.map { SpecSource(path: "stories/\($0.key).yaml", text: $0.value) }
    let folder = SpecFolder(
      openapi: SpecSource(path: "openapi.yaml", text: Self.openapi),
      events: SpecSource(path: "events.yaml", text: Self.events), others: files, into: &diagnostics)
    let bundle = folder.map { Bundler.bundle($0, into: &diagnostics) }
    return (bundle, diagnostics.all.map(\.description))
  }

  /// A part of a document as JSON, with ' for ".
  private func part(_ document: Node?, _ keys: String...) throws -> String {
    var renderer = JSONRenderer(specNames: [])
    return renderer.render(try #require(document).part(at: keys)).replacing("\"", with: "'")
  }

  private static let story = """
    persons: {ada: Ada., ben: Ben.}
    steps:
      - name: ada-makes-it
        as: ada
        operation: makeThing
        summary: She makes it.
        body: {name: lamp}
        answer: {status: 201, summary: It is there., body: {id: t1, name: lamp}}
        tells:
          - {name: ben-hears-it, to: ben, event: touched, summary: He hears., payload: {id: t1}}
      - {name: nobody-looks, as: nobody, operation: getThing, parameters: {id: t1}, summary: It is a lamp.,
         answer: {status: 200, body: {id: t1}}}
      - name: ben-touches-it
        as: ben
        event: touch_thing
        payload: {id: t1}
        acknowledgement: {message: refused, summary: He may not., payload: {ok: false}}
      - {name: ada-names-it, as: ada, operation: nameThing, parameters: {id: t1, part: p, depth: 1}, body: {name: torch},
         answer: {status: 204}}
      - {name: ada-drops-it, as: ada, operation: dropThing, parameters: {id: t1}, answer: {status: 204}}
    """

  @Test func `steps become examples`() throws {
    let (bundle, diagnostics) = compile(["making": Self.story])
    #expect(diagnostics == [])
    let openapi = bundle?.resolver.openapi.root
    let make = ["paths", "/things", "post"]
    #expect(
      try part(openapi, make[0], make[1], make[2], "requestBody", "content", "j", "examples")
        == "{'ada-makes-it':{'summary':'She makes it.','x-example-scenario':{'name':'making','step':1,'as':'ada'},"
        + "'value':{'name':'lamp'}}}")
    #expect(
      try part(openapi, make[0], make[1], make[2], "responses", "201", "content", "j", "examples")
        == "{'ada-makes-it':{'summary':'It is there.','value':{'id':'t1','name':'lamp'}}}")
    // A call without a body has its step in the answer, behind the examples that are written there.
    #expect(
      try part(openapi, "paths", "/things/{id}", "get", "responses", "200", "content", "j", "examples")
        == "{'own':{'value':1},'nobody-looks':{'summary':'It is a lamp.',"
        + "'x-example-scenario':{'name':'making','step':3,'as':'nobody','parameters':{'id':'t1'}},"
        + "'value':{'id':'t1'}}}")
    // One that has no body at all has it beside the answer.
    #expect(
      try part(openapi, "paths", "/things/{id}", "delete", "responses", "204", "x-example-scenario")
        == "{'ada-drops-it':{'name':'making','step':6,'as':'ada','parameters':{'id':'t1'}}}")
    #expect(
      try part(openapi, "paths", "/things/{id}", "put", "responses", "204") == "{'description':'It is done.'}")
    let events = bundle?.resolver.events.root
    #expect(
      try part(events, "channels", "root", "messages", "touched")
        == "{'name':'touched','examples':[{'name':'ben-hears-it','summary':'He hears.','payload':{'id':'t1'}}],"
        + "'x-example-scenario':{'ben-hears-it':{'name':'making','step':2,'to':'ben'}}}")
    #expect(
      try part(events, "channels", "root", "messages", "touch")
        == "{'name':'touch_thing','examples':[{'name':'ben-touches-it','payload':{'id':'t1'}},"
        + "{'name':'own','payload':{}}],"
        + "'x-example-scenario':{'ben-touches-it':{'name':'making','step':4,'as':'ben'}}}")
    #expect(
      try part(events, "channels", "root", "messages", "refused")
        == "{'name':'refused','examples':[{'name':'ben-touches-it','summary':'He may not.','payload':{'ok':false}}]}")
  }

  @Test func `what is wrong in an example is told in its story`() throws {
    let (bundle, _) = compile(["making": Self.story])
    let value = try #require(bundle?.resolver.openapi.root)
      .part(at: ["paths", "/things", "post", "requestBody", "content", "j", "examples", "ada-makes-it", "value"])
    #expect(value.location == SourceLocation(file: "stories/making.yaml", line: 7, column: 11))
    #expect(value.pointer == "/steps/0/body")
  }

  @Test func `ids lead from one operation to the next`() throws {
    let (bundle, _) = compile(["making": Self.story])
    let openapi = try #require(bundle).linked
    #expect(
      try part(openapi, "paths", "/things", "post", "responses", "201", "links")
        == "{'getThing':{'operationId':'getThing','parameters':{'id':'$response.body#/id'}},"
        + "'nameThing':{'operationId':'nameThing','parameters':{'id':'$response.body#/id'}},"
        + "'dropThing':{'operationId':'dropThing','parameters':{'id':'$response.body#/id'}}}")
    // Only from where an id came first.
    #expect(try !part(openapi, "paths", "/things/{id}", "get", "responses", "200").contains("links"))
    // The compiler does not read what it derived.
    #expect(try !part(bundle?.resolver.openapi.root, "paths", "/things", "post").contains("links"))
  }
}
