import JSONSchema

extension Contract {
  private static let methods = ["get", "put", "post", "delete", "patch", "head", "trace"]

  // MARK: - openapi.json

  mutating func readOperations() throws(SchemaError) {
    let server = openapi["servers"]?.items?.first?["url"]?.text ?? ""
    let prefix = server.hasPrefix("/") && server != "/" ? server : ""
    for item in openapi["paths"]?.object?.members ?? [] {
      let path = prefix + item.name.string
      for method in Self.methods where item.value[method] != nil {
        let place = SchemaPlace(
          document: Self.openapiName, pointer: JSONPointer(tokens: ["paths", item.name.string, method]))
        operations.append(try operation(method, path, place))
      }
    }
  }

  private mutating func operation(
    _ method: String, _ path: String, _ place: SchemaPlace
  ) throws(SchemaError) -> Operation {
    let node = try library.node(at: place)
    var answers: [Int: Operation.Answer] = [:]
    for member in node["responses"]?.object?.members ?? [] {
      // A range of statuses, or a default, promises nothing of one.
      guard let status = Int(member.name.string) else { continue }
      answers[status] = try answer(status, place.appending("responses", member.name.string))
    }
    return Operation(
      id: node["operationId"]?.text ?? "\(method.uppercased()) \(path)", method: method.uppercased(), path: path,
      answers: answers, parameters: try parameters(node, place), body: try body(node, place), node: node,
      segments: Operation.segments(of: path))
  }

  private mutating func answer(_ status: Int, _ place: SchemaPlace) throws(SchemaError) -> Operation.Answer {
    let (node, place) = try followed(place)
    var headers: [Operation.Header] = []
    for member in node["headers"]?.object?.members ?? [] {
      headers.append(try header(member.name.string, place.appending("headers", member.name.string)))
    }
    var content: [String: SchemaID?] = [:]
    for member in node["content"]?.object?.members ?? [] {
      let schema = place.appending("content", member.name.string, "schema")
      content[member.name.string.lowercased()] = .some(
        member.value["schema"] == nil ? nil : try library.schema(at: schema))
    }
    return Operation.Answer(
      status: status, headers: headers, content: content, codes: Self.texts(node["x-codes"]), node: node)
  }

  private func parameters(_ node: JSONValue, _ place: SchemaPlace) throws(SchemaError) -> [Operation.Parameter] {
    var parameters: [Operation.Parameter] = []
    for number in (node["parameters"]?.items ?? []).indices {
      let (parameter, parameterPlace) = try followed(place.appending("parameters", String(number)))
      guard let name = parameter["name"]?.text, let location = parameter["in"]?.text else {
        throw SchemaError(parameterPlace, "has no name or no place")
      }
      parameters.append(
        Operation.Parameter(
          name: name, location: location, isRequired: parameter["required"]?.bool ?? false,
          place: parameterPlace.appending("schema"), node: parameter))
    }
    return parameters
  }

  private func body(_ node: JSONValue, _ place: SchemaPlace) throws(SchemaError) -> Operation.Body? {
    guard node["requestBody"] != nil else { return nil }
    let (body, bodyPlace) = try followed(place.appending("requestBody"))
    guard let content = body["content"]?["application/json"] else { return nil }
    return Operation.Body(
      place: bodyPlace.appending("content", "application/json", "schema"), examples: content["examples"]?.object)
  }

  private mutating func header(_ name: String, _ place: SchemaPlace) throws(SchemaError) -> Operation.Header {
    let (node, place) = try followed(place)
    let schema = node["schema"] == nil ? nil : try library.schema(at: place.appending("schema"))
    let type = node["schema"] == nil ? nil : try followed(place.appending("schema")).node["type"]?.text
    return Operation.Header(
      name: name, isRequired: node["required"]?.bool ?? false, schema: schema,
      isText: !["integer", "number", "boolean"].contains(type))
  }

  static func texts(_ value: JSONValue?) -> [String] { (value?.items ?? []).compactMap(\.text) }

  // MARK: - events.json

  mutating func readEvents() throws(SchemaError) {
    for member in events["channels"]?.object?.members ?? [] where member.value["x-socketio"]?["connect_error"] != nil {
      let place = SchemaPlace(
        document: Self.eventsName,
        pointer: JSONPointer(tokens: ["channels", member.name.string, "x-socketio", "connect_error"]))
      problem = try library.schema(at: place)
    }
    for member in events["operations"]?.object?.members ?? [] {
      let event = try event(
        member.name.string,
        SchemaPlace(
          document: Self.eventsName, pointer: JSONPointer(tokens: ["operations", member.name.string])))
      if event.isReceived { received[event.name] = event } else { told[event.name] = event }
    }
  }

  private mutating func event(_ id: String, _ place: SchemaPlace) throws(SchemaError) -> Event {
    let node = try library.node(at: place)
    let (message, messagePlace) = try followed(place.appending("messages", "0"))
    guard let name = message["name"]?.text else { throw SchemaError(messagePlace, "has no name") }
    var replies: [SchemaID] = []
    var replyMessages: [JSONValue] = []
    for number in (node["reply"]?["messages"]?.items ?? []).indices {
      let (reply, replyPlace) = try followed(place.appending("reply", "messages", String(number)))
      replies.append(try library.schema(at: replyPlace.appending("payload")))
      replyMessages.append(reply)
    }
    var codes = Set(Self.texts(node["x-codes"]))
    // Another door to a REST operation has its codes.
    if let door = node["x-operation"]?["id"]?.text, let operation = operations.first(where: { $0.id == door }) {
      codes = operation.codes
    }
    return Event(
      name: name, id: id, isReceived: node["action"]?.text == "receive",
      payload: try library.schema(at: messagePlace.appending("payload")), place: messagePlace.appending("payload"),
      replies: replies, codes: codes, node: node,
      message: message, replyMessages: replyMessages)
  }
}
